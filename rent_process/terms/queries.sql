-- Rates and policies are versioned, never edited: what was in force when the rental was priced is
-- what it was sold under.

-- name: read_terms
WITH sold AS (
    SELECT r.*, b.branch_group, b.timezone,
           coalesce((SELECT max(v.revised_at) FROM rental_revision v
                     WHERE v.rental_id = r.rental_id AND v.number > 0), r.created_at) AS priced_at
    FROM rental r JOIN branch b ON b.branch_code = r.pickup_branch
    WHERE r.rental_id = %(rental_id)s
)
SELECT sold.currency, sold.locale, sold.timezone, sold.driver_age,
       -- For days that the card has no rate for: that of the pick-up. A cancellation costs one day's
       -- rate at most, and that one stands on the rental.
       coalesce(
           CASE WHEN rate.day_minor IS NOT NULL THEN jsonb_build_array(
               rate.hour_minor, rate.day_minor, rate.week_minor, rate.month_minor,
               rate.weekend_basis_points) END,
           jsonb_build_array(cap.day_minor, cap.day_minor, cap.day_minor * 7, cap.day_minor * 30,
                             10000)) AS usual_rate,
       (SELECT coalesce(jsonb_agg(jsonb_build_array(
                   lower(r.season), upper(r.season) - 1, r.hour_minor, r.day_minor, r.week_minor,
                   r.month_minor, r.weekend_basis_points)), '[]')
        FROM rate r
        WHERE r.branch_group = tariff.branch_group AND r.effective_at = tariff.effective_at
          AND r.class_code = coalesce(sold.sold_class, sold.class_code)) AS seasons,
       coalesce(tariff.weekend, '{6,7}') AS weekend,
       (SELECT coalesce(jsonb_agg(jsonb_build_array(l.from_days, l.discount_basis_points)), '[]')
        FROM length_tier l
        WHERE l.branch_group = tariff.branch_group AND l.effective_at = tariff.effective_at)
           AS tiers,
       coalesce(tariff.grace_minutes, 0) AS grace_minutes,
       coalesce(tariff.airport_fee_basis_points, 0) AS airport_fee_basis_points,
       coalesce(tariff.tax_basis_points, 0) AS tax_basis_points,
       CASE WHEN sold.driver_age < tariff.young_driver_age THEN tariff.young_driver_day_minor
            ELSE 0 END AS young_driver_day_minor,
       coalesce(policy.fuel_eighth_minor, 0) AS fuel_eighth_minor, policy.included_km_day,
       coalesce(policy.extra_km_minor, 0) AS extra_km_minor,
       coalesce(policy.no_show_hours, 0) AS no_show_hours,
       coalesce(policy.no_show_fee_percent, 100) AS no_show_fee_percent,
       EXISTS (SELECT FROM jsonb_array_elements(sold.extras) AS chosen
               JOIN extra x ON x.extra_code = chosen ->> 'code' WHERE x.covers_fuel)
           AS fuel_is_prepaid,
       (SELECT min(r.excess_minor) FROM coverage v JOIN coverage_rate r USING (coverage_code)
        WHERE r.branch_group = tariff.branch_group AND r.effective_at = tariff.effective_at
          AND sold.coverages ? v.coverage_code AND v.covers_car) AS excess_minor,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('purpose', d.purpose, 'names', d.name,
                   'quantity', d.quantity,
                   'unit_minor', coalesce(frozen.unit_minor, d.unit_minor),
                   'cap_minor', d.cap_minor)
                   ORDER BY d.rank, d.position), '[]')
        FROM (SELECT 1 AS rank, x.position, x.purpose, x.name, r.unit_minor, r.cap_minor,
                     (chosen ->> 'quantity')::integer AS quantity
              FROM jsonb_array_elements(sold.extras) AS chosen
              JOIN extra x ON x.extra_code = chosen ->> 'code'
              JOIN extra_rate r USING (extra_code)
              WHERE r.branch_group = tariff.branch_group AND r.effective_at = tariff.effective_at
                AND x.per = 'day'
              UNION ALL
              SELECT 2, v.position, 'Coverage', v.name, r.day_minor, NULL, 1
              FROM coverage v JOIN coverage_rate r USING (coverage_code)
              WHERE r.branch_group = tariff.branch_group AND r.effective_at = tariff.effective_at
                AND sold.coverages ? v.coverage_code) AS d
        LEFT JOIN LATERAL (
            SELECT (l -> 'unit_amount' ->> 'amount')::bigint AS unit_minor
            FROM jsonb_array_elements(sold.price -> 'lines') AS l
            WHERE l ->> 'purpose' = d.purpose AND l ->> 'description' = ANY (
                SELECT value FROM jsonb_each_text(d.name)) LIMIT 1) AS frozen ON true) AS per_day
FROM sold
CROSS JOIN LATERAL (
    SELECT (sold.cancellation_policy -> 'fee_cap' ->> 'amount')::bigint AS day_minor) AS cap
LEFT JOIN LATERAL (
    SELECT * FROM tariff t
    WHERE t.branch_group = sold.branch_group AND t.effective_at <= sold.priced_at
    ORDER BY t.effective_at DESC LIMIT 1) AS tariff ON true
LEFT JOIN LATERAL (
    SELECT hour_minor, day_minor, week_minor, month_minor, weekend_basis_points FROM rate
    WHERE rate.branch_group = sold.branch_group
      AND rate.class_code = coalesce(sold.sold_class, sold.class_code)
      AND rate.season @> (sold.pickup_at AT TIME ZONE sold.timezone)::date
      AND rate.effective_at <= sold.priced_at
    -- The rates of the card that the fees are of, then the narrowest season, then the newest.
    ORDER BY rate.effective_at IS DISTINCT FROM tariff.effective_at,
             upper(rate.season) - lower(rate.season), rate.effective_at DESC
    LIMIT 1) AS rate ON true
LEFT JOIN LATERAL (
    SELECT * FROM return_policy p
    WHERE p.branch_group = sold.branch_group AND p.effective_at <= sold.priced_at
    ORDER BY p.effective_at DESC LIMIT 1) AS policy ON true
