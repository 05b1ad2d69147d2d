-- Lock order: rental, promo code, calendar.

-- name: lock_limit
-- No row: the code has no limit, and nobody waits for anybody.
SELECT usage_limit FROM promo_code
WHERE promo_code = %(code)s AND usage_limit IS NOT NULL
FOR NO KEY UPDATE

-- name: count_uses
-- In a statement of its own: it sees what was committed while the lock was waited for.
SELECT promo_uses(%(code)s) AS uses

-- name: record_use
INSERT INTO promo_use (rental_id, promo_code) VALUES (%(rental_id)s, %(code)s)
ON CONFLICT (rental_id) DO UPDATE SET promo_code = excluded.promo_code, used_at = excluded.used_at

-- name: find_use
SELECT promo_code FROM promo_use WHERE rental_id = %(rental_id)s

-- name: forget_use
DELETE FROM promo_use WHERE rental_id = %(rental_id)s
