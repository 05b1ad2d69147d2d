-- name: list_branches
SELECT b.branch_code AS code, b.name, b.city, b.country, b.timezone, b.latitude, b.longitude,
       coalesce((SELECT jsonb_agg(jsonb_build_object(
                     'weekday', h.weekday, 'opens', to_char(h.opens, 'HH24:MI'),
                     'closes', to_char(h.closes, 'HH24:MI')) ORDER BY h.weekday)
                 FROM branch_hours h WHERE h.branch_code = b.branch_code), '[]') AS opening_hours,
       coalesce((SELECT jsonb_agg(d.holiday ORDER BY d.holiday) FROM branch_holiday d
                 WHERE d.branch_code = b.branch_code
                   AND d.holiday >= current_date - 1), '[]') AS holidays,
       coalesce((SELECT jsonb_agg(o.destination_code ORDER BY o.destination_code) FROM one_way o
                 WHERE o.origin_code = b.branch_code), '[]') AS one_way_to
FROM branch b ORDER BY b.city, b.name

-- name: list_classes
SELECT class_code AS acriss, coalesce(name ->> %(locale)s, name ->> 'en') AS name, example_model,
       seats, doors, bags, transmission, air_conditioning, minimum_driver_age,
       '/cars/' || class_code || '.svg' AS image_url,
       (SELECT jsonb_build_object('average', round(avg(v.rating), 1), 'count', count(*))
        FROM review v WHERE v.class_code = c.class_code HAVING count(*) > 0) AS rating
FROM car_class c ORDER BY position

-- name: lock_supply
-- Locked first by whatever changes supply or adds blocks.
SELECT branch_code, class_code FROM class_supply
ORDER BY branch_code, class_code FOR UPDATE

-- name: extend_calendar
WITH added AS (
    INSERT INTO class_calendar (branch_code, class_code, block, free, short)
    SELECT s.branch_code, s.class_code, b.block,
           coalesce(a.free, array_fill((s.supply + s.overbooking)::smallint, ARRAY[384])),
           coalesce(a.short, array_fill(0::smallint, ARRAY[384]))
    FROM class_supply s
    CROSS JOIN generate_series(%(from_hour)s / 384, %(to_hour)s / 384) AS b(block)
    CROSS JOIN LATERAL (
        -- Only where the supply of some hours is another than what stands (0020_fleet.sql).
        SELECT array_agg(greatest(h.cars, 0)::smallint ORDER BY h.hour) AS free,
               array_agg(greatest(-h.cars, 0)::smallint ORDER BY h.hour) AS short
        FROM (
            SELECT g.hour, s.supply + s.overbooking + coalesce(sum(e.cars), 0) AS cars
            FROM generate_series(b.block * 384, b.block * 384 + 383) AS g(hour)
            LEFT JOIN supply_exception e
                   ON e.branch_code = s.branch_code AND e.class_code = s.class_code
                  AND upper(e.hours) > b.block * 384 AND e.hours @> g.hour
            WHERE EXISTS (SELECT FROM supply_exception e
                          WHERE e.branch_code = s.branch_code AND e.class_code = s.class_code
                            AND upper(e.hours) > b.block * 384
                            AND lower(e.hours) < (b.block + 1) * 384)
            GROUP BY g.hour
        ) AS h
    ) AS a
    WHERE NOT EXISTS (SELECT FROM class_calendar c
                      WHERE (c.branch_code, c.class_code, c.block)
                          = (s.branch_code, s.class_code, b.block))
    ON CONFLICT (branch_code, class_code, block) DO NOTHING
    RETURNING 1
)
SELECT count(*) AS added FROM added

-- name: find_drift
-- The calendar against supply and rentals, hour by hour:
-- free - short = supply + overbooking + its exceptions - sold.
WITH hours AS (
    SELECT c.branch_code, c.class_code, c.block * 384 + u.position - 1 AS hour,
           u.free - u.short AS balance
    FROM class_calendar c
    CROSS JOIN unnest(c.free, c.short) WITH ORDINALITY AS u(free, short, position)
    WHERE c.block >= %(from_hour)s / 384
), sold AS (
    SELECT r.pickup_branch AS branch_code, r.class_code, h.hour, count(*) AS cars
    FROM rental r
    CROSS JOIN generate_series(greatest(r.from_hour, %(from_hour)s), r.to_hour - 1) AS h(hour)
    WHERE r.status IN ('PENDING', 'CONFIRMED', 'CHECKED_OUT', 'COMPLETED')
      AND r.to_hour > %(from_hour)s
    GROUP BY 1, 2, 3
), exception AS (
    SELECT e.branch_code, e.class_code, h.hour, sum(e.cars) AS cars
    FROM supply_exception e
    CROSS JOIN generate_series(greatest(lower(e.hours), %(from_hour)s), upper(e.hours) - 1)
        AS h(hour)
    WHERE upper(e.hours) > %(from_hour)s
    GROUP BY 1, 2, 3
)
SELECT count(*) AS drift
FROM hours h
JOIN class_supply s USING (branch_code, class_code)
LEFT JOIN sold USING (branch_code, class_code, hour)
LEFT JOIN exception x USING (branch_code, class_code, hour)
WHERE h.hour >= %(from_hour)s
  AND h.balance <> s.supply + s.overbooking + coalesce(x.cars, 0) - coalesce(sold.cars, 0)
