-- When a timer last had each row in its hand. What is looked at without effect (a boleto that nobody
-- has paid, a refund on its way, a dispute that is argued) goes to the back of its list: the oldest
-- would stand in front for days, and a list takes only so many a minute.

ALTER TABLE payment.payment ADD COLUMN looked_at timestamptz;
ALTER TABLE payment.refund ADD COLUMN looked_at timestamptz;
ALTER TABLE payment.dispute ADD COLUMN looked_at timestamptz;

-- A look is no change. Whatever else changes without a new version is refused as before.
CREATE OR REPLACE FUNCTION payment.audit_payment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.version = OLD.version
       AND to_jsonb(NEW) - 'looked_at' = to_jsonb(OLD) - 'looked_at' THEN
        RETURN NULL;
    END IF;
    INSERT INTO payment.payment_event (payment_id, version, status_before, status, attempt,
        captured_minor, refunded_minor, decline_code, cause)
    VALUES (NEW.payment_id, NEW.version, CASE WHEN TG_OP = 'UPDATE' THEN OLD.status END,
        NEW.status, NEW.attempt, NEW.captured_minor, NEW.refunded_minor, NEW.decline_code,
        NEW.cause);
    RETURN NULL;
END $$;
