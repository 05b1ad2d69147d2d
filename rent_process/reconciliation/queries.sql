-- Every check finds what should not be, named by `example` (a rental's reference where there is
-- one). What is younger than the grace may still be on its way; what is older than the horizon has
-- been looked at for weeks.

-- name: holds_overdue
-- A hold that has run out still keeps its car: the timer does not run.
SELECT reference AS example FROM rental
WHERE status = 'PENDING' AND expires_at <= now() - %(grace_seconds)s * interval '1 second'

-- name: confirmed_unpaid
-- Sold, paid online as it says, and no money taken.
SELECT r.reference AS example FROM rental r
WHERE r.status IN ('CONFIRMED', 'CHECKED_OUT', 'COMPLETED')
  AND r.payment_method <> 'counter' AND r.total_minor > 0
  AND r.created_at BETWEEN now() - %(horizon_days)s * interval '1 day'
                       AND now() - %(grace_seconds)s * interval '1 second'
  AND NOT EXISTS (SELECT FROM payment.reconciliation_view y
                  WHERE y.rental_id = r.rental_id AND y.captured_minor > 0)

-- name: paid_not_confirmed
-- Money kept for a rental that there is not.
SELECT r.reference AS example
FROM rental r JOIN payment.reconciliation_view y USING (rental_id)
WHERE r.status IN ('PENDING', 'EXPIRED', 'FAILED')
  AND r.created_at >= now() - %(horizon_days)s * interval '1 day'
  AND y.updated_at <= now() - %(grace_seconds)s * interval '1 second'
GROUP BY r.reference HAVING sum(y.captured_minor - y.refunded_minor) > 0

-- name: charged_above_price
-- By price, deposit and additional payments together: more than price and what came on top, or than
-- the fee where the rental has not begun. A refund that was refused leaves it so.
SELECT r.reference AS example
FROM rental r JOIN payment.reconciliation_view y USING (rental_id)
WHERE r.status IN ('CONFIRMED', 'CHECKED_OUT', 'COMPLETED', 'CANCELLED', 'NO_SHOW')
  AND r.created_at >= now() - %(horizon_days)s * interval '1 day'
  AND y.updated_at <= now() - %(grace_seconds)s * interval '1 second'
GROUP BY r.rental_id
HAVING sum(y.captured_minor - y.refunded_minor) > CASE r.status
    WHEN 'CANCELLED' THEN (SELECT c.fee_minor FROM rental_cancellation c
                           WHERE c.rental_id = r.rental_id)
    WHEN 'NO_SHOW' THEN (SELECT n.fee_minor FROM rental_no_show n WHERE n.rental_id = r.rental_id)
    ELSE r.total_minor + (SELECT coalesce(sum(a.amount_minor), 0) FROM additional_charge a
                          WHERE a.rental_id = r.rental_id)
    END

-- name: deposits_standing
-- The rental has ended, nothing is being asked of the card, and its deposit is still held.
SELECT r.reference AS example
FROM rental r JOIN payment.reconciliation_view y USING (rental_id)
WHERE y.purpose = 'DEPOSIT' AND y.status = 'AUTHORIZED' AND y.capture_minor IS NULL
  AND r.status NOT IN ('CONFIRMED', 'CHECKED_OUT')
  AND y.updated_at <= now() - %(grace_seconds)s * interval '1 second'
  AND NOT EXISTS (SELECT FROM rental_charge c WHERE c.rental_id = r.rental_id
                  AND c.purpose = 'ADDITIONAL' AND c.status IN ('OPEN', 'DECLINED'))
GROUP BY r.reference

-- name: deposits_lost
-- The car is out, and its deposit was let go without anybody having released it.
SELECT r.reference AS example
FROM rental r
WHERE r.status = 'CHECKED_OUT'
  AND EXISTS (SELECT FROM rental_charge c WHERE c.rental_id = r.rental_id
              AND c.purpose = 'DEPOSIT' AND c.status = 'CLOSED' AND c.settle_minor IS NULL)
  AND NOT EXISTS (SELECT FROM rental_charge c WHERE c.rental_id = r.rental_id
                  AND c.purpose = 'DEPOSIT' AND c.status <> 'CLOSED')

