-- name: insert_payment
-- No arbiter: two deliveries at once may meet at either unique index first. What is announced is
-- written by the statement that causes it: one statement, one round trip, one commit.
WITH changed AS (
INSERT INTO payment (payment_id, rental_id, purpose, sequence, reference, status, attempt,
    amount_minor, currency, method, payment_method_id, off_session, save_method, customer_id,
    renewal, expires_at, traceparent, cancel_requested_at, cause)
VALUES (%(payment_id)s, %(rental_id)s, %(purpose)s, %(sequence)s, %(reference)s, %(status)s,
    %(attempt)s, %(amount_minor)s, %(currency)s, %(method)s, %(payment_method_id)s,
    %(off_session)s, %(save_method)s, %(customer_id)s, %(renewal)s, %(expires_at)s,
    %(traceparent)s, %(cancel_requested_at)s, %(cause)s)
ON CONFLICT DO NOTHING
RETURNING payment_id
), sent AS (
INSERT INTO outbox (message_id, queue, body, claimed_until)
SELECT m.message_id, m.queue, m.body, now() + %(lease_seconds)s * interval '1 second'
FROM changed, unnest(%(message_ids)b::uuid[], %(queues)b::text[], %(bodies)b::text[])
     AS m(message_id, queue, body)
)
SELECT payment_id FROM changed

-- name: save_payment
WITH changed AS (
UPDATE payment SET
    status = %(status)s, attempt = %(attempt)s, method = %(method)s,
    payment_method_id = %(payment_method_id)s, expires_at = %(expires_at)s,
    off_session = %(off_session)s, save_method = %(save_method)s, customer_id = %(customer_id)s,
    capture_minor = %(capture_minor)s, replaced_by = %(replaced_by)s,
    traceparent = %(traceparent)s, captured_minor = %(captured_minor)s,
    refunded_minor = %(refunded_minor)s,
    decline_code = %(decline_code)s, intent_id = %(intent_id)s,
    client_secret = %(client_secret)s, next_action = %(next_action)s,
    capture_before = %(capture_before)s, confirm_began_at = %(confirm_began_at)s,
    cancel_requested_at = %(cancel_requested_at)s, spent_keys = %(spent_keys)s,
    cause = %(cause)s, version = version + 1, updated_at = now()
WHERE payment_id = %(payment_id)s AND version = %(version)s
RETURNING payment_id
), sent AS (
INSERT INTO outbox (message_id, queue, body, claimed_until)
SELECT m.message_id, m.queue, m.body, now() + %(lease_seconds)s * interval '1 second'
FROM changed, unnest(%(message_ids)b::uuid[], %(queues)b::text[], %(bodies)b::text[])
     AS m(message_id, queue, body)
)
SELECT payment_id FROM changed

-- name: find_payment
-- Of a deposit that was renewed: the newest.
SELECT * FROM payment
WHERE rental_id = %(rental_id)s AND purpose = %(purpose)s AND sequence = %(sequence)s
ORDER BY renewal DESC LIMIT 1

-- name: get_payment
SELECT * FROM payment WHERE payment_id = %(payment_id)s

-- name: find_payment_by_intent
SELECT * FROM payment
WHERE intent_id = %(intent_id)s
  AND NOT EXISTS (SELECT FROM webhook_event WHERE event_id = %(event_id)s)

-- name: list_uncancelled
SELECT * FROM payment
WHERE rental_id = %(rental_id)s AND purpose = %(purpose)s AND sequence = %(sequence)s
  AND payment_id <> %(payment_id)s AND cancel_requested_at IS NULL AND capture_minor IS NULL
  AND status IN ('CREATED', 'PROCESSING', 'UNKNOWN', 'REQUIRES_ACTION', 'DECLINED', 'AUTHORIZED')
ORDER BY renewal

-- name: insert_webhook_event
INSERT INTO webhook_event (event_id, type) VALUES (%(event_id)s, %(type)s)
ON CONFLICT (event_id) DO NOTHING

-- name: forget_events
DELETE FROM webhook_event WHERE event_id IN (
    SELECT event_id FROM webhook_event WHERE received_at < %(before)s
    ORDER BY received_at LIMIT %(limit)s)

-- name: take_unsettled_payments
-- Who waits for the renter comes last: the vendor tells of that by itself. Among equals whoever was
-- looked at longest ago comes first, so that none keeps another from its turn.
UPDATE payment SET looked_at = now() WHERE payment_id IN (
    SELECT payment_id FROM payment
    WHERE status IN
        ('CREATED', 'PROCESSING', 'UNKNOWN', 'REQUIRES_ACTION', 'DECLINED', 'AUTHORIZED')
      AND (status <> 'AUTHORIZED' OR cancel_requested_at IS NOT NULL)
      AND (status <> 'DECLINED' OR cancel_requested_at IS NOT NULL OR expires_at <= now())
      AND updated_at <= now() - %(quiet_seconds)s * interval '1 second'
    ORDER BY status = 'REQUIRES_ACTION' AND cancel_requested_at IS NULL AND expires_at > now(),
             greatest(updated_at, looked_at)
    LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
RETURNING *
