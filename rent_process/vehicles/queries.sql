-- Lock order: vehicle, then class_supply, then the calendar (rent_process/supply).

-- name: list_vehicles
SELECT v.plate, v.branch_code, v.class_code, v.model, v.model_year, v.odometer_km, b.timezone,
       CASE WHEN v.status = 'retired' THEN 'retired'
            WHEN EXISTS (SELECT FROM vehicle_allocation a
                         WHERE a.vehicle_id = v.vehicle_id AND a.kind = 'maintenance'
                           AND a.period @> %(now)s::timestamptz) THEN 'maintenance'
            ELSE 'active' END AS status,
       (SELECT r.reference FROM vehicle_allocation a JOIN rental r USING (rental_id)
        WHERE a.vehicle_id = v.vehicle_id AND a.period @> %(now)s::timestamptz) AS rental,
       coalesce((SELECT jsonb_agg(jsonb_build_object('id', a.allocation_id,
                        'from', lower(a.period), 'to', upper(a.period), 'reason', a.reason)
                        ORDER BY a.period)
                 FROM vehicle_allocation a
                 WHERE a.vehicle_id = v.vehicle_id AND a.kind = 'maintenance'
                   AND upper(a.period) > %(now)s), '[]') AS maintenance,
       m.branch_code AS move_branch, m.class_code AS move_class, m.leaves_at, m.arrives_at
FROM vehicle v
JOIN branch b USING (branch_code)
LEFT JOIN vehicle_move m USING (vehicle_id)
WHERE (%(plate)s::text IS NULL OR v.plate = %(plate)s)
  AND (%(branch)s::text IS NULL OR v.branch_code = %(branch)s)
  AND (%(class)s::text IS NULL OR v.class_code = %(class)s)
  AND (%(branches)s::text[] IS NULL
       OR v.branch_code = ANY (%(branches)s) OR m.branch_code = ANY (%(branches)s))
  AND (%(pattern)s::text IS NULL OR v.plate LIKE %(pattern)s)
  AND (%(after)s::text IS NULL OR v.plate > %(after)s)
  AND (%(status)s::text IS NULL
       OR (v.status = 'retired') = (%(status)s = 'retired')
          AND (%(status)s = 'retired'
               OR (%(status)s = 'maintenance') = EXISTS (
                   SELECT FROM vehicle_allocation a
                   WHERE a.vehicle_id = v.vehicle_id AND a.kind = 'maintenance'
                     AND a.period @> %(now)s::timestamptz)))
ORDER BY v.plate
LIMIT %(limit)s

-- name: lock_vehicle
SELECT v.vehicle_id, v.plate, v.branch_code, v.class_code, v.status, v.model, v.model_year,
       v.odometer_km, m.vehicle_id IS NOT NULL AS moves, m.branch_code AS move_branch,
       m.class_code AS move_class, m.leaves_at, m.arrives_at
FROM vehicle v LEFT JOIN vehicle_move m USING (vehicle_id)
WHERE v.plate = %(plate)s
FOR UPDATE OF v

-- name: insert_vehicle
INSERT INTO vehicle (plate, class_code, branch_code, model, model_year, odometer_km)
VALUES (%(plate)s, %(class_code)s, %(branch_code)s, %(model)s, %(model_year)s, %(odometer_km)s)
RETURNING vehicle_id

-- name: describe_vehicle
UPDATE vehicle
SET model = %(model)s, model_year = %(model_year)s, odometer_km = %(odometer_km)s
WHERE vehicle_id = %(vehicle_id)s

-- name: place_vehicle
UPDATE vehicle
SET branch_code = coalesce(%(branch_code)s, branch_code),
    class_code = coalesce(%(class_code)s, class_code), status = %(status)s
WHERE vehicle_id = %(vehicle_id)s

-- name: plan_move
INSERT INTO vehicle_move (vehicle_id, branch_code, class_code, leaves_at, arrives_at)
VALUES (%(vehicle_id)s, %(branch_code)s, %(class_code)s, %(leaves_at)s, %(arrives_at)s)

