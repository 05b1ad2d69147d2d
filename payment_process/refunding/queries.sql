-- name: lock_payment
-- Of a deposit that was renewed: the one that money was taken from.
SELECT * FROM payment
WHERE rental_id = %(rental_id)s AND purpose = %(purpose)s AND sequence = %(sequence)s
ORDER BY captured_minor DESC, renewal DESC LIMIT 1
FOR UPDATE

-- name: lock_payment_by_id
SELECT * FROM payment WHERE payment_id = %(payment_id)s FOR UPDATE

-- name: insert_refund
INSERT INTO refund (payment_id, refund_number, amount_minor, reason, status, failure_code,
    traceparent)
VALUES (%(payment_id)s, %(refund_number)s, %(amount_minor)s, %(reason)s, %(status)s,
    %(failure_code)s, %(traceparent)s)

-- name: find_refund
SELECT * FROM refund WHERE payment_id = %(payment_id)s AND refund_number = %(refund_number)s

-- name: save_refund
UPDATE refund SET status = %(status)s, failure_code = %(failure_code)s,
    vendor_refund_id = %(vendor_refund_id)s, updated_at = now()
WHERE payment_id = %(payment_id)s AND refund_number = %(refund_number)s

-- name: spend_key
UPDATE refund SET spent_keys = spent_keys + 1
WHERE payment_id = %(payment_id)s AND refund_number = %(refund_number)s
  AND spent_keys = %(spent_keys)s

-- name: sum_refunded
SELECT coalesce(sum(amount_minor), 0)::bigint AS settled FROM refund
WHERE payment_id = %(payment_id)s AND status = 'SUCCEEDED'

-- name: find_refund_of_event
SELECT r.* FROM refund r JOIN payment p USING (payment_id)
WHERE p.intent_id = %(intent_id)s AND r.refund_number = %(refund_number)s
  AND NOT EXISTS (SELECT FROM webhook_event WHERE event_id = %(event_id)s)

-- name: take_unsettled_refunds
-- A refund may be on its way for days: whoever was looked at longest ago comes first.
UPDATE refund SET looked_at = now() WHERE (payment_id, refund_number) IN (
    SELECT payment_id, refund_number FROM refund
    WHERE status IN ('REQUESTED', 'PENDING')
      AND updated_at <= now() - %(quiet_seconds)s * interval '1 second'
    ORDER BY greatest(updated_at, looked_at)
    LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
RETURNING *
