-- Lock order: rental, then calendar rows by (branch, class, block).

-- name: read_rental
SELECT rental_id, reference, status, version, pickup_at, total_minor, currency,
       cancellation_policy AS policy
FROM rental WHERE reference = %(reference)s

-- name: lock_rental
SELECT rental_id, reference, status, version, pickup_at, total_minor, currency,
       cancellation_policy AS policy
FROM rental WHERE reference = %(reference)s FOR UPDATE

-- name: find_cancellation
SELECT fee_minor, refund_minor FROM rental_cancellation WHERE rental_id = %(rental_id)s

-- name: cancel
-- One compare-and-swap with all that follows; what is still ahead is given back.
WITH ended AS (
    UPDATE rental SET status = 'CANCELLED', expires_at = NULL, version = version + 1
    WHERE rental_id = %(rental_id)s AND version = %(version)s
      AND status IN ('PENDING', 'CONFIRMED')
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
), written AS (
    INSERT INTO rental_cancellation (rental_id, actor, reason, fee_minor, refund_minor)
    SELECT rental_id, %(actor)s, %(reason)s, %(fee_minor)s, %(refund_minor)s FROM ended
), noted AS (
    INSERT INTO rental_event (rental_id, event, actor)
    SELECT rental_id, e.event, %(actor)s FROM ended, unnest(%(events)s::text[]) AS e(event)
), sent AS (
    INSERT INTO outbox (message_id, queue, body, claimed_until)
    SELECT m.message_id, m.queue, m.body, now() + %(lease_seconds)s * interval '1 second'
    FROM ended, unnest(%(message_ids)s::uuid[], %(queues)s::text[], %(bodies)s::text[])
         AS m(message_id, queue, body)
)
SELECT EXISTS (SELECT FROM ended) AS cancelled
