-- Search reads everything in one round trip. What only a search that meets a sold-out class needs
-- stands behind a CASE: PostgreSQL does not look at it otherwise.

-- name: read_regained
-- The cars of a class over [from_hour, to_hour) if the rental that has [own_from, own_to) moved.
SELECT CASE WHEN count(*) = (%(to_hour)s - 1) / 384 - %(from_hour)s / 384 + 1
            THEN min(b.lowest)::integer ELSE 0 END AS available
FROM blocks_of(%(from_hour)s, %(to_hour)s) AS w
JOIN class_calendar c ON c.branch_code = %(branch)s AND c.class_code = %(class_code)s
                     AND c.block = w.block
CROSS JOIN LATERAL (
    SELECT min(f + CASE WHEN w.block * 384 + w.low + i - 2 BETWEEN %(own_from)s AND %(own_to)s - 1
                        THEN 1 ELSE 0 END) AS lowest
    FROM unnest(c.free[w.low:w.high]) WITH ORDINALITY AS u(f, i)) AS b

-- name: read_market
WITH pickup AS (
    SELECT *, (%(pickup_at)s::timestamptz AT TIME ZONE timezone)::date AS first_day,
           (%(return_at)s::timestamptz AT TIME ZONE timezone)::date AS last_day
    FROM branch WHERE branch_code = %(pickup_branch)s
), card AS (
    -- The newest version in force; one in another currency than the branch's prices nothing here.
    SELECT t.* FROM tariff t JOIN pickup p USING (branch_group)
    WHERE t.effective_at <= %(now)s AND t.currency = p.currency
    ORDER BY t.effective_at DESC LIMIT 1
), pair AS (
    SELECT o.reposition_hours, f.fee_minor
    FROM one_way o
    CROSS JOIN card
    JOIN one_way_fee f ON (f.branch_group, f.effective_at, f.origin_code, f.destination_code)
                        = (card.branch_group, card.effective_at, o.origin_code, o.destination_code)
    WHERE o.origin_code = %(pickup_branch)s AND o.destination_code = %(return_branch)s
), slice AS (
    -- A rental takes the hours from floor(pick-up) to ceil(return + turnaround); a one-way keeps
    -- them until the car could be back.
    SELECT floor(extract(epoch FROM %(pickup_at)s::timestamptz) / 3600)::integer AS from_hour,
           ceil((extract(epoch FROM %(return_at)s::timestamptz) + turnaround_minutes * 60)
                / 3600)::integer
               + coalesce((SELECT reposition_hours FROM pair), 0) AS to_hour
    FROM pickup
), branches AS NOT MATERIALIZED (
    SELECT b.branch_code, to_jsonb(b) || jsonb_build_object(
        'hours', (SELECT jsonb_object_agg(h.weekday, jsonb_build_array(
                      to_char(h.opens, 'HH24:MI'), to_char(h.closes, 'HH24:MI')))
                  FROM branch_hours h WHERE h.branch_code = b.branch_code),
        -- Alternatives move a rental by up to three days.
        'holidays', (SELECT jsonb_agg(d.holiday) FROM branch_holiday d
                     WHERE d.branch_code = b.branch_code
                       AND d.holiday BETWEEN %(pickup_at)s::timestamptz::date - 4
                                         AND %(return_at)s::timestamptz::date + 4)) AS branch
    FROM branch b
), classes AS MATERIALIZED (
    SELECT c.position, jsonb_build_object(
               'code', c.class_code, 'minimum_driver_age', c.minimum_driver_age,
               'deposit_minor', terms.deposit_minor, 'young_driver', terms.young_driver,
               'available', a.available, 'seasons', seasons.of_class) AS class,
           a.available
    FROM card
    JOIN class_terms terms USING (branch_group, effective_at)
    JOIN car_class c USING (class_code)
    CROSS JOIN pickup p
    JOIN class_supply s ON s.class_code = c.class_code AND s.branch_code = p.branch_code
    CROSS JOIN LATERAL (
        SELECT jsonb_agg(jsonb_build_array(
                   lower(r.season), upper(r.season) - 1, r.hour_minor, r.day_minor, r.week_minor,
                   r.month_minor, r.weekend_basis_points)) AS of_class
        FROM rate r
        WHERE r.branch_group = card.branch_group AND r.effective_at = card.effective_at
          AND r.class_code = c.class_code
          -- Alternatives move a rental by up to three days.
          AND r.season && daterange(p.first_day - 3, p.last_day + 3, '[]')
    ) AS seasons
    CROSS JOIN slice
    CROSS JOIN LATERAL available_cars(
        %(pickup_branch)s, c.class_code, slice.from_hour, slice.to_hour) AS a
    WHERE seasons.of_class IS NOT NULL
), sold_out AS MATERIALIZED (
    SELECT array_agg(class ->> 'code') AS codes FROM classes WHERE available = 0
), nearby AS (
    SELECT b.*, km FROM pickup p, branch b, LATERAL (
        -- Great-circle distance; the earth's radius is 6,371 km.
        SELECT 12742 * asin(least(1, sqrt(
            sin(radians(b.latitude - p.latitude) / 2) ^ 2
            + cos(radians(b.latitude)) * cos(radians(p.latitude))
              * sin(radians(b.longitude - p.longitude) / 2) ^ 2))) AS km) AS distance
    WHERE b.branch_code <> p.branch_code AND km <= %(nearby_km)s
    ORDER BY km LIMIT %(nearby_limit)s
), elsewhere AS (
    -- Who comes back to where he starts does so there too; a one-way needs its pair.
    SELECT n.branch_code,
           CASE WHEN %(pickup_branch)s::text = %(return_branch)s THEN n.branch_code
                ELSE %(return_branch)s END AS return_code,
           0 AS shift_hours, n.km, n.turnaround_minutes, coalesce(o.reposition_hours, 0) AS back
    FROM nearby n
    LEFT JOIN one_way o ON o.origin_code = n.branch_code AND o.destination_code = %(return_branch)s
    WHERE %(pickup_branch)s::text = %(return_branch)s OR n.branch_code = %(return_branch)s
       OR o.origin_code IS NOT NULL
    UNION ALL
    SELECT p.branch_code, %(return_branch)s, shift, 0, p.turnaround_minutes,
           coalesce((SELECT reposition_hours FROM pair), 0)
    FROM pickup p, unnest(%(shifts)s::integer[]) AS shift
), alternatives AS (
    SELECT e.branch_code, e.return_code, e.shift_hours, e.km, cars.by_class
    FROM sold_out, elsewhere e
    CROSS JOIN LATERAL (
        SELECT jsonb_object_agg(k.class_code, a.available) AS by_class
        FROM unnest(sold_out.codes) AS k(class_code)
        CROSS JOIN LATERAL available_cars(
            e.branch_code, k.class_code,
            floor(extract(epoch FROM %(pickup_at)s::timestamptz) / 3600)::integer + e.shift_hours,
            ceil((extract(epoch FROM %(return_at)s::timestamptz) + e.turnaround_minutes * 60)
                 / 3600)::integer + e.back + e.shift_hours) AS a
        WHERE a.available > 0) AS cars
    WHERE cars.by_class IS NOT NULL
)
SELECT
    (SELECT branch FROM branches WHERE branch_code = %(pickup_branch)s) AS pickup,
    (SELECT branch FROM branches WHERE branch_code = %(return_branch)s) AS return_branch,
    (SELECT to_jsonb(pair) FROM pair) AS one_way,
    (SELECT from_hour FROM slice) AS from_hour,
    (SELECT to_hour FROM slice) AS to_hour,
    (SELECT to_jsonb(card) || jsonb_build_object('tiers', (
         SELECT jsonb_agg(jsonb_build_array(l.from_days, l.discount_basis_points))
         FROM length_tier l
         WHERE l.branch_group = card.branch_group AND l.effective_at = card.effective_at))
     FROM card) AS tariff,
    (SELECT coalesce(jsonb_agg(to_jsonb(x) || to_jsonb(r) ORDER BY x.position), '[]')
     FROM card JOIN extra_rate r USING (branch_group, effective_at)
     JOIN extra x USING (extra_code)) AS extras,
    (SELECT coalesce(jsonb_agg(to_jsonb(v) || to_jsonb(r) ORDER BY v.position), '[]')
     FROM card JOIN coverage_rate r USING (branch_group, effective_at)
     JOIN coverage v USING (coverage_code)) AS coverages,
    (SELECT coalesce(jsonb_agg(class ORDER BY position), '[]') FROM classes) AS classes,
    CASE WHEN %(promo_code)s::text IS NOT NULL THEN (
        SELECT to_jsonb(c) || jsonb_build_object('uses', promo_uses(c.promo_code))
        FROM promo_code c WHERE c.promo_code = upper(%(promo_code)s)) END AS promo,
    CASE WHEN sold_out.codes IS NOT NULL THEN (
        SELECT jsonb_agg(to_jsonb(a) ORDER BY a.km, abs(a.shift_hours)) FROM alternatives a)
    END AS alternatives,
    CASE WHEN sold_out.codes IS NOT NULL THEN (
        SELECT jsonb_agg(jsonb_build_object(
                   'branch', b.branch, 'tariff', there.tariff, 'classes', there.classes,
                   'one_way_fee_minor', there.fee_minor))
        FROM nearby n
        JOIN branches b USING (branch_code)
        CROSS JOIN pickup p
        CROSS JOIN LATERAL (
            SELECT to_jsonb(t) || jsonb_build_object('tiers', (
                       SELECT jsonb_agg(jsonb_build_array(l.from_days, l.discount_basis_points))
                       FROM length_tier l
                       WHERE l.branch_group = t.branch_group AND l.effective_at = t.effective_at))
                       AS tariff,
                   (SELECT jsonb_agg(jsonb_build_object(
                        'code', c.class_code, 'minimum_driver_age', c.minimum_driver_age,
                        'deposit_minor', terms.deposit_minor, 'young_driver', terms.young_driver,
                        'available', 0, 'seasons', seasons.of_class))
                    FROM class_terms terms
                    JOIN car_class c USING (class_code)
                    CROSS JOIN LATERAL (
                        SELECT jsonb_agg(jsonb_build_array(
                                   lower(r.season), upper(r.season) - 1, r.hour_minor, r.day_minor,
                                   r.week_minor, r.month_minor, r.weekend_basis_points))
                                   AS of_class
                        FROM rate r
                        WHERE r.branch_group = t.branch_group AND r.effective_at = t.effective_at
                          AND r.class_code = c.class_code
                          AND r.season && daterange(p.first_day - 1, p.last_day + 1, '[]')
                    ) AS seasons
                    WHERE (terms.branch_group, terms.effective_at)
                        = (t.branch_group, t.effective_at)
                      AND c.class_code = ANY (sold_out.codes)
                      AND seasons.of_class IS NOT NULL) AS classes,
                   (SELECT f.fee_minor FROM one_way_fee f
                    WHERE (f.branch_group, f.effective_at, f.origin_code, f.destination_code)
                        = (t.branch_group, t.effective_at, n.branch_code, %(return_branch)s))
                       AS fee_minor
            FROM tariff t
            WHERE t.branch_group = n.branch_group AND t.effective_at <= %(now)s
              AND t.currency = n.currency
            ORDER BY t.effective_at DESC LIMIT 1
        ) AS there)
    END AS nearby
FROM sold_out
