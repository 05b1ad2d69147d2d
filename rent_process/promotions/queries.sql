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

-- name: list_codes
SELECT p.promo_code AS code, nullif(basis_points, 0) AS basis_points,
       CASE WHEN amount_minor > 0
            THEN jsonb_build_object('amount', amount_minor, 'currency', currency) END AS amount,
       valid_from, valid_until, pickup_from, pickup_until, minimum_days, usage_limit,
       promo_uses(p.promo_code) AS uses, class_codes AS classes, branch_codes AS branches
FROM promo_code p
WHERE %(code)s::text IS NULL OR p.promo_code = %(code)s
ORDER BY valid_until DESC, p.promo_code LIMIT %(limit)s

-- name: write_code
INSERT INTO promo_code (promo_code, basis_points, amount_minor, currency, valid_from, valid_until,
                        pickup_from, pickup_until, minimum_days, usage_limit, class_codes,
                        branch_codes)
VALUES (%(code)s, coalesce(%(basis_points)s, 0), coalesce(%(amount_minor)s, 0), %(currency)s,
        %(valid_from)s, %(valid_until)s, %(pickup_from)s, %(pickup_until)s, %(minimum_days)s,
        %(usage_limit)s, %(classes)s, %(branches)s)
ON CONFLICT (promo_code) DO UPDATE SET
    basis_points = excluded.basis_points, amount_minor = excluded.amount_minor,
    currency = excluded.currency, valid_from = excluded.valid_from,
    valid_until = excluded.valid_until, pickup_from = excluded.pickup_from,
    pickup_until = excluded.pickup_until, minimum_days = excluded.minimum_days,
    usage_limit = excluded.usage_limit, class_codes = excluded.class_codes,
    branch_codes = excluded.branch_codes
