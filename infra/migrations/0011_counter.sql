-- Money at the counter: what an operator took, and goodwill that an operator gave. Append-only; a
-- key makes each happen once. Amounts are integer minor units in the rental's currency.
CREATE TABLE rent.counter_entry (
    rental_id uuid NOT NULL REFERENCES rent.rental,
    idempotency_key text NOT NULL,
    request_hash bytea NOT NULL,
    kind text NOT NULL CHECK (kind IN ('cash', 'terminal', 'goodwill')),
    amount_minor bigint NOT NULL CHECK (amount_minor > 0),
    due_minor bigint NOT NULL CHECK (due_minor >= 0),  -- what was left to pay after it
    actor text NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (rental_id, idempotency_key)
);
REVOKE UPDATE, DELETE ON rent.counter_entry FROM rent;
