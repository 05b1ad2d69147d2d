-- name: list_rentals
SELECT r.rental_id, r.reference, r.status, r.version, r.subject, r.class_code, r.pickup_at,
       r.return_at, r.driver, r.price, r.total_minor, r.currency, r.deposit_minor,
       r.cancellation_policy, r.payment_method, r.attempt, r.declined_attempt, r.expires_at,
       r.pickup_branch, p.name AS pickup_name, p.timezone AS pickup_timezone,
       r.return_branch, d.name AS return_name, d.timezone AS return_timezone,
       y.sequence AS payment_sequence, y.status AS payment_status, y.attempt AS payment_attempt,
       y.decline_code, y.next_action, y.client_secret, y.updated_at AS payment_updated_at,
       r.created_at, r.locale, r.driver_age, r.extras, r.coverages,
       (SELECT coalesce(sum(amount_minor), 0)::bigint FROM counter_entry c
        WHERE c.rental_id = r.rental_id AND c.kind IN ('cash', 'terminal')) AS counter_minor,
       (SELECT jsonb_agg(jsonb_build_object('at', e.at, 'event', e.event) ORDER BY e.position)
        FROM rental_event e WHERE e.rental_id = r.rental_id) AS timeline,
       documents_of(r.rental_id) AS documents
FROM rental r
JOIN branch p ON p.branch_code = r.pickup_branch
JOIN branch d ON d.branch_code = r.return_branch
LEFT JOIN LATERAL (
    SELECT * FROM payment.rental_payment v
    WHERE v.rental_id = r.rental_id AND v.purpose <> 'DEPOSIT'
    ORDER BY v.sequence DESC LIMIT 1
) AS y ON true
WHERE r.subject = %(subject)s
  AND (%(created_at)s::timestamptz IS NULL
       OR (r.created_at, r.rental_id) < (%(created_at)s, %(rental_id)s::uuid))
ORDER BY r.created_at DESC, r.rental_id DESC LIMIT %(limit)s

-- name: read_details
-- What else is held about a renter's rentals, in this schema and in what others publish. Who among
-- the operators acted, keys and hashes are not the renter's; a list of every table that is exported
-- or not, and why, stands in the test of the export.
SELECT r.rental_id,
       (SELECT reason FROM rental_cancellation c WHERE c.rental_id = r.rental_id)
           AS cancellation_reason,
       coalesce((SELECT jsonb_agg(jsonb_build_object(
                     'purpose', y.purpose, 'sequence', y.sequence, 'status', y.status,
                     'method', y.method, 'attempt', y.attempt, 'amount_minor', y.amount_minor,
                     'captured_minor', y.captured_minor, 'refunded_minor', y.refunded_minor,
                     'currency', y.currency, 'updated_at', y.updated_at)
                     ORDER BY y.purpose, y.sequence)
                 FROM payment.rental_payment y WHERE y.rental_id = r.rental_id), '[]') AS payments,
       coalesce((SELECT jsonb_agg(jsonb_build_object('at', a.at, 'lines', a.lines) ORDER BY a.at)
                 FROM additional_charge a WHERE a.rental_id = r.rental_id), '[]') AS charges,
       coalesce((SELECT jsonb_agg(to_jsonb(f) - 'rental_id' ORDER BY f.asked_at)
                 FROM rental_refund f WHERE f.rental_id = r.rental_id), '[]') AS refunds,
       coalesce((SELECT jsonb_agg(jsonb_build_object(
                     'kind', d.kind, 'number', d.number, 'issued_at', d.issued_at,
                     'voided_at', d.voided_at, 'keep_until', d.keep_until,
                     'sha256', encode(d.sha256, 'hex'), 'signature',
                     (SELECT jsonb_build_object(
                          'full_name', s.full_name, 'accepted_at', s.accepted_at,
                          'signed_at', s.signed_at, 'client_address', s.client_address)
                      FROM document_signature s WHERE s.document_id = d.document_id))
                     ORDER BY d.kind, d.version)
                 FROM document d WHERE d.rental_id = r.rental_id), '[]') AS documents,
       coalesce((SELECT jsonb_agg(jsonb_build_object(
                     'id', q.photo_id, 'kind', q.kind, 'damage', q.damage,
                     'added_at', q.stored_at, 'discarded_at', q.discarded_at,
                     'keep_until', q.keep_until, 'sha256', encode(q.sha256, 'hex'))
                     ORDER BY q.stored_at, q.photo_id)
                 FROM rental_photo q
                 WHERE q.rental_id = r.rental_id AND q.stored_at IS NOT NULL), '[]') AS photos,
       (SELECT jsonb_build_object('rating', v.rating, 'comment', v.comment, 'status', v.status,
                                  'created_at', v.created_at)
        FROM review v WHERE v.rental_id = r.rental_id) AS review,
       coalesce((SELECT jsonb_agg(jsonb_build_object(
                     'author', w.author, 'text', w.body, 'sent_at', w.sent_at)
                     ORDER BY w.position)
                 FROM rental_message w WHERE w.rental_id = r.rental_id), '[]') AS messages,
       coalesce((SELECT jsonb_agg(to_jsonb(m) - 'rental_id' ORDER BY m.requested_at)
                 FROM email.rental_email m WHERE m.rental_id = r.rental_id), '[]') AS emails
FROM rental r WHERE r.subject = %(subject)s

