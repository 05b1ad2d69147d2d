-- name: had_its_effect
SELECT EXISTS (SELECT FROM webhook_event WHERE event_id = %(event_id)s) AS known

-- name: lock_payment_of_intent
SELECT * FROM payment WHERE intent_id = %(intent_id)s FOR UPDATE

-- name: find_status
SELECT status FROM dispute WHERE dispute_id = %(dispute_id)s

-- name: save_dispute
INSERT INTO dispute (dispute_id, payment_id, status, reason, amount_minor, currency, opened_at,
    evidence_due_at)
VALUES (%(dispute_id)s, %(payment_id)s, %(status)s, %(reason)s, %(amount_minor)s, %(currency)s,
    %(opened_at)s, %(evidence_due_at)s)
ON CONFLICT (dispute_id) DO UPDATE SET status = EXCLUDED.status, reason = EXCLUDED.reason,
    amount_minor = EXCLUDED.amount_minor, evidence_due_at = EXCLUDED.evidence_due_at,
    updated_at = now()

-- name: list_statuses
SELECT status FROM dispute WHERE payment_id = %(payment_id)s

-- name: take_open
-- A dispute is argued for months: whoever was looked at longest ago comes first.
UPDATE dispute SET looked_at = now() WHERE dispute_id IN (
    SELECT dispute_id FROM dispute
    WHERE status IN
        ('warning_needs_response', 'warning_under_review', 'needs_response', 'under_review')
    ORDER BY looked_at NULLS FIRST, updated_at
    LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
RETURNING dispute_id
