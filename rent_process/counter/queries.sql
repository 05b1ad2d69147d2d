-- The caller holds the lock of the rental's row.

-- name: find_entry
SELECT request_hash, due_minor FROM counter_entry
WHERE rental_id = %(rental_id)s AND idempotency_key = %(idempotency_key)s

-- name: insert_entry
INSERT INTO counter_entry
    (rental_id, idempotency_key, request_hash, kind, amount_minor, due_minor, actor)
VALUES (%(rental_id)s, %(idempotency_key)s, %(request_hash)s, %(kind)s, %(amount_minor)s,
    %(due_minor)s, %(actor)s)
