-- What operators do: who did what, and the way back for dead letters.

-- --- audit: append-only, in the transaction of the action --------------------------------------

CREATE TABLE rent.audit (
    audit_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    actor text NOT NULL,  -- the subject of the access token: names nobody by itself
    action text NOT NULL CHECK (action ~ '^[a-z_]{3,60}$'),
    reference text REFERENCES rent.rental (reference),
    target text,  -- what was acted upon, where it is no rental: a flag, a dead letter, a plate
    reason text,
    before jsonb,
    after jsonb
);
CREATE INDEX audit_by_rental ON rent.audit (reference, audit_id) WHERE reference IS NOT NULL;
REVOKE UPDATE, DELETE ON rent.audit FROM rent;

-- --- dead letters: each schema shows its own and offers one command on them ---------------------

DO $$
DECLARE
    folder text;
BEGIN
    FOREACH folder IN ARRAY ARRAY['rent', 'payment', 'email'] LOOP
        EXECUTE format('ALTER TABLE %I.dead_letter ADD COLUMN reason text', folder);
        EXECUTE format(
            'ALTER TABLE %I.dead_letter ADD CONSTRAINT dead_letter_discarded_for_a_reason '
            'CHECK (resolution <> ''discarded'' OR reason IS NOT NULL)', folder);
        EXECUTE format('CREATE INDEX dead_letter_newest ON %I.dead_letter '
                       '(dead_at DESC, dead_letter_id DESC)', folder);

        EXECUTE format($view$
            CREATE VIEW %1$I.dead_letter_view AS
            SELECT %1$L::text AS owner, dead_letter_id, queue, body, dead_at, resolution,
                   resolved_at, resolved_by, reason
            FROM %1$I.dead_letter
        $view$, folder);

        -- The owner's command: the message goes back through the owner's outbox in the statement
        -- that marks it, so never twice. No row: somebody has resolved it, or there is none.
        EXECUTE format($command$
            CREATE FUNCTION %1$I.resolve_dead_letter(
                wanted_id uuid, wanted_resolution text, actor text, wanted_reason text)
            RETURNS SETOF text
            LANGUAGE sql SECURITY DEFINER SET search_path = %1$I, pg_temp AS $body$
                WITH resolved AS (
                    UPDATE dead_letter
                    SET resolution = wanted_resolution, resolved_at = now(), resolved_by = actor,
                        reason = wanted_reason
                    WHERE dead_letter_id = wanted_id AND resolution IS NULL
                    RETURNING dead_letter_id, queue, body
                ), replayed AS (
                    INSERT INTO outbox (message_id, queue, body, claimed_until)
                    SELECT dead_letter_id, queue, body, now() FROM resolved
                    WHERE wanted_resolution = 'replayed'
                )
                SELECT queue FROM resolved
            $body$
        $command$, folder);
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %I.resolve_dead_letter FROM PUBLIC', folder);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %I.resolve_dead_letter TO rent', folder);
        EXECUTE format('GRANT USAGE ON SCHEMA %I TO rent', folder);
        EXECUTE format('GRANT SELECT ON %I.dead_letter_view TO rent', folder);
    END LOOP;
END $$;

-- --- the operator's list of rentals ------------------------------------------------------------

CREATE INDEX rental_newest ON rent.rental (created_at DESC, rental_id DESC);
-- "Begins with": a prefix uses these.
CREATE INDEX rental_by_email ON rent.rental (lower(driver ->> 'email') text_pattern_ops);
CREATE INDEX rental_by_name ON rent.rental
    (lower((driver ->> 'given_name') || ' ' || (driver ->> 'family_name')) text_pattern_ops);
CREATE INDEX rental_by_family_name ON rent.rental
    (lower(driver ->> 'family_name') text_pattern_ops);
