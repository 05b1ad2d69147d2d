-- name: read_payer
SELECT coalesce(driver -> 'document' ->> 'type', '') AS document_type, pickup_at
FROM rental WHERE rental_id = %(rental_id)s

-- name: note_address
-- A hold that was short, for a card, lasts until a boleto's money can have come.
UPDATE rental SET driver = driver || jsonb_build_object('billing_address', %(address)s::jsonb),
       expires_at = CASE WHEN status = 'PENDING' THEN greatest(expires_at, %(hold_ends)s) END
WHERE rental_id = %(rental_id)s
RETURNING expires_at
