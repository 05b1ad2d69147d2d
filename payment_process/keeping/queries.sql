-- name: find_kept
-- A customer of the rental, with the newest of its cards that has paid or was authorised; one that
-- was authorised has told until when.
SELECT customer_id, CASE WHEN has_paid THEN payment_method_id END AS method_id
FROM (SELECT *, captured_minor > 0 OR capture_before IS NOT NULL AS has_paid FROM payment) AS p
WHERE rental_id = %(rental_id)s AND customer_id IS NOT NULL
ORDER BY has_paid DESC, created_at DESC, renewal DESC LIMIT 1

-- name: list_kept
SELECT DISTINCT customer_id, bool_or(confirm_began_at IS NOT NULL) AS is_busy FROM payment
WHERE rental_id = %(rental_id)s AND customer_id IS NOT NULL
GROUP BY customer_id

-- name: forget
-- The audit trigger writes each row's change; amounts and states stay.
UPDATE payment SET customer_id = NULL, payment_method_id = NULL, save_method = false,
    client_secret = NULL, cause = 'queue', version = version + 1, updated_at = now()
WHERE rental_id = %(rental_id)s
  AND (customer_id IS NOT NULL OR payment_method_id IS NOT NULL OR client_secret IS NOT NULL)
