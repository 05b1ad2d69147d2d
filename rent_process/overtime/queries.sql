-- Lock order: rental, vehicle, class_supply, then calendar rows by (branch, class, block).

-- name: find_extension
-- The newest one, if that is what is asked for again.
SELECT lines FROM rental_extension e JOIN rental r USING (rental_id, return_at)
WHERE e.rental_id = %(rental_id)s AND e.return_at = %(return_at)s

-- name: insert_extension
INSERT INTO rental_extension (rental_id, number, return_before, return_at, lines)
SELECT %(rental_id)s, coalesce(max(number), 0) + 1, %(return_before)s, %(return_at)s, %(lines)s
FROM rental_extension WHERE rental_id = %(rental_id)s
RETURNING number

-- name: prolong_allocation
-- The exclusion constraint refuses what runs into the car's next plan.
UPDATE vehicle_allocation a
SET period = tstzrange(lower(a.period), greatest(upper(a.period), %(until)s))
FROM rental_leg l
WHERE l.rental_id = %(rental_id)s AND l.in_at IS NULL AND a.allocation_id = l.allocation_id

-- name: stretch_allocation
-- As far as the car's next plan, which has been made to wait (rent_process/vehicles/waiting.py).
UPDATE vehicle_allocation a
SET period = tstzrange(lower(a.period), greatest(upper(a.period), least(%(until)s, (
    SELECT min(lower(n.period)) FROM vehicle_allocation n
    WHERE n.vehicle_id = a.vehicle_id AND lower(n.period) > lower(a.period)))))
FROM rental_leg l
WHERE l.rental_id = %(rental_id)s AND l.in_at IS NULL AND a.allocation_id = l.allocation_id

-- name: list_late
-- Cars that are out beyond their time and whose branch counts on them within this hour.
SELECT r.reference
FROM rental r
JOIN branch p ON p.branch_code = r.pickup_branch
LEFT JOIN one_way o ON o.origin_code = r.pickup_branch AND o.destination_code = r.return_branch
WHERE r.status = 'CHECKED_OUT' AND r.return_at < %(now)s
  AND r.to_hour < ceil((extract(epoch FROM %(now)s::timestamptz) + p.turnaround_minutes * 60)
                       / 3600) + coalesce(o.reposition_hours, 0)
ORDER BY r.return_at LIMIT %(limit)s

-- name: is_known_overdue
SELECT EXISTS (
    SELECT FROM rental_event WHERE rental_id = %(rental_id)s AND event = 'OVERDUE'
      AND at > coalesce((SELECT max(at) FROM rental_event
                         WHERE rental_id = %(rental_id)s AND event = 'EXTENDED'), '-infinity')
) AS known

-- name: list_overdue
SELECT r.reference, r.class_code, r.driver, r.return_at, r.return_branch, d.name AS return_name,
       d.timezone AS return_timezone, v.plate,
       (SELECT count(*)::integer
        FROM class_calendar c, unnest(c.short) WITH ORDINALITY AS u(s, i)
        WHERE c.branch_code = r.pickup_branch AND c.class_code = r.class_code
          AND c.block BETWEEN %(now_hour)s / 384 AND r.to_hour / 384
          AND c.block * 384 + u.i - 1 >= %(now_hour)s
          AND c.block * 384 + u.i - 1 < r.to_hour AND u.s > 0) AS hours_short,
       (SELECT jsonb_build_object('kind', n.kind, 'from', lower(n.period), 'to', upper(n.period),
                                  'reason', n.reason)
        FROM vehicle_allocation a JOIN vehicle_allocation n USING (vehicle_id)
        WHERE a.allocation_id = l.allocation_id AND lower(n.period) > lower(a.period)
        ORDER BY n.period LIMIT 1) AS next_plan
FROM rental r
JOIN branch d ON d.branch_code = r.return_branch
JOIN rental_leg l ON l.rental_id = r.rental_id AND l.in_at IS NULL
JOIN vehicle v USING (vehicle_id)
WHERE r.status = 'CHECKED_OUT' AND r.return_at < %(now)s
  AND (%(branch)s::text IS NULL OR %(branch)s IN (r.pickup_branch, r.return_branch))
  AND (%(branches)s::text[] IS NULL
       OR ARRAY[r.pickup_branch, r.return_branch] && %(branches)s)
ORDER BY r.return_at, r.reference
LIMIT %(limit)s
