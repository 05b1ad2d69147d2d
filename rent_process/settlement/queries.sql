-- Lock order: rental, then calendar rows by (branch, class, block); one rental per transaction.

-- name: lock_rental
SELECT rental_id, reference, status, total_minor, currency, expires_at, attempt, declined_attempt,
       payment_method
FROM rental WHERE rental_id = %(rental_id)s FOR UPDATE

-- name: lock_rental_by_reference
SELECT rental_id, reference, status, total_minor, currency, expires_at, attempt, declined_attempt,
       payment_method
FROM rental WHERE reference = %(reference)s FOR UPDATE

-- name: read_payment_state
SELECT status, attempt FROM payment.rental_payment
WHERE rental_id = %(rental_id)s AND purpose = 'PREPAY' ORDER BY sequence DESC LIMIT 1

-- name: confirm
-- A payment in time, or a counter booking: the hours are held already.
UPDATE rental SET status = 'CONFIRMED', expires_at = NULL, version = version + 1
WHERE rental_id = %(rental_id)s AND status = 'PENDING'
RETURNING rental_id

-- name: confirm_late
-- A payment after expiry: take again what is still ahead, all of it or nothing.
WITH late AS (
    SELECT rental_id, pickup_branch, class_code, greatest(from_hour, %(now_hour)s) AS from_hour,
           to_hour
    FROM rental
    WHERE rental_id = %(rental_id)s AND status = 'EXPIRED' AND pickup_at > %(now)s
      AND NOT driver ? 'erased' -- nobody is left to hand a car to
    FOR UPDATE
), wanted AS (
    SELECT late.pickup_branch AS branch_code, late.class_code, b.*
    FROM late, blocks_of(late.from_hour, late.to_hour) AS b
), locked AS MATERIALIZED (
    SELECT c.branch_code, c.class_code, c.block, w.low, w.high, c.free
    FROM class_calendar c JOIN wanted w USING (branch_code, class_code, block)
    ORDER BY c.branch_code, c.class_code, c.block
    FOR UPDATE OF c
), verdict AS (
    SELECT count(*) > 0 AND count(*) = (SELECT count(*) FROM wanted)
           AND coalesce(bool_and(1 <= ALL (free[low:high])), false) AS available
    FROM locked
), confirmed AS (
    UPDATE rental r SET status = 'CONFIRMED', version = version + 1
    FROM late, verdict
    WHERE r.rental_id = late.rental_id AND verdict.available
    RETURNING r.rental_id
), held AS (
    UPDATE class_calendar c SET free = taken(l.free, l.low, l.high)
    FROM locked l, confirmed
    WHERE c.branch_code = l.branch_code AND c.class_code = l.class_code AND c.block = l.block
)
SELECT rental_id FROM confirmed

-- name: end_pending
-- Expire, fail or cancel a hold: one compare-and-swap, and what is still ahead is given back.
WITH ended AS (
    UPDATE rental SET status = %(status)s, expires_at = NULL, version = version + 1
    WHERE rental_id = %(rental_id)s AND status = 'PENDING'
      AND (%(status)s <> 'EXPIRED' OR expires_at <= %(now)s)
    RETURNING rental_id, pickup_branch, class_code,
              greatest(from_hour, %(now_hour)s) AS from_hour, to_hour
), ahead AS (
    SELECT ended.pickup_branch AS branch_code, ended.class_code, b.*
    FROM ended, blocks_of(ended.from_hour, ended.to_hour) AS b
    WHERE ended.from_hour < ended.to_hour
), locked AS MATERIALIZED (
    SELECT c.branch_code, c.class_code, c.block, a.low, a.high
    FROM class_calendar c JOIN ahead a USING (branch_code, class_code, block)
    ORDER BY c.branch_code, c.class_code, c.block
    FOR UPDATE OF c
), given AS (
    UPDATE class_calendar c
    SET free = given_free(c.free, c.short, l.low, l.high),
        short = given_short(c.short, l.low, l.high)
    FROM locked l
    WHERE c.branch_code = l.branch_code AND c.class_code = l.class_code AND c.block = l.block
)
SELECT rental_id FROM ended

-- name: note_event
INSERT INTO rental_event (rental_id, event, actor) VALUES (%(rental_id)s, %(event)s, %(actor)s)

-- name: decline_attempt
-- Each attempt is declined once, however often the message comes.
UPDATE rental SET declined_attempt = %(attempt)s, version = version + 1
WHERE rental_id = %(rental_id)s AND status = 'PENDING' AND declined_attempt < %(attempt)s
RETURNING rental_id

-- name: find_retry
SELECT attempt, request_hash FROM payment_retry
WHERE rental_id = %(rental_id)s AND idempotency_key = %(idempotency_key)s

-- name: start_retry
WITH started AS (
    UPDATE rental SET attempt = attempt + 1, payment_method = %(payment_method)s,
           version = version + 1
    WHERE rental_id = %(rental_id)s
    RETURNING rental_id, attempt
)
INSERT INTO payment_retry (rental_id, attempt, idempotency_key, request_hash)
SELECT rental_id, attempt, %(idempotency_key)s, %(request_hash)s FROM started
RETURNING attempt

-- name: list_due
SELECT rental_id FROM rental
WHERE status = 'PENDING' AND expires_at <= %(now)s
ORDER BY expires_at LIMIT %(limit)s
