-- How often something was tried in this window of the clock, by a keyed hash that is another one in
-- the next window: nothing here names anybody, and the timer deletes what is over.
-- Unlogged: a counter that a failover forgets begins anew, and a booking pays no log for it.

CREATE UNLOGGED TABLE rent.recent_try (
    subject bytea PRIMARY KEY CHECK (octet_length(subject) = 32),
    ends_at timestamptz NOT NULL,
    maximum integer NOT NULL,
    tries integer NOT NULL,
    -- Counting is one statement's business: whoever is one too many takes nothing else with it.
    CONSTRAINT recent_try_within_maximum CHECK (tries <= maximum)
) WITH (fillfactor = 70);

CREATE UNLOGGED TABLE payment.recent_try (
    subject bytea PRIMARY KEY CHECK (octet_length(subject) = 32),
    ends_at timestamptz NOT NULL,
    maximum integer NOT NULL,
    tries integer NOT NULL,
    CONSTRAINT recent_try_within_maximum CHECK (tries <= maximum)
) WITH (fillfactor = 70);
