-- name: read_cards
-- The card in force at an instant, of one branch group or of each; lines as the API has them.
SELECT t.branch_group, t.effective_at, t.currency,
       jsonb_build_array(jsonb_build_object(
           'item', 'fees', 'young_driver_age', t.young_driver_age,
           'young_driver_day_minor', t.young_driver_day_minor,
           'licence_day_minor', t.licence_day_minor,
           'airport_fee_basis_points', t.airport_fee_basis_points,
           'tax_basis_points', t.tax_basis_points, 'grace_minutes', t.grace_minutes,
           'free_cancellation_hours', t.free_cancellation_hours,
           'cancellation_fee_percent', t.cancellation_fee_percent, 'weekend', t.weekend))
       || coalesce((
           SELECT jsonb_agg(jsonb_build_object(
                      'item', 'class', 'class', c.class_code, 'deposit_minor', c.deposit_minor,
                      'young_driver', c.young_driver) ORDER BY k.position)
           FROM class_terms c JOIN car_class k USING (class_code)
           WHERE (c.branch_group, c.effective_at) = (t.branch_group, t.effective_at)), '[]')
       || coalesce((
           SELECT jsonb_agg(jsonb_build_object(
                      'item', 'rate', 'class', r.class_code, 'first_day', lower(r.season),
                      'last_day', upper(r.season) - 1, 'hour_minor', r.hour_minor,
                      'day_minor', r.day_minor, 'week_minor', r.week_minor,
                      'month_minor', r.month_minor,
                      'weekend_basis_points', r.weekend_basis_points)
                      ORDER BY k.position, r.season)
           FROM rate r JOIN car_class k USING (class_code)
           WHERE (r.branch_group, r.effective_at) = (t.branch_group, t.effective_at)), '[]')
       || coalesce((
           SELECT jsonb_agg(jsonb_build_object(
                      'item', 'tier', 'from_days', l.from_days,
                      'discount_basis_points', l.discount_basis_points) ORDER BY l.from_days)
           FROM length_tier l
           WHERE (l.branch_group, l.effective_at) = (t.branch_group, t.effective_at)), '[]')
       || coalesce((
           SELECT jsonb_agg(jsonb_build_object(
                      'item', 'extra', 'code', x.extra_code, 'unit_minor', x.unit_minor,
                      'cap_minor', x.cap_minor) ORDER BY k.position)
           FROM extra_rate x JOIN extra k USING (extra_code)
           WHERE (x.branch_group, x.effective_at) = (t.branch_group, t.effective_at)), '[]')
       || coalesce((
           SELECT jsonb_agg(jsonb_build_object(
                      'item', 'coverage', 'code', v.coverage_code, 'day_minor', v.day_minor,
                      'excess_minor', v.excess_minor) ORDER BY k.position)
           FROM coverage_rate v JOIN coverage k USING (coverage_code)
           WHERE (v.branch_group, v.effective_at) = (t.branch_group, t.effective_at)), '[]')
       || coalesce((
           SELECT jsonb_agg(jsonb_build_object(
                      'item', 'one_way', 'origin', o.origin_code,
                      'destination', o.destination_code, 'fee_minor', o.fee_minor)
                      ORDER BY o.origin_code, o.destination_code)
           FROM one_way_fee o
           WHERE (o.branch_group, o.effective_at) = (t.branch_group, t.effective_at)), '[]')
           AS lines
FROM (
    SELECT DISTINCT ON (branch_group) * FROM tariff
    WHERE effective_at <= %(at)s
      AND (%(branch_group)s::text IS NULL OR branch_group = %(branch_group)s)
    ORDER BY branch_group, effective_at DESC
) AS t
ORDER BY t.branch_group

-- name: list_versions
SELECT branch_group, effective_at, created_at, created_by FROM tariff
WHERE %(branch_group)s::text IS NULL OR branch_group = %(branch_group)s
ORDER BY effective_at DESC, branch_group LIMIT %(limit)s

