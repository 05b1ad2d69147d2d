-- name: record
INSERT INTO audit (actor, action, reference, target, reason, before, after)
VALUES (%(actor)s, %(action)s, %(reference)s, %(target)s, %(reason)s, %(before)s, %(after)s)

-- name: list_entries
-- An operator of some branches sees what was done to the rentals of those.
SELECT a.audit_id, a.at, a.actor, a.action, a.reference, a.target, a.reason, a.before, a.after
FROM audit a
LEFT JOIN rental r USING (reference)
WHERE (%(rental)s::text IS NULL OR a.reference = %(rental)s)
  AND (%(before)s::bigint IS NULL OR a.audit_id < %(before)s)
  AND (%(branches)s::text[] IS NULL OR ARRAY[r.pickup_branch, r.return_branch] && %(branches)s)
ORDER BY a.audit_id DESC
LIMIT %(limit)s
