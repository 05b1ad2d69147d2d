-- name: list_rentals
-- Parts that are not asked for are NULL. The position of the page before comes as two values that
-- stand for one place in (created_at, rental_id), the order of index rental_newest.
SELECT r.rental_id, r.reference, r.status, r.created_at, r.class_code, r.driver, r.total_minor,
       r.currency, r.payment_method, r.attempt, y.status AS payment_status, y.attempt AS
       payment_attempt,
       r.pickup_at, r.pickup_branch, p.name AS pickup_name, p.timezone AS pickup_timezone,
       r.return_at, r.return_branch, d.name AS return_name, d.timezone AS return_timezone
FROM rental r
JOIN branch p ON p.branch_code = r.pickup_branch
JOIN branch d ON d.branch_code = r.return_branch
LEFT JOIN LATERAL (
    SELECT status, attempt FROM payment.rental_payment
    WHERE rental_id = r.rental_id AND purpose = 'PREPAY' ORDER BY sequence DESC LIMIT 1
) y ON true
WHERE (%(status)s::text IS NULL OR r.status = %(status)s)
  AND (%(branch)s::text IS NULL OR %(branch)s IN (r.pickup_branch, r.return_branch))
  AND (%(branches)s::text[] IS NULL
       OR ARRAY[r.pickup_branch, r.return_branch] && %(branches)s)
  AND (%(from_at)s::timestamptz IS NULL OR r.pickup_at >= %(from_at)s)
  AND (%(to_at)s::timestamptz IS NULL OR r.pickup_at < %(to_at)s)
  AND (%(sought)s::text IS NULL
       OR r.reference = upper(%(sought)s)
       OR lower(r.driver ->> 'email') LIKE %(pattern)s
       OR lower((r.driver ->> 'given_name') || ' ' || (r.driver ->> 'family_name'))
          LIKE %(pattern)s
       OR lower(r.driver ->> 'family_name') LIKE %(pattern)s)
  AND (%(before_at)s::timestamptz IS NULL
       OR (r.created_at, r.rental_id) < (%(before_at)s, %(before_id)s::uuid))
ORDER BY r.created_at DESC, r.rental_id DESC
LIMIT %(limit)s
