-- Lock order: rental, vehicle, class_supply, then calendar rows by (branch, class, block).

-- name: lock_rental
SELECT r.rental_id, r.reference, r.status, r.version, r.pickup_branch, r.return_branch,
       d.name AS return_name, d.timezone AS return_timezone, r.class_code, r.sold_class,
       r.pickup_at, r.return_at, r.from_hour, r.to_hour,
       p.turnaround_minutes * interval '1 minute' AS turnaround,
       coalesce(o.reposition_hours, 0) AS reposition_hours,
       r.total_minor, r.currency, r.payment_method
FROM rental r
JOIN branch p ON p.branch_code = r.pickup_branch
JOIN branch d ON d.branch_code = r.return_branch
LEFT JOIN one_way o ON o.origin_code = r.pickup_branch AND o.destination_code = r.return_branch
WHERE r.reference = %(reference)s
FOR UPDATE OF r

-- name: change_rental
-- The compare-and-swap of every call here.
UPDATE rental SET status = %(status)s, class_code = %(class_code)s, sold_class = %(sold_class)s,
       return_at = %(return_at)s, from_hour = %(from_hour)s, to_hour = %(to_hour)s,
       version = version + 1
WHERE rental_id = %(rental_id)s AND version = %(version)s
RETURNING version

-- name: lock_vehicles
-- In one order: two renters who swap cars wait for each other, and not for ever.
SELECT vehicle_id, plate, class_code, branch_code, model, odometer_km, status
FROM vehicle WHERE plate = ANY (%(plates)s::text[]) ORDER BY plate FOR UPDATE

-- name: list_legs
SELECT l.number, l.vehicle_id, l.allocation_id, v.plate, v.class_code, v.model, l.out_at,
       l.out_odometer_km, l.out_fuel_eighths, l.in_at, l.in_odometer_km, l.in_fuel_eighths
FROM rental_leg l JOIN vehicle v USING (vehicle_id)
WHERE l.rental_id = %(rental_id)s ORDER BY l.number

-- name: start_leg
-- The allocation's exclusion constraint has the last word on where a car is.
WITH allocated AS (
    INSERT INTO vehicle_allocation (vehicle_id, rental_id, kind, period)
    VALUES (%(vehicle_id)s, %(rental_id)s, 'rental', tstzrange(%(out_at)s, %(until)s))
    RETURNING allocation_id
), driven AS (
    UPDATE vehicle SET odometer_km = %(odometer_km)s WHERE vehicle_id = %(vehicle_id)s
)
INSERT INTO rental_leg (rental_id, number, vehicle_id, allocation_id, out_at, out_odometer_km,
                        out_fuel_eighths, notes)
SELECT %(rental_id)s,
       (SELECT coalesce(max(number), 0) + 1 FROM rental_leg WHERE rental_id = %(rental_id)s),
       %(vehicle_id)s, allocation_id, %(out_at)s, %(odometer_km)s, %(fuel_eighths)s, %(notes)s
FROM allocated

-- name: end_leg
-- The car is here: its allocation ends now, or where the next one was planned to begin.
WITH ended AS (
    UPDATE rental_leg SET in_at = %(in_at)s, in_odometer_km = %(odometer_km)s,
           in_fuel_eighths = %(fuel_eighths)s
    WHERE rental_id = %(rental_id)s AND in_at IS NULL
    RETURNING vehicle_id, allocation_id
), freed AS (
    UPDATE vehicle_allocation a
    SET period = tstzrange(lower(a.period), least(%(in_at)s, (
        SELECT min(lower(n.period)) FROM vehicle_allocation n
        WHERE n.vehicle_id = a.vehicle_id AND lower(n.period) > lower(a.period))))
    FROM ended WHERE a.allocation_id = ended.allocation_id
)
UPDATE vehicle v SET odometer_km = %(odometer_km)s
FROM ended WHERE v.vehicle_id = ended.vehicle_id

-- name: suggest
-- Free over the whole rental, and the one whose allocations leave the least idle time around it:
-- a car between two plans before one that nobody has plans for. Then the least driven.
WITH rented AS (
    SELECT tstzrange(%(out_at)s, %(until)s) AS period
)
SELECT v.plate, v.class_code AS class, v.model, v.odometer_km
FROM vehicle v CROSS JOIN rented
CROSS JOIN LATERAL (
    SELECT max(upper(a.period)) FILTER (WHERE upper(a.period) <= lower(rented.period)) AS before,
           min(lower(a.period)) FILTER (WHERE lower(a.period) >= upper(rented.period)) AS after,
           bool_or(a.period && rented.period) AS taken
    FROM vehicle_allocation a WHERE a.vehicle_id = v.vehicle_id
) AS plans
WHERE v.branch_code = %(branch)s AND v.class_code = ANY (%(classes)s::text[])
  AND v.status = 'active'
  AND plans.taken IS NOT TRUE
  AND NOT EXISTS (SELECT FROM rental_leg l WHERE l.vehicle_id = v.vehicle_id AND l.in_at IS NULL)
ORDER BY array_position(%(classes)s::text[], v.class_code),
         least(lower(rented.period) - plans.before, interval '30 days')
             + least(plans.after - upper(rented.period), interval '30 days'),
         v.odometer_km, v.plate
LIMIT %(limit)s
