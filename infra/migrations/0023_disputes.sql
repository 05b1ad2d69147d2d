-- Disputes: a cardholder asks the bank for the money back. What Stripe says about each, newest word.
-- Reason and status are Stripe's; evidence is given on Stripe's own pages, by the date that stands here.

CREATE TABLE payment.dispute (
    dispute_id text PRIMARY KEY CHECK (length(dispute_id) <= 255),
    payment_id uuid NOT NULL REFERENCES payment.payment,
    status text NOT NULL CHECK (status IN (
        'warning_needs_response', 'warning_under_review', 'warning_closed', 'needs_response',
        'under_review', 'won', 'lost', 'prevented')),
    reason text NOT NULL CHECK (length(reason) <= 100),
    amount_minor bigint NOT NULL CHECK (amount_minor >= 0),
    currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    opened_at timestamptz NOT NULL,
    evidence_due_at timestamptz,
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX dispute_of_payment ON payment.dispute (payment_id);
CREATE INDEX dispute_newest ON payment.dispute (opened_at DESC, dispute_id DESC);

CREATE VIEW payment.dispute_view AS
    SELECT d.dispute_id, p.rental_id, p.purpose, p.intent_id, d.status, d.reason, d.amount_minor,
           d.currency, d.opened_at, d.evidence_due_at, d.updated_at
    FROM payment.dispute d JOIN payment.payment p USING (payment_id);
GRANT SELECT ON payment.dispute_view TO rent;
