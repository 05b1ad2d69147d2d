-- Cars that come, go, move and stand in the workshop: the supply that the calendar sells from,
-- hour by hour, and where each car is. See docs/adr, “Supply over time”.
SET LOCAL search_path = rent, public;

-- "supply" and "overbooking" are what stands when everything planned has happened. Where an hour
-- differs, it differs by what this ledger adds up to: in hour h a class has
-- supply + overbooking + sum(cars) of the entries whose hours hold h. Append-only.
CREATE TABLE supply_exception (
    exception_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    branch_code text NOT NULL,
    class_code text NOT NULL,
    hours int4range NOT NULL
        CHECK (NOT isempty(hours) AND lower(hours) >= 0 AND NOT upper_inf(hours)),
    cars smallint NOT NULL CHECK (cars <> 0),
    vehicle_id uuid REFERENCES vehicle, -- NULL: no car of its own, as overbooking has none
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    FOREIGN KEY (branch_code, class_code) REFERENCES class_supply
);
-- Only what reaches into the hours that are asked for; most entries soon lie in the past.
CREATE INDEX supply_exception_by_end
    ON supply_exception (branch_code, class_code, upper(hours));
REVOKE UPDATE, DELETE ON supply_exception FROM rent;

-- Percent of a class's supply that may be sold beyond it: wished for, and in force while the flag
-- is on. "overbooking" is the number of cars that follows, rounded down.
ALTER TABLE class_supply
    ADD COLUMN overbooking_percent smallint NOT NULL DEFAULT 0
        CHECK (overbooking_percent BETWEEN 0 AND 100),
    ADD COLUMN overbooking_in_force smallint NOT NULL DEFAULT 0
        CHECK (overbooking_in_force BETWEEN 0 AND 100);

-- What a calendar's slice becomes when "cars" more (or, negative, fewer) may be sold: a deficit is
-- paid before anything is free again, and what is not there becomes a deficit.
CREATE FUNCTION shifted_free(free smallint[], short smallint[], low integer, high integer,
                             cars integer) RETURNS smallint[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT ARRAY(
        SELECT (CASE WHEN i BETWEEN low AND high THEN greatest(f - s + cars, 0) ELSE f END)::smallint
        FROM unnest(free, short) WITH ORDINALITY AS u(f, s, i) ORDER BY i)
$$;

CREATE FUNCTION shifted_short(free smallint[], short smallint[], low integer, high integer,
                              cars integer) RETURNS smallint[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT ARRAY(
        SELECT (CASE WHEN i BETWEEN low AND high THEN greatest(s - f - cars, 0) ELSE s END)::smallint
        FROM unnest(free, short) WITH ORDINALITY AS u(f, s, i) ORDER BY i)
$$;

-- Where a car is and may not be twice: also in the workshop, between branches, out of the fleet.
ALTER TABLE vehicle_allocation
    ADD COLUMN reason text CHECK (length(reason) BETWEEN 1 AND 500),
    DROP CONSTRAINT vehicle_allocation_kind_check,
    ADD CONSTRAINT vehicle_allocation_kind_check
        CHECK (kind IN ('rental', 'maintenance', 'transfer', 'retired'));

-- What a car will do and has not done yet; the timer moves the car when its time has come.
-- Without a branch it leaves the fleet.
CREATE TABLE vehicle_move (
    vehicle_id uuid PRIMARY KEY REFERENCES vehicle,
    branch_code text REFERENCES branch,
    class_code text REFERENCES car_class,
    leaves_at timestamptz NOT NULL,
    arrives_at timestamptz NOT NULL CHECK (arrives_at >= leaves_at),
    CHECK ((branch_code IS NULL) = (class_code IS NULL))
);
CREATE INDEX vehicle_move_due ON vehicle_move (arrives_at);
