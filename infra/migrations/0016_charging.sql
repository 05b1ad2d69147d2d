-- Every purpose of a payment in one account: price, deposit, what comes on top after return, and
-- what the counter took and handed back. Amounts are integer minor units in the rental's currency.
SET LOCAL search_path = rent, public;

-- One row per payment that was asked for. The sequence counts a rental's payments of every
-- purpose, so a refund names its charge by the sequence alone.
ALTER TABLE rental_charge
    ADD COLUMN purpose text NOT NULL DEFAULT 'PREPAY'
        CHECK (purpose IN ('PREPAY', 'DEPOSIT', 'ADDITIONAL')),
    -- What of a deposit was asked to be captured; 0: released. NULL: it stands, or never stood.
    ADD COLUMN settle_minor bigint,
    -- HELD: a deposit that the card's bank has authorised, and nothing taken.
    DROP CONSTRAINT rental_charge_status_check,
    ADD CONSTRAINT rental_charge_status_check
        CHECK (status IN ('OPEN', 'HELD', 'DECLINED', 'CLOSED', 'RECEIVED')),
    ADD CONSTRAINT rental_charge_deposit CHECK (
        CASE WHEN purpose = 'DEPOSIT' THEN settle_minor BETWEEN 0 AND asked_minor
             ELSE settle_minor IS NULL AND status <> 'HELD' END);
CREATE UNIQUE INDEX rental_charge_live ON rental_charge (rental_id, purpose)
    WHERE purpose <> 'PREPAY' AND status IN ('OPEN', 'HELD', 'DECLINED');

-- What the renter owes on top of the price: extra hours, fuel, damage, fines, tolls. Append-only.
CREATE TABLE additional_charge (
    rental_id uuid NOT NULL REFERENCES rental,
    idempotency_key text NOT NULL,
    request_hash bytea NOT NULL,
    lines jsonb NOT NULL CHECK (jsonb_typeof(lines) = 'array' AND lines <> '[]'),
    amount_minor bigint NOT NULL CHECK (amount_minor > 0),
    due_minor bigint NOT NULL CHECK (due_minor >= 0),  -- what was left to pay after it
    actor text NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (rental_id, idempotency_key)
);
REVOKE UPDATE, DELETE ON additional_charge FROM rent;

-- What the counter took can only be handed back there.
ALTER TABLE counter_entry
    DROP CONSTRAINT counter_entry_kind_check,
    ADD CONSTRAINT counter_entry_kind_check CHECK (
        kind IN ('cash', 'terminal', 'goodwill', 'cash_returned', 'terminal_returned'));

-- What the renter was asked by themselves: a way to pay what is due. A key makes each happen once.
CREATE TABLE due_payment (
    rental_id uuid NOT NULL,
    idempotency_key text NOT NULL,
    request_hash bytea NOT NULL,
    sequence smallint NOT NULL,
    expires_at timestamptz NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (rental_id, idempotency_key),
    FOREIGN KEY (rental_id, sequence) REFERENCES rental_charge
);
REVOKE UPDATE, DELETE ON due_payment FROM rent;
