-- The vendor's word on each payment, as last compared, and what RentProcess may compare itself.

CREATE TABLE payment.vendor_check (
    payment_id uuid PRIMARY KEY REFERENCES payment.payment,
    version integer NOT NULL,  -- of the payment that was compared
    drift text CHECK (drift IN ('captured', 'refunded', 'status', 'missing')),  -- NULL: agreed
    checked_at timestamptz NOT NULL
);
CREATE INDEX payment_newest ON payment.payment (created_at);

CREATE VIEW payment.reconciliation_view AS
    SELECT p.rental_id, p.reference, p.purpose, p.status, p.captured_minor, p.refunded_minor,
           p.created_at, p.updated_at, c.drift AS vendor_drift
    FROM payment.payment p LEFT JOIN payment.vendor_check c USING (payment_id);
CREATE VIEW payment.outbox_view AS SELECT queue, created_at FROM payment.outbox;
GRANT SELECT ON payment.reconciliation_view, payment.outbox_view TO rent;
