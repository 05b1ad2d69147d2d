-- One request, one commit, where possible one statement. Lock order: rental, then calendar rows
-- by (branch, class, block). A row that is locked here is read in its newest version, and what is
-- written is computed from that: PostgreSQL checks constraints on a row computed from the older
-- version before it notices that there is a newer one, so "free - 1" of a car given back since
-- would be refused as oversold.

-- name: book
WITH wanted AS (
    SELECT * FROM blocks_of(%(from_hour)s, %(to_hour)s)
), locked AS MATERIALIZED (
    SELECT c.block, w.low, w.high, c.free
    FROM class_calendar c JOIN wanted w USING (block)
    WHERE c.branch_code = %(pickup_branch)s AND c.class_code = %(class_code)s
    ORDER BY c.block
    FOR UPDATE OF c
), verdict AS (
    SELECT count(*) = (SELECT count(*) FROM wanted)
           AND coalesce(bool_and(1 <= ALL (free[low:high])), false) AS available
    FROM locked
), booked AS (
    INSERT INTO rental (
        rental_id, reference, status, idempotency_scope, idempotency_key, request_hash, subject,
        pickup_branch, return_branch, class_code, pickup_at, return_at, from_hour, to_hour,
        driver, driver_age, price, total_minor, currency, deposit_minor, cancellation_policy,
        extras, coverages, payment_method, attempt, locale, expires_at)
    SELECT %(rental_id)s, %(reference)s, %(status)s, %(idempotency_scope)s, %(idempotency_key)s,
           %(request_hash)s, %(subject)s, %(pickup_branch)s, %(return_branch)s, %(class_code)s,
           %(pickup_at)s, %(return_at)s, %(from_hour)s, %(to_hour)s, %(driver)s::jsonb, %(driver_age)s,
           %(price)s::jsonb, %(total_minor)s, %(currency)s, %(deposit_minor)s, %(cancellation_policy)s::jsonb,
           %(extras)s::jsonb, %(coverages)s::jsonb, %(payment_method)s, %(attempt)s, %(locale)s, %(expires_at)s
    FROM verdict WHERE available
    ON CONFLICT (idempotency_scope, idempotency_key) DO NOTHING
    RETURNING rental_id
), held AS (
    UPDATE class_calendar c SET free = taken(l.free, l.low, l.high)
    FROM locked l, booked
    WHERE c.branch_code = %(pickup_branch)s AND c.class_code = %(class_code)s
      AND c.block = l.block
), noted AS (
    INSERT INTO rental_event (rental_id, event, actor)
    SELECT rental_id, e.event, %(actor)s FROM booked, unnest(%(events)s::text[]) AS e(event)
), counted AS (
    -- One too many breaks the table's CHECK: the whole statement is refused, nothing is held.
    INSERT INTO recent_try (subject, ends_at, maximum, tries)
    SELECT t.subject, t.ends_at, t.maximum, 1
    FROM booked, unnest(%(try_subjects)b::bytea[], %(try_ends)b::timestamptz[], %(try_maxima)b::int[])
         AS t(subject, ends_at, maximum)
    ORDER BY t.subject
    ON CONFLICT (subject) DO UPDATE SET tries = recent_try.tries + 1, maximum = EXCLUDED.maximum
), sent AS (
    INSERT INTO outbox (message_id, queue, body, claimed_until)
    SELECT m.message_id, m.queue, m.body, now() + %(lease_seconds)s * interval '1 second'
    FROM booked, unnest(%(message_ids)b::uuid[], %(queues)b::text[], %(bodies)b::text[])
         AS m(message_id, queue, body)
)
SELECT available, EXISTS (SELECT FROM booked) AS booked FROM verdict

-- name: find_by_key
SELECT rental_id, reference, status, request_hash, total_minor, currency, expires_at
FROM rental
WHERE idempotency_scope = %(idempotency_scope)s AND idempotency_key = %(idempotency_key)s
