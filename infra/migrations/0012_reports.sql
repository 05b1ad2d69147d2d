-- What reports need of the money that moved at the vendor: when, how much, and nothing else.
CREATE INDEX payment_event_at ON payment.payment_event (at);

-- One row for every event that moved money. A refund counts from when it was asked for, and counts
-- back when it failed, as refunded_minor does.
CREATE VIEW payment.movement_view AS
    SELECT p.rental_id, p.purpose, p.method, p.currency, e.at,
           e.captured_minor - coalesce(b.captured_minor, 0) AS captured_minor,
           e.refunded_minor - coalesce(b.refunded_minor, 0) AS refunded_minor
    FROM payment.payment_event e
    JOIN payment.payment p USING (payment_id)
    LEFT JOIN payment.payment_event b
        ON b.payment_id = e.payment_id AND b.version = e.version - 1
    WHERE (e.captured_minor, e.refunded_minor)
        IS DISTINCT FROM (coalesce(b.captured_minor, 0), coalesce(b.refunded_minor, 0));
GRANT SELECT ON payment.movement_view TO rent;
