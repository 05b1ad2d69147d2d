-- The caller holds the lock of the rental's row: nothing else moves the rental's money meanwhile.

-- name: lock_rental
-- Taken again in the same transaction it costs nothing.
SELECT rental_id, reference, status, total_minor, deposit_minor, currency, payment_method
FROM rental WHERE rental_id = %(rental_id)s FOR UPDATE

-- name: find_rental_id
SELECT rental_id FROM rental WHERE reference = %(reference)s

-- name: find_charge
SELECT request_hash, amount_minor, due_minor FROM additional_charge
WHERE rental_id = %(rental_id)s AND idempotency_key = %(idempotency_key)s

-- name: insert_charge
INSERT INTO additional_charge
    (rental_id, idempotency_key, request_hash, lines, amount_minor, due_minor, actor)
VALUES (%(rental_id)s, %(idempotency_key)s, %(request_hash)s, %(lines)s, %(amount_minor)s,
    %(due_minor)s, %(actor)s)

-- name: note_event
INSERT INTO rental_event (rental_id, event, actor) VALUES (%(rental_id)s, %(event)s, %(actor)s)

-- name: find_due_payment
SELECT request_hash, expires_at FROM due_payment
WHERE rental_id = %(rental_id)s AND idempotency_key = %(idempotency_key)s

-- name: insert_due_payment
INSERT INTO due_payment (rental_id, idempotency_key, request_hash, sequence, expires_at)
VALUES (%(rental_id)s, %(idempotency_key)s, %(request_hash)s, %(sequence)s, %(expires_at)s)
