-- Agreements and invoices: numbered, versioned, signed. The files stand in blobs (docs/adr/0024).
SET LOCAL search_path = rent, public;

-- An invoice's number is the next of its branch and year, without gaps: the row's lock is held until
-- the invoice commits, so a number that was not used is given again.
CREATE TABLE invoice_sequence (
    branch_code text NOT NULL REFERENCES branch,
    year smallint NOT NULL CHECK (year BETWEEN 2000 AND 2999),
    last_number integer NOT NULL CHECK (last_number >= 1),
    PRIMARY KEY (branch_code, year)
);
REVOKE DELETE ON invoice_sequence FROM rent;

CREATE TABLE document (
    document_id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    rental_id uuid NOT NULL REFERENCES rental,
    kind text NOT NULL CHECK (kind IN ('agreement', 'invoice')),
    version smallint NOT NULL CHECK (version >= 1),
    number text NOT NULL UNIQUE, -- agreement 7K3MZQ2A-1, invoice GRU-2026-000001
    branch_code text NOT NULL REFERENCES branch,
    year smallint NOT NULL,
    sequence integer CHECK (sequence >= 1), -- of an invoice
    locale text NOT NULL,
    -- What it says, from its number on until the file is there: a repeat makes the very same file.
    facts jsonb,
    facts_hash bytea NOT NULL CHECK (octet_length(facts_hash) = 32),
    issued_at timestamptz NOT NULL,
    made_at timestamptz,
    sha256 bytea CHECK (octet_length(sha256) = 32),
    size_bytes integer CHECK (size_bytes > 0),
    voided_at timestamptz, -- another version stands for it, or none is due any more
    keep_until timestamptz NOT NULL, -- then the file is deleted; the row stays
    deleted_at timestamptz,
    UNIQUE (rental_id, kind, version),
    CHECK ((kind = 'invoice') = (sequence IS NOT NULL)),
    CHECK (num_nulls(made_at, sha256, size_bytes) IN (0, 3)),
    CHECK (made_at IS NULL OR facts IS NULL) -- the file says it then
);
CREATE UNIQUE INDEX document_in_force ON document (rental_id, kind) WHERE voided_at IS NULL;
CREATE UNIQUE INDEX document_invoice_number ON document (branch_code, year, sequence)
    WHERE kind = 'invoice';
CREATE INDEX document_unmade ON document (issued_at) WHERE made_at IS NULL;
CREATE INDEX document_due ON document (keep_until) WHERE deleted_at IS NULL;
-- A number is never taken back and what a document is never changes.
REVOKE UPDATE, DELETE ON document FROM rent;
GRANT UPDATE (facts, made_at, sha256, size_bytes, voided_at, keep_until, deleted_at)
    ON document TO rent;

-- Who accepted which bytes, when and from where. Once; nothing of it changes but what an erasure
-- takes away: the name, the address and the subject.
CREATE TABLE document_signature (
    document_id uuid PRIMARY KEY REFERENCES document,
    full_name text NOT NULL CHECK (length(full_name) BETWEEN 1 AND 160),
    sha256 bytea NOT NULL CHECK (octet_length(sha256) = 32),
    accepted_at timestamptz NOT NULL, -- by the signer's clock
    signed_at timestamptz NOT NULL DEFAULT clock_timestamp(), -- by ours
    client_address text CHECK (length(client_address) <= 200),
    actor text NOT NULL
);
REVOKE UPDATE, DELETE ON document_signature FROM rent;
GRANT UPDATE (full_name, client_address, actor) ON document_signature TO rent;

-- What a reader of the rental is told: the versions in force whose files are, or will be, there.
CREATE FUNCTION documents_of(wanted uuid) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT coalesce(jsonb_agg(jsonb_build_object(
               'kind', d.kind, 'number', d.number, 'issued_at', d.issued_at,
               'status', CASE WHEN d.made_at IS NULL THEN 'pending' ELSE 'ready' END,
               'sha256', encode(d.sha256, 'hex'), 'signed_at', s.signed_at) ORDER BY d.kind), '[]')
    FROM document d LEFT JOIN document_signature s USING (document_id)
    WHERE d.rental_id = wanted AND d.voided_at IS NULL AND d.keep_until > now()
$$;
REVOKE EXECUTE ON FUNCTION documents_of FROM PUBLIC;
GRANT EXECUTE ON FUNCTION documents_of TO rent;

-- Rentals from before: their papers are asked for as any others (shared/outbox.py).
INSERT INTO outbox (message_id, queue, body, claimed_until)
SELECT m.id, 'document-requests',
       json_build_object('type', 'documents_requested.v1', 'message_id', m.id,
                         'occurred_at', to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
                         'rental_id', r.rental_id)::text, now()
FROM (SELECT rental_id, gen_random_uuid() AS id FROM rental
      WHERE status IN ('CONFIRMED', 'CHECKED_OUT', 'COMPLETED')) AS r,
     LATERAL (SELECT r.id) AS m(id);
