-- The caller holds the lock of the rental's row: nothing else moves the rental's money meanwhile.

-- name: read_charges
SELECT c.sequence, c.status, c.received_minor,
       coalesce(sum(r.amount_minor) FILTER (WHERE r.outcome IS DISTINCT FROM 'failed'), 0)::bigint
           AS returned_minor,
       coalesce(sum(r.amount_minor) FILTER (WHERE r.reason <> 'goodwill'), 0)::bigint
           AS settled_minor,
       coalesce(max(r.refund_number), 0) AS refunds
FROM rental_charge c LEFT JOIN rental_refund r USING (rental_id, sequence)
WHERE c.rental_id = %(rental_id)s
GROUP BY c.sequence, c.status, c.received_minor
ORDER BY c.sequence

-- name: read_fee
SELECT fee_minor FROM rental_cancellation WHERE rental_id = %(rental_id)s

-- name: open_charge
INSERT INTO rental_charge (rental_id, sequence, asked_minor, status)
VALUES (%(rental_id)s, %(sequence)s, %(asked_minor)s, 'OPEN')

-- name: receive
-- Once: money that is known changes nothing.
INSERT INTO rental_charge AS c (rental_id, sequence, asked_minor, received_minor, status)
VALUES (%(rental_id)s, %(sequence)s, %(amount_minor)s, %(amount_minor)s, 'RECEIVED')
ON CONFLICT (rental_id, sequence) DO UPDATE
SET received_minor = excluded.received_minor, status = 'RECEIVED'
WHERE c.status <> 'RECEIVED'
RETURNING sequence

-- name: end_charge
UPDATE rental_charge SET status = %(status)s
WHERE rental_id = %(rental_id)s AND sequence = %(sequence)s
  AND status = ANY (CASE WHEN %(status)s = 'DECLINED' THEN ARRAY['OPEN']
                         ELSE ARRAY['OPEN', 'DECLINED'] END)
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
