-- The caller holds the lock of the rental's row.

-- name: find_no_show
SELECT fee_minor, refund_minor, at_counter_minor FROM rental_no_show
WHERE rental_id = %(rental_id)s

-- name: insert_no_show
INSERT INTO rental_no_show (rental_id, fee_minor, refund_minor, at_counter_minor)
VALUES (%(rental_id)s, %(fee_minor)s, %(refund_minor)s, %(at_counter_minor)s)
