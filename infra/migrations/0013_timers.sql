-- What the timer has done, so that it is done once: reminders, and the night's work.

-- A rental is reminded once of each kind and day that it is about. When its time moves to another
-- day before the reminder is due, the reminder moves with it; after it, the new day has its own.
CREATE TABLE rent.reminder (
    rental_id uuid NOT NULL REFERENCES rent.rental,
    kind text NOT NULL CHECK (kind IN ('pickup', 'return', 'overdue', 'review')),
    about date NOT NULL,  -- the branch's local day of the pick-up, or of the return
    asked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (rental_id, kind, about)
);
REVOKE UPDATE, DELETE ON rent.reminder FROM rent;
CREATE INDEX rental_ahead ON rent.rental (pickup_at) WHERE status = 'CONFIRMED';
CREATE INDEX rental_ended ON rent.rental (return_at) WHERE status = 'COMPLETED';

-- One row for each night whose work is done; a minute that was missed is made up for.
CREATE TABLE rent.night (
    day date PRIMARY KEY,
    blocks_added integer NOT NULL CHECK (blocks_added >= 0),
    calendar_drift integer NOT NULL CHECK (calendar_drift >= 0),
    finished_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
REVOKE UPDATE, DELETE ON rent.night FROM rent;
