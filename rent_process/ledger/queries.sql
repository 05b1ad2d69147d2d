-- The caller holds the lock of the rental's row: nothing else moves the rental's money meanwhile.

-- name: read_charges
SELECT c.sequence, c.purpose, c.status, c.asked_minor, c.received_minor, c.settle_minor,
       coalesce(sum(r.amount_minor) FILTER (WHERE r.outcome IS DISTINCT FROM 'failed'), 0)::bigint
           AS returned_minor,
       coalesce(sum(r.amount_minor) FILTER (WHERE r.reason <> 'goodwill'), 0)::bigint
           AS settled_minor,
       coalesce(max(r.refund_number), 0) AS refunds
FROM rental_charge c LEFT JOIN rental_refund r USING (rental_id, sequence)
WHERE c.rental_id = %(rental_id)s
GROUP BY c.rental_id, c.sequence
ORDER BY c.sequence

-- name: read_rest
-- What came over the counter and went back over it, and what is owed on top of the price.
SELECT (SELECT coalesce(sum(CASE WHEN kind IN ('cash', 'terminal') THEN amount_minor
                                 WHEN kind IN ('cash_returned', 'terminal_returned')
                                 THEN -amount_minor END), 0)::bigint
        FROM counter_entry WHERE rental_id = %(rental_id)s) AS counter_minor,
       (SELECT coalesce(sum(amount_minor), 0)::bigint
        FROM additional_charge WHERE rental_id = %(rental_id)s) AS additional_minor

-- name: read_fee
-- Of a cancellation, or of not having come: never of both.
SELECT fee_minor FROM rental_cancellation WHERE rental_id = %(rental_id)s
UNION ALL SELECT fee_minor FROM rental_no_show WHERE rental_id = %(rental_id)s

-- name: open_charge
INSERT INTO rental_charge (rental_id, sequence, purpose, asked_minor, status)
VALUES (%(rental_id)s, %(sequence)s, %(purpose)s, %(asked_minor)s, 'OPEN')

-- name: receive
-- Once: money that is known changes nothing.
INSERT INTO rental_charge AS c (rental_id, sequence, asked_minor, received_minor, status)
VALUES (%(rental_id)s, %(sequence)s, %(amount_minor)s, %(amount_minor)s, 'RECEIVED')
ON CONFLICT (rental_id, sequence) DO UPDATE
SET received_minor = excluded.received_minor, status = 'RECEIVED'
WHERE c.status <> 'RECEIVED'
RETURNING sequence

-- name: hold
UPDATE rental_charge SET status = 'HELD'
WHERE rental_id = %(rental_id)s AND sequence = %(sequence)s AND purpose = 'DEPOSIT'
  AND status IN ('OPEN', 'DECLINED')
RETURNING sequence

-- name: settle_held
-- A release may come before the deposit stands.
UPDATE rental_charge SET settle_minor = %(settle_minor)s
WHERE rental_id = %(rental_id)s AND sequence = %(sequence)s AND status IN ('OPEN', 'HELD')
  AND settle_minor IS NULL

-- name: decline_charge
-- Not by an attempt that the renter has left for another: now that one's answer counts.
UPDATE rental_charge SET status = 'DECLINED'
WHERE rental_id = %(rental_id)s AND sequence = %(sequence)s AND status = 'OPEN'
  AND NOT EXISTS (SELECT FROM due_payment d
                  WHERE d.rental_id = %(rental_id)s AND d.sequence = %(sequence)s
                    AND d.attempt > %(attempt)s)
RETURNING sequence

-- name: close_charge
UPDATE rental_charge SET status = 'CLOSED'
WHERE rental_id = %(rental_id)s AND sequence = %(sequence)s
  AND status IN ('OPEN', 'HELD', 'DECLINED')
RETURNING sequence

-- name: insert_refund
INSERT INTO rental_refund (rental_id, sequence, refund_number, amount_minor, reason)
VALUES (%(rental_id)s, %(sequence)s, %(refund_number)s, %(amount_minor)s, %(reason)s)

-- name: settle_refund
-- A refund that has succeeded can still bounce; what has failed stays so.
UPDATE rental_refund SET outcome = %(outcome)s
WHERE rental_id = %(rental_id)s AND sequence = %(sequence)s AND refund_number = %(refund_number)s
  AND (outcome IS NULL OR (outcome = 'refunded' AND %(outcome)s = 'failed'))
RETURNING refund_number
