-- What a renter may ask under the LGPD (Lei 13.709/2018): a copy of everything, and erasure.
SET LOCAL search_path = rent, public;

-- Proof that a request was carried out. Who asked is kept as a hash only.
CREATE TABLE erasure (
    erasure_id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    subject_hash bytea NOT NULL CHECK (octet_length(subject_hash) = 32),
    erased_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    erased_rentals integer NOT NULL CHECK (erased_rentals >= 0),
    kept_rentals integer NOT NULL CHECK (kept_rentals >= 0)
);
REVOKE UPDATE, DELETE ON erasure FROM rent;

-- rental_event is append-only. Taking a person's name off it is the one exception, and it can do
-- nothing else: what happened and when stays.
CREATE FUNCTION forget_actor(rental_ids uuid[], person text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = rent, pg_temp AS $$
    UPDATE rental_event SET actor = 'erased'
    WHERE rental_id = ANY (rental_ids) AND actor = person
$$;
REVOKE EXECUTE ON FUNCTION forget_actor FROM PUBLIC;
GRANT EXECUTE ON FUNCTION forget_actor TO rent;

-- What was e-mailed about a rental: part of what is held on a renter.
CREATE VIEW email.rental_email AS
SELECT rental_id, template, status, requested_at, sent_at FROM email.email;
GRANT USAGE ON SCHEMA email TO rent;
GRANT SELECT ON email.rental_email TO rent;
