-- Numbered under the lock of the rental's row; made outside of any transaction.

-- name: lock_rental
SELECT rental_id FROM rental WHERE rental_id = %(rental_id)s FOR UPDATE

-- name: read_rental
SELECT r.rental_id, r.reference, r.status, r.locale, r.driver, r.price, r.total_minor, r.currency,
       r.deposit_minor, r.cancellation_policy,
       -- What was sold: a free upgrade is no other invoice.
       c.class_code,
       coalesce(c.name ->> r.locale, c.name ->> 'en') AS class_name, c.example_model,
       r.pickup_branch, p.name AS pickup_name, p.address AS pickup_address, p.city AS pickup_city,
       r.pickup_at, p.timezone AS pickup_timezone,
       d.name AS return_name, d.address AS return_address, d.city AS return_city,
       r.return_at, d.timezone AS return_timezone,
       (SELECT coalesce(jsonb_agg(jsonb_build_object(
                   'name', coalesce(v.name ->> r.locale, v.name ->> 'en'),
                   'excess', jsonb_build_object(
                       'amount', (SELECT x.excess_minor FROM coverage_rate x
                                  WHERE x.coverage_code = v.coverage_code
                                    AND x.branch_group = p.branch_group
                                    AND x.effective_at <= priced.at
                                  ORDER BY x.effective_at DESC LIMIT 1),
                       'currency', r.currency))
                   ORDER BY v.position), '[]')
        FROM coverage v WHERE r.coverages ? v.coverage_code) AS coverages,
       (SELECT jsonb_build_object('plate', v.plate, 'model', v.model, 'model_year', v.model_year)
        FROM vehicle_allocation a JOIN vehicle v USING (vehicle_id)
        WHERE a.rental_id = r.rental_id AND r.status IN ('CHECKED_OUT', 'COMPLETED')
        ORDER BY lower(a.period) DESC LIMIT 1) AS vehicle,
       (SELECT coalesce(jsonb_agg(jsonb_build_object(
                   'plate', v.plate,
                   'out', jsonb_build_object('km', l.out_odometer_km,
                                             'fuel_eighths', l.out_fuel_eighths),
                   'back', CASE WHEN l.in_at IS NOT NULL THEN jsonb_build_object(
                       'km', l.in_odometer_km, 'fuel_eighths', l.in_fuel_eighths) END)
                   ORDER BY l.number), '[]')
        FROM rental_leg l JOIN vehicle v USING (vehicle_id)
        WHERE l.rental_id = r.rental_id) AS legs,
       EXISTS (SELECT FROM rental_return b
               WHERE b.rental_id = r.rental_id AND b.total_minor > 0) AS is_return_charged,
       (SELECT coalesce(jsonb_agg(line ORDER BY a.at, position), '[]')
        FROM additional_charge a, jsonb_array_elements(a.lines) WITH ORDINALITY AS l(line, position)
        WHERE a.rental_id = r.rental_id) AS charges
FROM rental r
JOIN car_class c ON c.class_code = coalesce(r.sold_class, r.class_code)
JOIN branch p ON p.branch_code = r.pickup_branch
JOIN branch d ON d.branch_code = r.return_branch
-- A change is priced by the card of its own time, as what comes on top is (rent_process/terms).
CROSS JOIN LATERAL (
    SELECT coalesce(max(v.revised_at), r.created_at) AS at FROM rental_revision v
    WHERE v.rental_id = r.rental_id AND v.number > 0) AS priced
WHERE r.rental_id = %(rental_id)s

-- name: find_in_force
SELECT document_id, rental_id, kind, version, number, locale, facts, facts_hash, issued_at,
       made_at IS NOT NULL AS is_made
FROM document WHERE rental_id = %(rental_id)s AND kind = %(kind)s AND voided_at IS NULL

-- name: last_version
SELECT coalesce(max(version), 0)::integer AS version FROM document
WHERE rental_id = %(rental_id)s AND kind = %(kind)s

-- name: void
UPDATE document SET voided_at = %(now)s
WHERE rental_id = %(rental_id)s AND kind = %(kind)s AND voided_at IS NULL

-- name: next_sequence
-- The row is locked until the invoice commits: no gap, and no number twice.
INSERT INTO invoice_sequence AS s (branch_code, year, last_number)
VALUES (%(branch_code)s, %(year)s, 1)
ON CONFLICT (branch_code, year) DO UPDATE SET last_number = s.last_number + 1
RETURNING last_number

-- name: insert_document
INSERT INTO document (rental_id, kind, version, number, branch_code, year, sequence, locale, facts,
                      facts_hash, issued_at, keep_until)
VALUES (%(rental_id)s, %(kind)s, %(version)s, %(number)s, %(branch_code)s, %(year)s, %(sequence)s,
        %(locale)s, %(facts)s::jsonb, %(facts_hash)s, %(issued_at)s, %(keep_until)s)
RETURNING document_id

-- name: list_unmade
-- Voided ones too: a number that was given has its file.
SELECT document_id, rental_id, kind, version, number, locale, facts, facts_hash, issued_at,
       false AS is_made
FROM document
WHERE rental_id = %(rental_id)s AND made_at IS NULL AND facts IS NOT NULL
  AND keep_until > %(now)s
ORDER BY kind, version

-- name: mark_made
UPDATE document
SET made_at = %(now)s, sha256 = %(sha256)s, size_bytes = %(size_bytes)s, facts = NULL
WHERE document_id = %(document_id)s AND made_at IS NULL
RETURNING document_id

-- name: find_document
SELECT d.document_id, d.rental_id, d.kind, d.version, d.number, d.made_at, d.sha256,
       d.facts_hash, d.issued_at
FROM document d JOIN rental r USING (rental_id)
WHERE r.reference = %(reference)s AND d.kind = %(kind)s AND d.voided_at IS NULL
  AND d.keep_until > %(now)s

-- name: find_rental_id
SELECT rental_id FROM rental WHERE reference = %(reference)s

-- name: find_signature
SELECT full_name, sha256, accepted_at, signed_at FROM document_signature
WHERE document_id = %(document_id)s

-- name: sign
INSERT INTO document_signature (document_id, full_name, sha256, accepted_at, client_address, actor)
VALUES (%(document_id)s, %(full_name)s, %(sha256)s, %(accepted_at)s, %(client_address)s, %(actor)s)
RETURNING full_name, sha256, accepted_at, signed_at

-- name: list_due
-- A file that was being made when its time came may still arrive: it is looked for a while later.
SELECT document_id, rental_id, kind, version FROM document
WHERE deleted_at IS NULL
  AND keep_until <= %(now)s - CASE WHEN made_at IS NULL THEN %(making)s ELSE interval '0' END
ORDER BY keep_until LIMIT %(limit)s

-- name: mark_deleted
UPDATE document SET deleted_at = %(now)s, facts = NULL WHERE document_id = %(document_id)s

-- name: end_agreements
-- An erasure: the agreement names the driver and goes; an invoice stays as long as the law says.
UPDATE document SET keep_until = least(keep_until, %(now)s), facts = NULL
WHERE rental_id = ANY (%(rental_ids)s::uuid[]) AND kind = 'agreement'

-- name: forget_signers
UPDATE document_signature s SET full_name = 'erased', client_address = NULL, actor = 'erased'
FROM document d
WHERE d.document_id = s.document_id AND d.rental_id = ANY (%(rental_ids)s::uuid[])
