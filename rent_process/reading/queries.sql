-- name: read_rental
SELECT r.rental_id, r.reference, r.status, r.version, r.subject, r.class_code, r.pickup_at,
       r.return_at, r.driver, r.price, r.total_minor, r.currency, r.deposit_minor,
       r.cancellation_policy, r.payment_method, r.attempt, r.declined_attempt, r.expires_at,
       r.pickup_branch, p.name AS pickup_name, p.timezone AS pickup_timezone,
       r.return_branch, d.name AS return_name, d.timezone AS return_timezone,
       y.sequence AS payment_sequence, y.status AS payment_status, y.attempt AS payment_attempt,
       y.decline_code, y.next_action, y.client_secret, y.updated_at AS payment_updated_at,
       CASE WHEN y.sequence > 1 THEN
           (SELECT max(q.attempt) FROM due_payment q
            WHERE q.rental_id = r.rental_id AND q.sequence = y.sequence) END AS asked_attempt,
       (SELECT coalesce(sum(amount_minor), 0)::bigint FROM counter_entry c
        WHERE c.rental_id = r.rental_id AND c.kind IN ('cash', 'terminal')) AS counter_minor,
       (SELECT jsonb_agg(line ORDER BY a.at)
        FROM additional_charge a, jsonb_array_elements(a.lines) AS line
        WHERE a.rental_id = r.rental_id) AS charges,
       (SELECT jsonb_agg(jsonb_build_object('at', e.at, 'event', e.event) ORDER BY e.position)
        FROM rental_event e WHERE e.rental_id = r.rental_id) AS timeline,
       (SELECT jsonb_agg(jsonb_build_object(
                   'plate', v.plate, 'class', v.class_code, 'model', v.model, 'out_at', l.out_at,
                   'out_odometer_km', l.out_odometer_km, 'out_fuel_eighths', l.out_fuel_eighths,
                   'in_at', l.in_at, 'in_odometer_km', l.in_odometer_km,
                   'in_fuel_eighths', l.in_fuel_eighths) ORDER BY l.number)
        FROM rental_leg l JOIN vehicle v USING (vehicle_id)
        WHERE l.rental_id = r.rental_id) AS cars,
       documents_of(r.rental_id) AS documents,
       jsonb_build_object(
           'Equipment', extras.names, 'AdditionalDriver', extras.names, 'Coverage', (
               SELECT coalesce(jsonb_object_agg(coverage_code, name), '{}') FROM coverage
               WHERE r.coverages ? coverage_code)) AS names
FROM rental r
JOIN branch p ON p.branch_code = r.pickup_branch
JOIN branch d ON d.branch_code = r.return_branch
CROSS JOIN LATERAL (
    SELECT coalesce(jsonb_object_agg(x.extra_code, x.name), '{}') AS names
    FROM jsonb_array_elements(r.extras) AS e JOIN extra x ON x.extra_code = e ->> 'code') AS extras
LEFT JOIN payment.rental_payment y ON y.rental_id = r.rental_id AND y.purpose <> 'DEPOSIT'
WHERE r.reference = %(reference)s
ORDER BY y.sequence DESC NULLS LAST LIMIT 1