-- name: read_catalogue
SELECT coalesce((SELECT array_agg(DISTINCT currency) FROM branch
                 WHERE branch_group = %(branch_group)s), '{}') AS currencies,
       ARRAY(SELECT class_code FROM car_class) AS classes,
       ARRAY(SELECT extra_code FROM extra) AS extras,
       ARRAY(SELECT coverage_code FROM coverage) AS coverages,
       (SELECT coalesce(jsonb_agg(jsonb_build_array(origin_code, destination_code)), '[]')
        FROM one_way JOIN branch ON branch_code = origin_code
        WHERE branch_group = %(branch_group)s) AS pairs

-- name: lock_group
-- Two who publish for one group do so one after the other, each against what the other left.
SELECT pg_advisory_xact_lock(hashtextextended('rent.tariff ' || %(branch_group)s, 0))

-- name: read_clock
SELECT clock_timestamp() AS at

-- name: insert_card
WITH lines AS (
    SELECT line ->> 'item' AS item, line FROM jsonb_array_elements(%(lines)s::jsonb) AS line
), head AS (
    INSERT INTO tariff (
        branch_group, effective_at, currency, created_by, young_driver_age,
        young_driver_day_minor, licence_day_minor, airport_fee_basis_points, tax_basis_points,
        grace_minutes, free_cancellation_hours, cancellation_fee_percent, weekend)
    SELECT %(branch_group)s, %(effective_at)s, %(currency)s, %(created_by)s, f.young_driver_age,
           f.young_driver_day_minor, f.licence_day_minor, f.airport_fee_basis_points,
           f.tax_basis_points, f.grace_minutes, f.free_cancellation_hours,
           f.cancellation_fee_percent, f.weekend
    FROM lines, jsonb_to_record(line) AS f(
        young_driver_age smallint, young_driver_day_minor bigint, licence_day_minor bigint,
        airport_fee_basis_points integer, tax_basis_points integer, grace_minutes integer,
        free_cancellation_hours integer, cancellation_fee_percent integer, weekend smallint[])
    WHERE item = 'fees'
), classes AS (
    INSERT INTO class_terms
    SELECT %(branch_group)s, %(effective_at)s, c.class, c.deposit_minor, c.young_driver
    FROM lines, jsonb_to_record(line) AS c(class text, deposit_minor bigint, young_driver boolean)
    WHERE item = 'class'
), rates AS (
    INSERT INTO rate (branch_group, effective_at, class_code, season, hour_minor, day_minor,
                      week_minor, month_minor, weekend_basis_points)
    SELECT %(branch_group)s, %(effective_at)s, r.class,
           daterange(r.first_day, r.last_day, '[]'), r.hour_minor, r.day_minor, r.week_minor,
           r.month_minor, r.weekend_basis_points
    FROM lines, jsonb_to_record(line) AS r(
        class text, first_day date, last_day date, hour_minor bigint, day_minor bigint,
        week_minor bigint, month_minor bigint, weekend_basis_points integer)
    WHERE item = 'rate'
), tiers AS (
    INSERT INTO length_tier
    SELECT %(branch_group)s, %(effective_at)s, l.from_days, l.discount_basis_points
    FROM lines, jsonb_to_record(line) AS l(from_days smallint, discount_basis_points integer)
    WHERE item = 'tier'
), extras AS (
    INSERT INTO extra_rate
    SELECT %(branch_group)s, %(effective_at)s, x.code, x.unit_minor, x.cap_minor
    FROM lines, jsonb_to_record(line) AS x(code text, unit_minor bigint, cap_minor bigint)
    WHERE item = 'extra'
), coverages AS (
    INSERT INTO coverage_rate
    SELECT %(branch_group)s, %(effective_at)s, v.code, v.day_minor, v.excess_minor
    FROM lines, jsonb_to_record(line) AS v(code text, day_minor bigint, excess_minor bigint)
    WHERE item = 'coverage'
)
INSERT INTO one_way_fee
SELECT %(branch_group)s, %(effective_at)s, o.origin, o.destination, o.fee_minor
FROM lines, jsonb_to_record(line) AS o(origin text, destination text, fee_minor bigint)
WHERE item = 'one_way'