-- name: drop_move
DELETE FROM vehicle_move WHERE vehicle_id = %(vehicle_id)s

-- name: list_due_moves
-- A car that is out moves when it is back.
SELECT v.plate FROM vehicle_move m JOIN vehicle v USING (vehicle_id)
WHERE m.arrives_at <= %(now)s
  AND NOT EXISTS (SELECT FROM rental_leg l WHERE l.vehicle_id = m.vehicle_id AND l.in_at IS NULL)
ORDER BY m.arrives_at LIMIT %(limit)s

-- name: find_allocations
-- What the car is kept for from then on; without an end, for good. One that is out is kept for an
-- hour more, at least, however long its rental was planned for.
SELECT a.allocation_id, a.kind, lower(k.period) AS from_at, upper(k.period) AS to_at, r.reference
FROM vehicle_allocation a
LEFT JOIN rental r USING (rental_id)
LEFT JOIN rental_leg l ON l.allocation_id = a.allocation_id AND l.in_at IS NULL
CROSS JOIN LATERAL (
    SELECT CASE WHEN l.allocation_id IS NULL THEN a.period
                ELSE tstzrange(lower(a.period), greatest(
                    upper(a.period), %(now)s::timestamptz + interval '1 hour')) END AS period
) AS k
WHERE a.vehicle_id = %(vehicle_id)s
  AND k.period && tstzrange(%(from_at)s, %(to_at)s)
ORDER BY k.period LIMIT 5

-- name: list_plans
-- What is planned for a car after its rental, in order of time.
SELECT n.allocation_id, n.kind, lower(n.period) AS from_at, upper(n.period) AS to_at, n.reason
FROM rental_leg l
JOIN vehicle_allocation a USING (allocation_id)
JOIN vehicle_allocation n ON n.vehicle_id = l.vehicle_id AND lower(n.period) > lower(a.period)
WHERE l.vehicle_id = %(vehicle_id)s AND l.in_at IS NULL
ORDER BY n.period

-- name: delay_allocation
UPDATE vehicle_allocation SET period = tstzrange(%(from_at)s, %(to_at)s)
WHERE allocation_id = %(allocation_id)s

-- name: drop_allocation
DELETE FROM vehicle_allocation WHERE allocation_id = %(allocation_id)s

-- name: delay_move
UPDATE vehicle_move SET leaves_at = %(leaves_at)s, arrives_at = %(arrives_at)s
WHERE vehicle_id = %(vehicle_id)s

-- name: allocate
INSERT INTO vehicle_allocation (vehicle_id, kind, period, reason)
VALUES (%(vehicle_id)s, %(kind)s, tstzrange(%(from_at)s, %(to_at)s), %(reason)s)
RETURNING allocation_id

-- name: find_maintenance
SELECT allocation_id, lower(period) AS from_at, upper(period) AS to_at, reason
FROM vehicle_allocation
WHERE vehicle_id = %(vehicle_id)s AND kind = 'maintenance' AND allocation_id = %(allocation_id)s

-- name: read_timezone
SELECT timezone FROM branch WHERE branch_code = %(branch_code)s

-- name: end_allocations
-- From that moment on the car is kept for nothing of this kind; what has not begun goes.
WITH gone AS (
    DELETE FROM vehicle_allocation
    WHERE vehicle_id = %(vehicle_id)s AND kind = %(kind)s AND lower(period) >= %(at)s
      AND (%(allocation_id)s::uuid IS NULL OR allocation_id = %(allocation_id)s)
)
UPDATE vehicle_allocation SET period = tstzrange(lower(period), %(at)s)
WHERE vehicle_id = %(vehicle_id)s AND kind = %(kind)s
  AND lower(period) < %(at)s AND (upper_inf(period) OR upper(period) > %(at)s)
  AND (%(allocation_id)s::uuid IS NULL OR allocation_id = %(allocation_id)s)
