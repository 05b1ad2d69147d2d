-- name: lock_rental
-- One writer a thread at a time, so that its bounds hold.
SELECT rental_id, driver ? 'erased' AS erased FROM rental
WHERE reference = %(reference)s FOR NO KEY UPDATE

-- name: read_thread
SELECT count(*)::integer AS messages,
       (count(*) FILTER (WHERE author = 'renter' AND sent_at > %(now)s - interval '1 hour'))
           ::integer AS renter_recent,
       (array_agg(message_id ORDER BY position DESC))[1] AS last_id,
       (array_agg(author ORDER BY position DESC))[1] AS last_author,
       (array_agg(body ORDER BY position DESC))[1] AS last_text
FROM rental_message WHERE rental_id = %(rental_id)s

-- name: insert_message
INSERT INTO rental_message (rental_id, author, actor, body)
VALUES (%(rental_id)s, %(author)s, %(actor)s, %(text)s)
RETURNING message_id, author, body AS text, sent_at

-- name: read_message
SELECT message_id, author, body AS text, sent_at FROM rental_message
WHERE message_id = %(message_id)s

-- name: list_messages
SELECT m.message_id, m.author, m.body AS text, m.sent_at
FROM rental_message m JOIN rental r USING (rental_id)
WHERE r.reference = %(reference)s ORDER BY m.position

-- name: settle
UPDATE rental_message SET settled_at = clock_timestamp()
WHERE rental_id = %(rental_id)s AND author = 'renter' AND settled_at IS NULL

-- name: list_waiting
-- The longest waiting first. Branches that are NULL: every branch.
SELECT r.rental_id, r.reference, r.status, r.pickup_branch, r.return_branch,
       coalesce(r.driver ->> 'given_name', '') AS given_name,
       coalesce(r.driver ->> 'family_name', '') AS family_name,
       w.waiting, w.waiting_since, w.text
FROM (
    SELECT rental_id, count(*) AS waiting, min(sent_at) AS waiting_since,
           (array_agg(body ORDER BY position DESC))[1] AS text
    FROM rental_message WHERE author = 'renter' AND settled_at IS NULL GROUP BY rental_id
) AS w
JOIN rental r USING (rental_id)
WHERE (%(branch)s::text IS NULL OR %(branch)s IN (r.pickup_branch, r.return_branch))
  AND (%(branches)s::text[] IS NULL
       OR ARRAY[r.pickup_branch, r.return_branch] && %(branches)s)
  AND (%(after_at)s::timestamptz IS NULL
       OR (w.waiting_since, r.rental_id) > (%(after_at)s, %(after_id)s::uuid))
ORDER BY w.waiting_since, r.rental_id
LIMIT %(limit)s
