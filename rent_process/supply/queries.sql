-- Lock order: class_supply by (branch, class), then calendar rows by (branch, class, block). Rows
-- are locked by one statement and read by the next, which sees their newest version.

-- name: open_supply
-- A class that the branch has never had; its calendar is as long as everybody's.
WITH opened AS (
    INSERT INTO class_supply (branch_code, class_code, supply)
    VALUES (%(branch_code)s, %(class_code)s, 0)
    ON CONFLICT (branch_code, class_code) DO NOTHING
    RETURNING branch_code, class_code
)
INSERT INTO class_calendar (branch_code, class_code, block, free, short)
SELECT o.branch_code, o.class_code, b.block, array_fill(0::smallint, ARRAY[384]),
       array_fill(0::smallint, ARRAY[384])
FROM opened o
CROSS JOIN generate_series(%(now_hour)s / 384,
    greatest(%(now_hour)s / 384, (SELECT max(block) FROM class_calendar))) AS b(block)

-- name: lock_supply
SELECT branch_code, class_code, supply, overbooking, overbooking_percent, overbooking_in_force
FROM class_supply
WHERE branch_code = %(branch_code)s AND class_code = %(class_code)s
FOR UPDATE

-- name: read_supply
SELECT branch_code, class_code, supply, overbooking, overbooking_percent, overbooking_in_force
FROM class_supply
WHERE branch_code = %(branch_code)s AND class_code = %(class_code)s

-- name: write_supply
UPDATE class_supply
SET supply = %(supply)s, overbooking = %(overbooking)s,
    overbooking_percent = %(overbooking_percent)s, overbooking_in_force = %(overbooking_in_force)s
WHERE branch_code = %(branch_code)s AND class_code = %(class_code)s

-- name: lock_blocks
SELECT c.branch_code, c.class_code, c.block
FROM class_calendar c
JOIN unnest(%(branches)s::text[], %(classes)s::text[], %(from_hours)s::integer[],
            %(to_hours)s::integer[]) AS w(branch_code, class_code, from_hour, to_hour)
    USING (branch_code, class_code)
WHERE c.block >= w.from_hour / 384 AND (w.to_hour IS NULL OR c.block <= (w.to_hour - 1) / 384)
ORDER BY c.branch_code, c.class_code, c.block
FOR UPDATE OF c

-- name: find_conflicts
-- Where the shifts would leave more sold than there is: each run of such hours, with some of the
-- rentals in them (the latest pick-ups, which are the easiest to talk about).
WITH hours AS (
    SELECT c.branch_code, c.class_code, c.block * 384 + u.i::integer - 1 AS hour,
           w.from_hour, w.to_hour, u.free - u.short + w.cars AS balance
    FROM class_calendar c
    JOIN unnest(%(branches)s::text[], %(classes)s::text[], %(from_hours)s::integer[],
                %(to_hours)s::integer[], %(cars)s::integer[])
         AS w(branch_code, class_code, from_hour, to_hour, cars)
        USING (branch_code, class_code),
    unnest(c.free, c.short) WITH ORDINALITY AS u(free, short, i)
    WHERE w.cars < 0
      AND c.block >= w.from_hour / 384 AND (w.to_hour IS NULL OR c.block <= (w.to_hour - 1) / 384)
), lacking AS (
    SELECT branch_code, class_code, hour, -balance AS missing,
           hour - row_number() OVER (PARTITION BY branch_code, class_code ORDER BY hour) AS run
    FROM hours
    WHERE balance < 0 AND hour >= from_hour AND (to_hour IS NULL OR hour < to_hour)
), run AS (
    SELECT branch_code, class_code, min(hour) AS from_hour, max(hour) + 1 AS to_hour,
           max(missing)::integer AS missing
    FROM lacking GROUP BY branch_code, class_code, run
)
SELECT run.*, b.timezone, coalesce(r.rentals, '{}') AS rentals
FROM run
JOIN branch b USING (branch_code)
LEFT JOIN LATERAL (
    SELECT array_agg(reference ORDER BY from_hour DESC, reference) AS rentals FROM (
        SELECT reference, from_hour FROM rental
        WHERE pickup_branch = run.branch_code AND class_code = run.class_code
          AND from_hour < run.to_hour AND to_hour > run.from_hour
          AND status IN ('PENDING', 'CONFIRMED', 'CHECKED_OUT', 'COMPLETED')
        ORDER BY from_hour DESC, reference LIMIT %(rentals)s) AS latest
) r ON true
ORDER BY run.branch_code, run.class_code, run.from_hour

-- name: shift_calendar
UPDATE class_calendar c
SET free = shifted_free(c.free, c.short, low, high, cars),
    short = shifted_short(c.free, c.short, low, high, cars)
