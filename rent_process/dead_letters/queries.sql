-- Each schema shows its own dead letters in a view and resolves them by its own function.

-- name: list_dead_letters
WITH every AS (
    SELECT * FROM rent.dead_letter_view
    UNION ALL SELECT * FROM payment.dead_letter_view
    UNION ALL SELECT * FROM email.dead_letter_view
)
SELECT dead_letter_id, queue, left(body, %(shown)s) AS body, octet_length(body) AS body_bytes,
       dead_at, resolution, resolved_at, resolved_by, reason
FROM every
WHERE (%(queue)s::text IS NULL OR queue = %(queue)s)
  AND (%(resolved)s::boolean IS NULL OR (resolution IS NOT NULL) = %(resolved)s)
  AND (%(before_at)s::timestamptz IS NULL
       OR (dead_at, dead_letter_id) < (%(before_at)s, %(before_id)s::uuid))
ORDER BY dead_at DESC, dead_letter_id DESC
LIMIT %(limit)s

-- name: find_dead_letter
SELECT owner, queue, body, resolution FROM rent.dead_letter_view
WHERE dead_letter_id = %(dead_letter_id)s
UNION ALL
SELECT owner, queue, body, resolution FROM payment.dead_letter_view
WHERE dead_letter_id = %(dead_letter_id)s
UNION ALL
SELECT owner, queue, body, resolution FROM email.dead_letter_view
WHERE dead_letter_id = %(dead_letter_id)s

-- name: resolve_of_rent
SELECT rent.resolve_dead_letter(%(dead_letter_id)s, %(resolution)s, %(actor)s, %(reason)s)

-- name: resolve_of_payment
SELECT payment.resolve_dead_letter(%(dead_letter_id)s, %(resolution)s, %(actor)s, %(reason)s)

-- name: resolve_of_email
SELECT email.resolve_dead_letter(%(dead_letter_id)s, %(resolution)s, %(actor)s, %(reason)s)
