-- Reconciliation from the vendor's list to ours: intents that carry our mark and that no payment here has.
-- They come from outside: a database restored to an earlier moment, a second system under the same account.

CREATE TABLE payment.unmatched_intent (
    intent_id text PRIMARY KEY CHECK (length(intent_id) <= 255),
    rental_id uuid NOT NULL,
    payment_id uuid NOT NULL,
    reference text,
    made_at timestamptz NOT NULL,
    status text NOT NULL,  -- the vendor's word, as last looked up
    held_minor bigint NOT NULL DEFAULT 0 CHECK (held_minor >= 0),  -- taken, and not given back
    currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    looked_up_at timestamptz,
    closed_at timestamptz  -- moves no money any more and keeps none
);
CREATE INDEX unmatched_open ON payment.unmatched_intent (looked_up_at NULLS FIRST)
    WHERE closed_at IS NULL;

-- Until when the vendor's list has been read. A restore takes this back too, so that what the vendor made
-- since is listed again.
CREATE TABLE payment.vendor_listing (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    read_until timestamptz NOT NULL
);

CREATE VIEW payment.unmatched_view AS
    SELECT intent_id, rental_id, reference, status, held_minor, currency, made_at
    FROM payment.unmatched_intent WHERE closed_at IS NULL;
GRANT SELECT ON payment.unmatched_view TO rent;