FROM (
    SELECT k.branch_code, k.class_code, k.block, w.cars,
           greatest(w.from_hour - k.block * 384, 0) + 1 AS low,
           least(coalesce(w.to_hour - k.block * 384, 384), 384) AS high
    FROM class_calendar k
    JOIN unnest(%(branches)s::text[], %(classes)s::text[], %(from_hours)s::integer[],
                %(to_hours)s::integer[], %(cars)s::integer[])
         AS w(branch_code, class_code, from_hour, to_hour, cars)
        USING (branch_code, class_code)
    WHERE k.block >= w.from_hour / 384 AND (w.to_hour IS NULL OR k.block <= (w.to_hour - 1) / 384)
) AS touched
WHERE (c.branch_code, c.class_code, c.block)
    = (touched.branch_code, touched.class_code, touched.block)

-- name: add_exceptions
-- A bounded shift is what differs in its hours; one for good differs in the hours before it.
INSERT INTO supply_exception (branch_code, class_code, hours, cars, vehicle_id)
SELECT branch_code, class_code,
       CASE WHEN to_hour IS NULL THEN int4range(0, from_hour) ELSE int4range(from_hour, to_hour) END,
       CASE WHEN to_hour IS NULL THEN -cars ELSE cars END, vehicle_id
FROM unnest(%(branches)s::text[], %(classes)s::text[], %(from_hours)s::integer[],
            %(to_hours)s::integer[], %(cars)s::integer[], %(vehicles)s::uuid[])
     AS w(branch_code, class_code, from_hour, to_hour, cars, vehicle_id)
WHERE cars <> 0

-- name: list_misaligned
-- Classes whose overbooking is not what percent and flag ask for.
SELECT branch_code, class_code FROM class_supply
WHERE overbooking_in_force <> CASE WHEN %(enabled)s THEN overbooking_percent ELSE 0 END
ORDER BY branch_code, class_code

-- name: find_timezone
SELECT timezone FROM branch WHERE branch_code = %(branch_code)s

-- name: read_hours
-- Every class of a branch: lists with one number for each hour. Sold is counted from the rentals.
WITH hour AS (
    SELECT h AS hour FROM generate_series(%(from_hour)s, %(to_hour)s - 1) AS h
), sold AS (
    SELECT r.class_code, h.hour, count(*)::integer AS cars
    FROM rental r
    CROSS JOIN generate_series(greatest(r.from_hour, %(from_hour)s),
                               least(r.to_hour, %(to_hour)s) - 1) AS h(hour)
    WHERE r.pickup_branch = %(branch_code)s AND r.from_hour < %(to_hour)s
      AND r.to_hour > %(from_hour)s
      AND r.status IN ('PENDING', 'CONFIRMED', 'CHECKED_OUT', 'COMPLETED')
    GROUP BY 1, 2
), exception AS (
    SELECT e.class_code, h.hour, sum(e.cars)::integer AS cars
    FROM supply_exception e
    CROSS JOIN generate_series(greatest(lower(e.hours), %(from_hour)s),
                               least(upper(e.hours), %(to_hour)s) - 1) AS h(hour)
    WHERE e.branch_code = %(branch_code)s AND upper(e.hours) > %(from_hour)s
      AND lower(e.hours) < %(to_hour)s
    GROUP BY 1, 2
)
SELECT s.class_code,
       array_agg(s.supply + s.overbooking + coalesce(x.cars, 0) ORDER BY h.hour) AS cars,
       array_agg(coalesce(sold.cars, 0) ORDER BY h.hour) AS sold,
       array_agg(coalesce(c.free[h.hour %% 384 + 1], 0)::integer ORDER BY h.hour) AS free,
       array_agg(coalesce(c.short[h.hour %% 384 + 1], 0)::integer ORDER BY h.hour) AS short,
       max(s.overbooking_percent) AS overbooking_percent
FROM class_supply s
JOIN car_class k USING (class_code)
CROSS JOIN hour h
LEFT JOIN class_calendar c
       ON (c.branch_code, c.class_code, c.block) = (s.branch_code, s.class_code, h.hour / 384)
LEFT JOIN sold ON sold.class_code = s.class_code AND sold.hour = h.hour
LEFT JOIN exception x ON x.class_code = s.class_code AND x.hour = h.hour
WHERE s.branch_code = %(branch_code)s
GROUP BY s.class_code, k.position
ORDER BY k.position

-- name: read_allocations
-- Every car of the branch; one that is out of the fleet only if it was not, for a part.
SELECT v.plate, v.class_code, coalesce(a.allocations, '[]') AS allocations
FROM vehicle v
LEFT JOIN LATERAL (
    SELECT jsonb_agg(jsonb_build_object(
               'kind', a.kind, 'from', lower(a.period), 'to', upper(a.period),
               'reference', r.reference, 'reason', a.reason) ORDER BY a.period) AS allocations,
           bool_and(a.kind = 'retired' AND lower(a.period) <= %(from_at)s) AS gone
    FROM vehicle_allocation a LEFT JOIN rental r USING (rental_id)
    WHERE a.vehicle_id = v.vehicle_id AND a.period && tstzrange(%(from_at)s, %(to_at)s)
) a ON true
WHERE v.branch_code = %(branch_code)s AND NOT (v.status = 'retired' AND coalesce(a.gone, true))
ORDER BY v.class_code, v.plate
