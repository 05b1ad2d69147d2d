-- How many of a payment's or refund's idempotency keys the vendor will never do anything under:
-- Stripe keeps its own failures (5xx) under the key and replays them for a day. The next key is used
-- once the count is committed, so that those who ask at the same time ask under the same one.

ALTER TABLE payment.payment
    ADD COLUMN spent_keys integer NOT NULL DEFAULT 0 CHECK (spent_keys >= 0);
ALTER TABLE payment.refund
    ADD COLUMN spent_keys integer NOT NULL DEFAULT 0 CHECK (spent_keys >= 0);
