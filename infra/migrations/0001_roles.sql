-- One login role and one schema per function folder: PostgreSQL enforces who writes what.
-- Session limits stand on the roles, because a transaction pooler passes no start-up options on.
-- In Azure the roles exist already, made for managed identities (docs/operations/deploy.md).
DO $$
DECLARE
    folder text;
BEGIN
    FOREACH folder IN ARRAY ARRAY['rent', 'payment', 'email'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = folder) THEN
            EXECUTE format('CREATE ROLE %I LOGIN', folder);
        END IF;
        EXECUTE format('CREATE SCHEMA %I', folder);
        EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', folder, folder);
        EXECUTE format(
            'ALTER DEFAULT PRIVILEGES IN SCHEMA %I '
            'GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO %I', folder, folder);
        EXECUTE format(
            'ALTER DEFAULT PRIVILEGES IN SCHEMA %I GRANT USAGE ON SEQUENCES TO %I', folder, folder);
        -- Per database, so that several databases of one server do not disturb each other.
        EXECUTE format('ALTER ROLE %I IN DATABASE %I SET search_path = %I',
                       folder, current_database(), folder);
        EXECUTE format('ALTER ROLE %I IN DATABASE %I SET lock_timeout = %L',
                       folder, current_database(), '2s');
        EXECUTE format('ALTER ROLE %I IN DATABASE %I SET statement_timeout = %L',
                       folder, current_database(), '10s');
        EXECUTE format('ALTER ROLE %I IN DATABASE %I SET idle_in_transaction_session_timeout = %L',
                       folder, current_database(), '15s');
        EXECUTE format('ALTER ROLE %I IN DATABASE %I SET timezone = %L',
                       folder, current_database(), 'UTC');

        -- Messages that are committed and not yet sent (shared/outbox.py).
        EXECUTE format($outbox$
            CREATE TABLE %I.outbox (
                message_id uuid PRIMARY KEY,
                position bigint GENERATED ALWAYS AS IDENTITY,
                queue text NOT NULL,
                body text NOT NULL CHECK (octet_length(body) <= 48000),
                claimed_until timestamptz NOT NULL,
                created_at timestamptz NOT NULL DEFAULT now())
        $outbox$, folder);
        EXECUTE format('CREATE INDEX outbox_claim ON %I.outbox (claimed_until, position)', folder);

        -- Messages that a consumer could not handle; an operator replays or discards them.
        EXECUTE format($dead_letter$
            CREATE TABLE %I.dead_letter (
                dead_letter_id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
                queue text NOT NULL,
                queue_message_id text NOT NULL,
                body text NOT NULL,
                dead_at timestamptz NOT NULL DEFAULT now(),
                resolution text CHECK (resolution IN ('replayed', 'discarded')),
                resolved_at timestamptz,
                resolved_by text,
                UNIQUE (queue, queue_message_id),
                CHECK ((resolution IS NULL) = (resolved_at IS NULL)))
        $dead_letter$, folder);
    END LOOP;
END $$;
