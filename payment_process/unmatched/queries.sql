-- name: find_read_until
SELECT read_until FROM vendor_listing

-- name: set_read_until
INSERT INTO vendor_listing (read_until) VALUES (%(read_until)s)
ON CONFLICT (only_row) DO UPDATE SET read_until = EXCLUDED.read_until

-- name: keep_unmatched
-- A payment without an intent may be about to note this one: its repeat gets the same from the vendor.
INSERT INTO unmatched_intent (
    intent_id, rental_id, payment_id, reference, status, currency, made_at)
SELECT %(intent_id)s, %(rental_id)s, %(payment_id)s, %(reference)s, %(status)s, %(currency)s,
    %(made_at)s
WHERE NOT EXISTS (
    SELECT FROM payment p WHERE p.intent_id = %(intent_id)s
        OR (p.payment_id = %(payment_id)s AND p.intent_id IS NULL))
ON CONFLICT (intent_id) DO NOTHING

-- name: forget_matched
DELETE FROM unmatched_intent u USING payment p WHERE p.intent_id = u.intent_id

-- name: take_open
UPDATE unmatched_intent SET looked_up_at = now() WHERE intent_id IN (
    SELECT intent_id FROM unmatched_intent WHERE closed_at IS NULL
    ORDER BY looked_up_at NULLS FIRST, made_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
RETURNING intent_id

-- name: record_state
UPDATE unmatched_intent SET status = %(status)s, held_minor = %(held_minor)s,
    looked_up_at = now(), closed_at = CASE WHEN %(is_over)s THEN now() END
WHERE intent_id = %(intent_id)s
