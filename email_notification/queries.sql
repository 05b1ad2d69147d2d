-- name: claim
-- One statement, so that of two deliveries at once exactly one gets a row back.
INSERT INTO email AS e
    (message_id, rental_id, template, requested_at, status, attempts, claim_id, claimed_until)
VALUES
    (%(message_id)s, %(rental_id)s, %(template)s, %(requested_at)s, 'SENDING', 1, %(claim_id)s,
     now() + %(lease_seconds)s * interval '1 second')
ON CONFLICT (message_id) DO UPDATE SET
    status = 'SENDING',
    attempts = e.attempts + 1,
    claim_id = excluded.claim_id,
    claimed_until = excluded.claimed_until
WHERE e.status = 'QUEUED' OR (e.status = 'SENDING' AND e.claimed_until <= now())
RETURNING e.attempts

-- name: get_status
SELECT status FROM email WHERE message_id = %(message_id)s

-- name: get_rental
SELECT r.reference, r.status, r.locale, recipient_name, recipient_email, class_name, example_model,
       pickup_branch_name, pickup_address, pickup_at, pickup_timezone,
       return_branch_name, return_address, return_at, return_timezone,
       price, deposit_minor, currency, cancellation_policy, r.expires_at, manage_path,
       v.code AS voucher_code, v.url AS voucher_url, v.pdf_url AS voucher_pdf_url,
       v.expires_at AS voucher_expires_at
FROM rent.email_view r
LEFT JOIN LATERAL (
    SELECT * FROM payment.voucher_view WHERE rental_id = %(rental_id)s
    ORDER BY purpose, sequence DESC LIMIT 1
) AS v ON true
WHERE r.rental_id = %(rental_id)s

-- name: get_branch_message
SELECT body FROM rent.branch_message_view
WHERE message_id = %(branch_message_id)s AND rental_id = %(rental_id)s

-- name: mark_sent
UPDATE email SET
    status = 'SENT', sent_at = now(), failure = NULL,
    provider = %(provider)s, provider_message_id = %(provider_message_id)s,
    claim_id = NULL, claimed_until = NULL
WHERE message_id = %(message_id)s AND claim_id = %(claim_id)s

-- name: mark_failed
UPDATE email SET
    status = 'FAILED', failed_at = now(), failure = %(failure)s, provider = %(provider)s,
    claim_id = NULL, claimed_until = NULL
WHERE message_id = %(message_id)s AND claim_id = %(claim_id)s

-- name: release
UPDATE email SET
    status = 'QUEUED', failure = %(failure)s, provider = %(provider)s,
    claim_id = NULL, claimed_until = NULL
WHERE message_id = %(message_id)s AND claim_id = %(claim_id)s