-- name: read_records
-- What happened to each rental, table by table.
SELECT r.rental_id,
       (SELECT to_jsonb(t) - ARRAY['rental_id', 'actor']
        FROM rental_cancellation t WHERE t.rental_id = r.rental_id) AS cancellation,
       (SELECT to_jsonb(t) - 'rental_id'
        FROM rental_no_show t WHERE t.rental_id = r.rental_id) AS no_show,
       (SELECT to_jsonb(t) - ARRAY['rental_id', 'request_hash']
        FROM rental_return t WHERE t.rental_id = r.rental_id) AS check_in,
       coalesce((SELECT jsonb_agg(jsonb_build_object('plate', v.plate, 'model', v.model)
                                  || to_jsonb(t)
                                  - ARRAY['rental_id', 'vehicle_id', 'allocation_id']
                                  ORDER BY t.number)
                 FROM rental_leg t JOIN vehicle v USING (vehicle_id)
                 WHERE t.rental_id = r.rental_id), '[]') AS cars,
       coalesce((SELECT jsonb_agg(to_jsonb(t) - ARRAY['rental_id', 'vehicle_id']
                                  ORDER BY t.number)
                 FROM rental_damage t WHERE t.rental_id = r.rental_id), '[]') AS damages,
       coalesce((SELECT jsonb_agg(to_jsonb(t) - 'rental_id' ORDER BY t.number)
                 FROM rental_extension t WHERE t.rental_id = r.rental_id), '[]') AS extensions,
       coalesce((SELECT jsonb_agg(to_jsonb(t)
                                  - ARRAY['rental_id', 'idempotency_key', 'request_hash']
                                  ORDER BY t.number)
                 FROM rental_revision t WHERE t.rental_id = r.rental_id), '[]') AS revisions,
       coalesce((SELECT jsonb_agg(to_jsonb(t) - 'rental_id' ORDER BY t.sequence)
                 FROM rental_charge t WHERE t.rental_id = r.rental_id), '[]') AS asked_payments,
       coalesce((SELECT jsonb_agg(jsonb_build_object('at', t.at, 'kind', t.kind,
                                                     'amount_minor', t.amount_minor) ORDER BY t.at)
                 FROM counter_entry t WHERE t.rental_id = r.rental_id), '[]') AS counter_payments,
       coalesce((SELECT jsonb_agg(to_jsonb(t) - ARRAY['rental_id', 'intent_id'] ORDER BY t.opened_at)
                 FROM payment.dispute_view t WHERE t.rental_id = r.rental_id), '[]') AS disputes,
       -- Money at the vendor that none of our payments has, until somebody has seen to it.
       coalesce((SELECT jsonb_agg(to_jsonb(t) - ARRAY['rental_id', 'intent_id', 'reference']
                                  ORDER BY t.made_at)
                 FROM payment.unmatched_view t WHERE t.rental_id = r.rental_id), '[]')
           AS unmatched_payments,
       coalesce((SELECT jsonb_agg(to_jsonb(t) - 'rental_id' ORDER BY t.asked_at)
                 FROM reminder t WHERE t.rental_id = r.rental_id), '[]') AS reminders,
       coalesce((SELECT jsonb_agg(to_jsonb(t) - 'rental_id')
                 FROM promo_use t WHERE t.rental_id = r.rental_id), '[]') AS promo_codes,
       coalesce((SELECT jsonb_agg(to_jsonb(t) - ARRAY['audit_id', 'reference', 'actor']
                                  ORDER BY t.audit_id)
                 FROM audit t WHERE t.reference = r.reference), '[]') AS operator_actions
FROM rental r WHERE r.subject = %(subject)s

-- name: lock_rentals
SELECT rental_id, reference, status FROM rental
WHERE subject = %(subject)s ORDER BY rental_id FOR UPDATE

-- name: take_past
-- A car that came back after New Year has its last charges, and so its books, in that year.
SELECT rental_id, subject FROM rental r
WHERE greatest(return_at, (SELECT t.returned_at FROM rental_return t
                           WHERE t.rental_id = r.rental_id)) < %(before)s
  AND status <> ALL (%(running)s) AND NOT driver ? 'erased'
ORDER BY return_at LIMIT %(limit)s FOR UPDATE OF r SKIP LOCKED

-- name: erase
-- Amounts, dates, branch and class stay: the law keeps them (docs/adr/0018).
WITH gone AS (
    UPDATE rental SET driver = '{"erased": true}', subject = NULL, version = version + 1,
           idempotency_scope = 'erased', idempotency_key = rental_id::text
    WHERE rental_id = ANY (%(rental_ids)s::uuid[])
    RETURNING rental_id
), comments AS (
    UPDATE review v SET comment = NULL, status = 'UNCOMMENTED'
    FROM gone WHERE v.rental_id = gone.rental_id AND v.comment IS NOT NULL
), words AS (
    UPDATE rental_message m SET body = NULL,
           settled_at = CASE WHEN author = 'renter' THEN coalesce(settled_at, now()) END
    FROM gone WHERE m.rental_id = gone.rental_id
), notes AS (
    UPDATE rental_leg l SET notes = NULL
    FROM gone WHERE l.rental_id = gone.rental_id AND l.notes IS NOT NULL
)
UPDATE rental_cancellation c SET actor = 'erased', reason = NULL
FROM gone WHERE c.rental_id = gone.rental_id

-- name: forget_actor
SELECT forget_actor(%(rental_ids)s::uuid[], %(subject)s)

-- name: forget_reasons
SELECT forget_reasons(%(rental_ids)s::uuid[])

-- name: write_erasure
INSERT INTO erasure (subject_hash, erased_rentals, kept_rentals)
VALUES (%(subject_hash)s, %(erased)s, %(kept)s)
