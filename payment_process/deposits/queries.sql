-- name: list_of_deposit
SELECT * FROM payment
WHERE rental_id = %(rental_id)s AND purpose = %(purpose)s AND sequence = %(sequence)s
ORDER BY renewal

-- name: take_uncaptured
-- A capture was begun and its answer is not recorded.
UPDATE payment SET looked_at = now() WHERE payment_id IN (
    SELECT payment_id FROM payment
    WHERE status = 'AUTHORIZED' AND capture_minor IS NOT NULL
      AND updated_at <= now() - %(quiet_seconds)s * interval '1 second'
    ORDER BY greatest(updated_at, looked_at)
    LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
RETURNING *

-- name: take_lapsing
-- What stands and lapses soon, and what a renewal was opened for. Not what lapses first: many may
-- be past renewing, and would keep the others waiting until they lapse, too.
UPDATE payment SET looked_at = now() WHERE payment_id IN (
    SELECT payment_id FROM payment
    WHERE status = 'AUTHORIZED' AND capture_minor IS NULL AND cancel_requested_at IS NULL
      AND (capture_before <= %(before)s OR replaced_by IS NOT NULL)
    ORDER BY greatest(updated_at, looked_at)
    LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
RETURNING *

-- name: is_rested
SELECT updated_at <= now() - %(pause_seconds)s * interval '1 second' AS rested FROM payment
WHERE payment_id = %(payment_id)s AND status = 'DECLINED'
