-- A card that is kept for a rental, deposits that are captured in part, renewed and released.

ALTER TABLE payment.payment
    -- The vendor's customer that a rental's card is kept under. It holds no personal data.
    ADD COLUMN customer_id text CHECK (length(customer_id) <= 255),
    ADD COLUMN save_method boolean NOT NULL DEFAULT false,
    -- What was asked to be captured of an authorisation: written before the vendor is asked, and
    -- never changed, so that a repeat asks for the same.
    ADD COLUMN capture_minor bigint
        CHECK (capture_minor IS NULL
               OR (purpose = 'DEPOSIT' AND capture_minor BETWEEN 1 AND amount_minor)),
    -- An authorisation lapses after some days: another of the same sequence takes its place, or,
    -- while that is being asked for, the old one is captured in its place.
    ADD COLUMN renewal integer NOT NULL DEFAULT 0 CHECK (renewal >= 0),
    ADD COLUMN replaced_by uuid REFERENCES payment.payment DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT payment_renews_deposits CHECK (
        purpose = 'DEPOSIT' OR (renewal = 0 AND replaced_by IS NULL)),
    DROP CONSTRAINT payment_rental_id_purpose_sequence_key,
    ADD CONSTRAINT payment_named_once UNIQUE (rental_id, purpose, sequence, renewal);

-- What is being renewed stands beside its renewal until that stands.
DROP INDEX payment.payment_live;
CREATE UNIQUE INDEX payment_live ON payment.payment (rental_id, purpose) WHERE status IN
    ('CREATED', 'PROCESSING', 'UNKNOWN', 'REQUIRES_ACTION', 'DECLINED', 'AUTHORIZED')
    AND replaced_by IS NULL;

-- Whatever the code does: a deposit is captured from one of its authorisations, never from two.
CREATE UNIQUE INDEX deposit_captured_once ON payment.payment (rental_id, purpose, sequence)
    WHERE capture_minor IS NOT NULL;

-- What the timer looks at: authorisations by when they lapse.
CREATE INDEX deposit_lapsing ON payment.payment (capture_before) WHERE status = 'AUTHORIZED';

CREATE OR REPLACE VIEW payment.reconciliation_view AS
    SELECT p.rental_id, p.reference, p.purpose, p.status, p.captured_minor, p.refunded_minor,
           p.created_at, p.updated_at, c.drift AS vendor_drift, p.capture_minor
    FROM payment.payment p LEFT JOIN payment.vendor_check c USING (payment_id);
