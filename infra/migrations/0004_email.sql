-- One row per e-mail that was asked for, and nothing personal in it: name, address and facts of
-- the rental are read from rent.email_view when the e-mail is written, and not kept.
CREATE TABLE email.email (
    message_id uuid PRIMARY KEY,  -- of EmailRequestedV1: the same message is the same e-mail
    rental_id uuid NOT NULL,
    template text NOT NULL,
    status text NOT NULL CHECK (status IN ('QUEUED', 'SENDING', 'SENT', 'FAILED')),
    attempts integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    -- While SENDING: whose turn it is, and until when.
    claim_id uuid,
    claimed_until timestamptz,
    provider text CHECK (provider IN ('sendgrid', 'smtp')),
    provider_message_id text,
    failure text,  -- a code, of the last attempt
    requested_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    sent_at timestamptz,
    failed_at timestamptz,
    CHECK ((status = 'SENDING') = (claim_id IS NOT NULL)),
    CHECK ((claim_id IS NULL) = (claimed_until IS NULL)),
    CHECK ((status = 'SENT') = (sent_at IS NOT NULL)),
    CHECK ((status = 'FAILED') = (failed_at IS NOT NULL)),
    CHECK (status <> 'SENT' OR provider IS NOT NULL),
    CHECK (status <> 'FAILED' OR failure IS NOT NULL)
);
CREATE INDEX email_rental ON email.email (rental_id);
-- What is not decided, oldest first: for operators and alerts.
CREATE INDEX email_open ON email.email (created_at) WHERE status IN ('QUEUED', 'SENDING');
