-- name: claim_due
-- Whatever is due at its branch's clock, at hours at which people like to hear from a company. A
-- rental that another transaction changes right now is left for the next run: what is reminded of
-- here is neither cancelled nor moved until this commits.
WITH clock AS (
    SELECT branch_code, timezone, %(now)s AT TIME ZONE timezone AS local FROM branch
), due AS (
    SELECT r.rental_id, 'pickup' AS kind, r.status, r.pickup_at, r.return_at,
           (r.pickup_at AT TIME ZONE c.timezone)::date AS about
    FROM rental r JOIN clock c ON c.branch_code = r.pickup_branch
    WHERE r.status = 'CONFIRMED'
      AND r.pickup_at BETWEEN %(now)s AND %(now)s + interval '50 hours'
      AND (r.pickup_at AT TIME ZONE c.timezone)::date = c.local::date + 1
      AND c.local::time >= '09:00' AND c.local::time < '21:00'
    UNION ALL
    SELECT r.rental_id, 'return', r.status, r.pickup_at, r.return_at,
           (r.return_at AT TIME ZONE c.timezone)::date
    FROM rental r JOIN clock c ON c.branch_code = r.return_branch
    WHERE r.status = 'CHECKED_OUT'
      AND r.return_at BETWEEN %(now)s AND %(now)s + interval '26 hours'
      AND (r.return_at AT TIME ZONE c.timezone)::date = c.local::date
      AND c.local::time >= '07:00' AND c.local::time < '21:00'
    UNION ALL
    SELECT r.rental_id, 'overdue', r.status, r.pickup_at, r.return_at,
           (r.return_at AT TIME ZONE c.timezone)::date
    FROM rental r JOIN clock c ON c.branch_code = r.return_branch
    WHERE r.status = 'CHECKED_OUT'
      AND r.return_at <= %(now)s - interval '1 hour' -- the grace of every tariff is shorter
      AND c.local::time >= '07:00' AND c.local::time < '21:00'
    UNION ALL
    SELECT r.rental_id, 'review', r.status, r.pickup_at, r.return_at,
           (r.return_at AT TIME ZONE c.timezone)::date
    FROM rental r JOIN clock c ON c.branch_code = r.return_branch
    WHERE r.status = 'COMPLETED' AND NOT r.driver ? 'erased'
      AND r.return_at > %(now)s - interval '7 days' -- later, nobody remembers
      AND (r.return_at AT TIME ZONE c.timezone)::date < c.local::date
      AND c.local::time >= '10:00' AND c.local::time < '21:00'
      AND NOT EXISTS (SELECT FROM review v WHERE v.rental_id = r.rental_id)
), locked AS (
    SELECT due.rental_id, due.kind, due.about
    FROM due JOIN rental r USING (rental_id)
    WHERE r.status = due.status AND r.pickup_at = due.pickup_at AND r.return_at = due.return_at
      AND NOT EXISTS (SELECT FROM reminder m
                      WHERE (m.rental_id, m.kind, m.about) = (due.rental_id, due.kind, due.about))
    LIMIT %(limit)s
    FOR SHARE OF r SKIP LOCKED
)
INSERT INTO reminder (rental_id, kind, about)
SELECT rental_id, kind, about FROM locked
ON CONFLICT DO NOTHING
RETURNING rental_id, kind
