-- Schema payment: one row per rental x purpose x sequence, one vendor's intent per row.
-- What the code must never do is refused here: charging above the amount, refunding above the
-- charge, two live payments for one purpose, one intent for two rows. No personal data.

CREATE TABLE payment.payment (
    payment_id uuid PRIMARY KEY,
    rental_id uuid NOT NULL,
    purpose text NOT NULL CHECK (purpose IN ('PREPAY', 'DEPOSIT', 'ADDITIONAL')),
    sequence integer NOT NULL CHECK (sequence >= 1),
    reference text CHECK (length(reference) <= 32),
    status text NOT NULL CHECK (status IN (
        'CREATED', 'PROCESSING', 'UNKNOWN', 'REQUIRES_ACTION', 'DECLINED', 'AUTHORIZED',
        'CAPTURED', 'PARTIALLY_REFUNDED', 'REFUNDED', 'DISPUTED', 'VOIDED', 'AUTH_EXPIRED')),
    -- A cancel that overtook its request leaves a tombstone: attempt 0, no amount, no currency.
    attempt integer NOT NULL CHECK (attempt >= 0),
    amount_minor bigint NOT NULL CHECK (amount_minor >= 0),
    currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    captured_minor bigint NOT NULL DEFAULT 0,
    -- Reserved when a refund is asked for, given back when it fails: never above the charge.
    refunded_minor bigint NOT NULL DEFAULT 0,
    method text CHECK (method IN ('card', 'pix', 'boleto')),
    payment_method_id text CHECK (length(payment_method_id) <= 255),
    off_session boolean NOT NULL DEFAULT false,
    decline_code text CHECK (length(decline_code) <= 100),
    intent_id text UNIQUE,
    client_secret text,
    next_action jsonb,
    capture_before timestamptz,
    expires_at timestamptz,
    -- Set while a confirmation is on its way and its answer is not recorded.
    confirm_began_at timestamptz,
    cancel_requested_at timestamptz,
    traceparent text,
    -- Who caused the last change: queue, webhook, timer.
    cause text NOT NULL,
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (rental_id, purpose, sequence),
    CHECK (captured_minor BETWEEN 0 AND amount_minor),
    CONSTRAINT refund_within_charge CHECK (refunded_minor BETWEEN 0 AND captured_minor),
    CHECK (attempt > 0 OR status = 'VOIDED'),
    CHECK (attempt = 0 OR (amount_minor > 0 AND method IS NOT NULL AND expires_at IS NOT NULL)),
    CHECK ((status IN ('PROCESSING', 'UNKNOWN')) OR confirm_began_at IS NULL),
    CHECK (status IN ('CREATED', 'DECLINED', 'VOIDED') OR intent_id IS NOT NULL),
    CHECK ((status IN ('CAPTURED', 'PARTIALLY_REFUNDED', 'REFUNDED', 'DISPUTED'))
           = (captured_minor > 0))
);

-- Declined is live: the renter may try again, on the same intent.
CREATE UNIQUE INDEX payment_live ON payment.payment (rental_id, purpose) WHERE status IN
    ('CREATED', 'PROCESSING', 'UNKNOWN', 'REQUIRES_ACTION', 'DECLINED', 'AUTHORIZED');

-- What the timer looks at: whatever has not settled, oldest change first.
CREATE INDEX payment_unsettled ON payment.payment (updated_at) WHERE status IN
    ('CREATED', 'PROCESSING', 'UNKNOWN', 'REQUIRES_ACTION', 'DECLINED', 'AUTHORIZED');

CREATE TABLE payment.refund (
    payment_id uuid NOT NULL REFERENCES payment.payment,
    refund_number integer NOT NULL CHECK (refund_number >= 1),
    amount_minor bigint NOT NULL CHECK (amount_minor > 0),
    reason text NOT NULL CHECK (reason IN ('cancelled', 'late_payment', 'modified', 'goodwill')),
    status text NOT NULL CHECK (status IN ('REQUESTED', 'PENDING', 'SUCCEEDED', 'FAILED')),
    failure_code text CHECK (length(failure_code) <= 100),
    vendor_refund_id text UNIQUE,
    traceparent text,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (payment_id, refund_number),
    CHECK (status IN ('REQUESTED', 'FAILED') OR vendor_refund_id IS NOT NULL)
);
CREATE INDEX refund_unsettled ON payment.refund (updated_at)
    WHERE status IN ('REQUESTED', 'PENDING');

-- Every event of the vendor that had its effect: the effect and this row commit together.
CREATE TABLE payment.webhook_event (
    event_id text PRIMARY KEY CHECK (length(event_id) <= 255),
    type text NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX webhook_event_received ON payment.webhook_event (received_at);

-- The audit: written by PostgreSQL itself, so that no code path can forget it.
CREATE TABLE payment.payment_event (
    event_number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    payment_id uuid NOT NULL,
    version integer NOT NULL,
    status_before text,
    status text NOT NULL,
    attempt integer NOT NULL,
    captured_minor bigint NOT NULL,
    refunded_minor bigint NOT NULL,
    decline_code text,
    cause text NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    UNIQUE (payment_id, version)
);
REVOKE UPDATE, DELETE ON payment.payment_event FROM payment;

CREATE FUNCTION payment.audit_payment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO payment.payment_event (payment_id, version, status_before, status, attempt,
        captured_minor, refunded_minor, decline_code, cause)
    VALUES (NEW.payment_id, NEW.version, CASE WHEN TG_OP = 'UPDATE' THEN OLD.status END,
        NEW.status, NEW.attempt, NEW.captured_minor, NEW.refunded_minor, NEW.decline_code,
        NEW.cause);
    RETURN NULL;
END $$;
CREATE TRIGGER audit_payment AFTER INSERT OR UPDATE ON payment.payment
    FOR EACH ROW EXECUTE FUNCTION payment.audit_payment();

-- What RentProcess may read: a rental's payments and what the renter has to do.
CREATE VIEW payment.rental_payment AS
    SELECT rental_id, purpose, sequence, status, method, attempt, amount_minor, captured_minor,
           refunded_minor, currency, decline_code, next_action, client_secret, updated_at
    FROM payment.payment;
GRANT USAGE ON SCHEMA payment TO rent;
GRANT SELECT ON payment.rental_payment TO rent;
