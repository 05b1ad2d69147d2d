-- name: lock_rental
-- Shared: its state cannot change until the review stands.
SELECT rental_id, status, pickup_branch, class_code FROM rental
WHERE reference = %(reference)s AND NOT driver ? 'erased' FOR SHARE

-- name: insert_review
INSERT INTO review (rental_id, branch_code, class_code, rating, comment, status)
VALUES (%(rental_id)s, %(branch)s, %(class)s, %(rating)s, %(comment)s, %(status)s)
ON CONFLICT (rental_id) DO NOTHING
RETURNING rating, comment, status, created_at

-- name: read_own
SELECT r.status AS rental_status, v.rating, v.comment, v.status, v.created_at
FROM rental r LEFT JOIN review v USING (rental_id)
WHERE r.reference = %(reference)s

-- name: average
SELECT round(avg(rating), 1)::double precision AS average, count(*) AS count FROM review
WHERE (%(class)s::text IS NULL OR class_code = %(class)s)
  AND (%(branch)s::text IS NULL OR branch_code = %(branch)s)

-- name: list_reviews
-- By what became of the comment, newest first. Branches that are NULL: every branch.
SELECT v.review_id, r.reference, v.rating, v.comment, v.status, v.class_code AS class,
       v.branch_code AS branch, v.created_at, v.moderated_at
FROM review v JOIN rental r USING (rental_id)
WHERE v.status = %(status)s
  AND (%(class)s::text IS NULL OR v.class_code = %(class)s)
  AND (%(branch)s::text IS NULL OR v.branch_code = %(branch)s)
  AND (%(branches)s::text[] IS NULL OR v.branch_code = ANY (%(branches)s))
  AND (%(before_at)s::timestamptz IS NULL
       OR (v.created_at, v.review_id) < (%(before_at)s, %(before_id)s::uuid))
ORDER BY v.created_at DESC, v.review_id DESC
LIMIT %(limit)s

-- name: lock_review
SELECT v.review_id, r.reference, v.rating, v.comment, v.status, v.class_code AS class,
       v.branch_code AS branch, v.created_at, v.moderated_at
FROM review v JOIN rental r USING (rental_id)
WHERE v.review_id = %(review_id)s
  AND (%(branches)s::text[] IS NULL OR v.branch_code = ANY (%(branches)s))
FOR UPDATE OF v

-- name: moderate
UPDATE review SET status = %(status)s, moderated_at = clock_timestamp()
WHERE review_id = %(review_id)s
RETURNING status, moderated_at
