-- name: list_disputes
SELECT d.dispute_id, r.reference, d.purpose, d.intent_id, d.status, d.reason, d.amount_minor,
       d.currency, d.opened_at, d.evidence_due_at, d.updated_at
FROM payment.dispute_view d JOIN rental r USING (rental_id)
WHERE (%(open)s::boolean IS NULL
       OR (d.status IN ('warning_needs_response', 'warning_under_review', 'needs_response',
                        'under_review')) = %(open)s)
  AND (%(branches)s::text[] IS NULL
       OR ARRAY[r.pickup_branch, r.return_branch] && %(branches)s)
  AND (%(before_at)s::timestamptz IS NULL
       OR (d.opened_at, d.dispute_id) < (%(before_at)s, %(before_id)s::text))
ORDER BY d.opened_at DESC, d.dispute_id DESC
LIMIT %(limit)s
