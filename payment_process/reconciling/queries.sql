-- name: take_unchecked
-- Of the last days, and every authorisation that stands: never compared, changed since, or compared
-- long ago. What a worker may be busy with, and what has a refund on its way, is left alone. What is
-- taken counts as compared at version 0 until it is: what cannot be compared comes again, at the end.
WITH due AS (
SELECT p.* FROM payment p LEFT JOIN vendor_check c USING (payment_id)
WHERE p.intent_id IS NOT NULL
  AND (p.created_at >= now() - %(days)s * interval '1 day' OR p.status = 'AUTHORIZED')
  AND p.updated_at <= now() - %(quiet_seconds)s * interval '1 second'
  AND p.confirm_began_at IS NULL
  AND (c.payment_id IS NULL OR c.version <> p.version OR c.drift IS NOT NULL
       OR c.checked_at <= now() - %(again_seconds)s * interval '1 second')
  AND NOT EXISTS (SELECT FROM refund r WHERE r.payment_id = p.payment_id
                  AND r.status IN ('REQUESTED', 'PENDING'))
ORDER BY c.checked_at NULLS FIRST, p.created_at
LIMIT %(limit)s
), taken AS (
INSERT INTO vendor_check (payment_id, version, checked_at)
SELECT payment_id, 0, now() FROM due
ON CONFLICT (payment_id) DO UPDATE SET version = excluded.version, checked_at = excluded.checked_at
)
SELECT * FROM due

-- name: record_check
INSERT INTO vendor_check (payment_id, version, drift, checked_at)
VALUES (%(payment_id)s, %(version)s, %(drift)s, now())
ON CONFLICT (payment_id) DO UPDATE SET
    version = excluded.version, drift = excluded.drift, checked_at = excluded.checked_at
