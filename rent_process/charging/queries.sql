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
SELECT request_hash, attempt, expires_at FROM due_payment
WHERE rental_id = %(rental_id)s AND idempotency_key = %(idempotency_key)s

-- name: read_asked
-- A payment that no renter has asked for, a modification's, is at its first attempt.
SELECT max(y.status) AS status, coalesce(max(y.attempt), 0) AS attempt,
       coalesce((SELECT max(d.attempt) FROM due_payment d
                 WHERE d.rental_id = %(rental_id)s AND d.sequence = %(sequence)s), 1)
           AS asked_attempt
FROM payment.rental_payment y
WHERE y.rental_id = %(rental_id)s AND y.sequence = %(sequence)s AND y.purpose <> 'DEPOSIT'

-- name: insert_due_payment
INSERT INTO due_payment (rental_id, idempotency_key, request_hash, sequence, attempt, expires_at)
VALUES (%(rental_id)s, %(idempotency_key)s, %(request_hash)s, %(sequence)s, %(attempt)s,
    %(expires_at)s)
