-- A payment that waits for its renter (bank's check, Pix code, boleto) may be replaced by another
-- way of paying: a further attempt of the same payment, so that only one of them can take money.
SET LOCAL search_path = rent, public;

ALTER TABLE due_payment
    ADD COLUMN attempt smallint NOT NULL DEFAULT 1 CHECK (attempt >= 1),
    ADD CONSTRAINT due_payment_attempt_once UNIQUE (rental_id, sequence, attempt);
