-- The caller holds the lock of the rental's row.

-- name: find_return
SELECT request_hash, returned_at, lines, total_minor FROM rental_return
WHERE rental_id = %(rental_id)s

-- name: insert_return
INSERT INTO rental_return (rental_id, request_hash, returned_at, lines, total_minor)
VALUES (%(rental_id)s, %(request_hash)s, %(returned_at)s, %(lines)s, %(total_minor)s)

-- name: insert_damages
INSERT INTO rental_damage (rental_id, number, vehicle_id, description, amount_minor)
SELECT %(rental_id)s, d.number, %(vehicle_id)s, d.description, d.amount_minor
FROM unnest(%(descriptions)s::text[], %(amounts)s::bigint[])
     WITH ORDINALITY AS d(description, amount_minor, number)

-- name: plan_way_home
-- The car is on its way to its own branch for as long as that takes.
INSERT INTO vehicle_allocation (vehicle_id, kind, period)
SELECT %(vehicle_id)s, 'transfer', tstzrange(%(from_at)s, %(until)s)
WHERE %(from_at)s < %(until)s