-- name: payments_without_rental
SELECT coalesce(y.reference, y.rental_id::text) AS example
FROM payment.reconciliation_view y
WHERE y.created_at BETWEEN now() - %(horizon_days)s * interval '1 day'
                       AND now() - %(grace_seconds)s * interval '1 second'
  AND NOT EXISTS (SELECT FROM rental r WHERE r.rental_id = y.rental_id)

-- name: payments_unsettled
-- Nobody knows how they ended, and nobody has looked for a while.
SELECT coalesce(y.reference, y.rental_id::text) AS example
FROM payment.reconciliation_view y
WHERE (y.status IN ('CREATED', 'PROCESSING', 'UNKNOWN')
       OR (y.status = 'AUTHORIZED' AND y.capture_minor IS NOT NULL))
  AND y.created_at >= now() - %(horizon_days)s * interval '1 day'
  AND y.updated_at <= now() - %(grace_seconds)s * interval '1 second'

-- name: vendor
-- PaymentProcess has looked each payment up at the vendor, and they disagree.
SELECT coalesce(y.reference, y.rental_id::text) AS example
FROM payment.reconciliation_view y
WHERE y.vendor_drift IS NOT NULL
  AND y.created_at >= now() - %(horizon_days)s * interval '1 day'

-- name: vendor_unmatched
-- The vendor has taken money under our mark, or holds it, and no payment here knows: refund it there.
SELECT intent_id AS example FROM payment.unmatched_view

-- name: outboxes
-- Committed and not sent: the timer does not run, or the queue refuses.
SELECT queue AS example FROM (
    SELECT queue, created_at FROM rent.outbox
    UNION ALL SELECT queue, created_at FROM payment.outbox_view
    UNION ALL SELECT queue, created_at FROM email.outbox_view
) AS every
WHERE created_at <= now() - %(grace_seconds)s * interval '1 second'

-- name: emails_stuck
SELECT coalesce(r.reference, e.rental_id::text) AS example
FROM email.reconciliation_view e LEFT JOIN rental r USING (rental_id)
WHERE e.status IN ('QUEUED', 'SENDING')
  AND e.created_at BETWEEN now() - %(horizon_days)s * interval '1 day'
                       AND now() - %(grace_seconds)s * interval '1 second'

-- name: confirmations_never_mailed
SELECT r.reference AS example
FROM rental r JOIN rental_event c ON c.rental_id = r.rental_id AND c.event = 'CONFIRMED'
WHERE r.created_at >= now() - %(horizon_days)s * interval '1 day'
  AND c.at <= now() - %(grace_seconds)s * interval '1 second'
  AND NOT EXISTS (SELECT FROM email.reconciliation_view e
                  WHERE e.rental_id = r.rental_id AND e.template = 'rental_confirmed')
GROUP BY r.reference

-- name: documents_unmade
-- Numbered, and no file: the request is a dead letter, or the file storage is down.
SELECT number AS example FROM document
WHERE made_at IS NULL AND facts IS NOT NULL
  AND issued_at BETWEEN now() - %(horizon_days)s * interval '1 day'
                    AND now() - %(grace_seconds)s * interval '1 second'

-- name: documents_missing
-- Confirmed without an agreement, or over without an invoice.
SELECT r.reference AS example
FROM rental r JOIN rental_event e ON e.rental_id = r.rental_id
    AND e.event = CASE r.status WHEN 'COMPLETED' THEN 'COMPLETED' ELSE 'CONFIRMED' END
WHERE r.status IN ('CONFIRMED', 'CHECKED_OUT', 'COMPLETED') AND NOT r.driver ? 'erased'
  AND r.created_at >= now() - %(horizon_days)s * interval '1 day'
  AND e.at <= now() - %(grace_seconds)s * interval '1 second'
  AND NOT EXISTS (
      SELECT FROM document d WHERE d.rental_id = r.rental_id AND d.voided_at IS NULL
        AND d.kind = CASE r.status WHEN 'COMPLETED' THEN 'invoice' ELSE 'agreement' END)
GROUP BY r.reference

-- name: invoice_gaps
-- The law wants every number of a branch's year; this counts whether each was used.
SELECT s.branch_code || '-' || s.year AS example FROM invoice_sequence s
WHERE s.last_number <> (SELECT count(*) FROM document d
                        WHERE d.kind = 'invoice' AND d.branch_code = s.branch_code
                          AND d.year = s.year)
