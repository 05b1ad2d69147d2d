-- The car changes hands: check-out, exchange, check-in, extension, overdue, no-show.
-- Amounts are integer minor units in the rental's currency.
SET LOCAL search_path = rent, public;

-- --- what is charged beyond the price: new versions, never edited in place -----------------------

CREATE TABLE return_policy (
    branch_group text NOT NULL,
    effective_at timestamptz NOT NULL DEFAULT now(), -- the newest in force when a rental was priced
    fuel_eighth_minor bigint NOT NULL CHECK (fuel_eighth_minor >= 0), -- an eighth of a tank, filled
    included_km_day integer CHECK (included_km_day > 0), -- NULL: as far as the renter likes
    extra_km_minor bigint NOT NULL CHECK (extra_km_minor >= 0),
    no_show_hours smallint NOT NULL CHECK (no_show_hours BETWEEN 0 AND 72),
    no_show_fee_percent smallint NOT NULL CHECK (no_show_fee_percent BETWEEN 0 AND 100),
    PRIMARY KEY (branch_group, effective_at)
);
REVOKE UPDATE, DELETE ON return_policy FROM rent;
-- Branches from before this table: the terms that they have had so far.
INSERT INTO return_policy
SELECT DISTINCT branch_group, '2020-01-01Z'::timestamptz, 0, NULL::integer, 0, 2, 100 FROM branch;

-- Who bought a full tank brings it back empty.
ALTER TABLE extra ADD COLUMN covers_fuel boolean NOT NULL DEFAULT false;
UPDATE extra SET covers_fuel = true WHERE extra_code = 'FULL_TANK';
-- Who bought it pays for damage to the car up to the excess.
ALTER TABLE coverage ADD COLUMN covers_car boolean NOT NULL DEFAULT false;
UPDATE coverage SET covers_car = true WHERE coverage_code IN ('CDW', 'CDW_PLUS');
-- A free upgrade: what is paid for goes by the class that was sold.
ALTER TABLE rental ADD COLUMN sold_class text REFERENCES car_class;

-- --- which car a rental has, and had -------------------------------------------------------------

CREATE TABLE rental_leg (
    rental_id uuid NOT NULL REFERENCES rental,
    number smallint NOT NULL CHECK (number >= 1),
    vehicle_id uuid NOT NULL REFERENCES vehicle,
    allocation_id uuid NOT NULL UNIQUE REFERENCES vehicle_allocation,
    out_at timestamptz NOT NULL,
    out_odometer_km integer NOT NULL CHECK (out_odometer_km >= 0),
    out_fuel_eighths smallint NOT NULL CHECK (out_fuel_eighths BETWEEN 0 AND 8),
    notes text CHECK (length(notes) <= 500),
    in_at timestamptz CHECK (in_at > out_at),
    in_odometer_km integer CHECK (in_odometer_km >= out_odometer_km),
    in_fuel_eighths smallint CHECK (in_fuel_eighths BETWEEN 0 AND 8),
    PRIMARY KEY (rental_id, number),
    CHECK (num_nulls(in_at, in_odometer_km, in_fuel_eighths) IN (0, 3))
);
-- A car that is out is out once, however long its allocation was planned for.
CREATE UNIQUE INDEX vehicle_out_once ON rental_leg (vehicle_id) WHERE in_at IS NULL;
CREATE UNIQUE INDEX rental_has_one_car ON rental_leg (rental_id) WHERE in_at IS NULL;
REVOKE UPDATE, DELETE ON rental_leg FROM rent;
GRANT UPDATE (in_at, in_odometer_km, in_fuel_eighths) ON rental_leg TO rent;

-- What an operator was answered at check-in: the same call is answered the same.
CREATE TABLE rental_return (
    rental_id uuid PRIMARY KEY REFERENCES rental,
    request_hash bytea NOT NULL,
    returned_at timestamptz NOT NULL,
    lines jsonb NOT NULL,
    total_minor bigint NOT NULL CHECK (total_minor >= 0),
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE rental_damage (
    rental_id uuid NOT NULL REFERENCES rental,
    number smallint NOT NULL CHECK (number >= 1),
    vehicle_id uuid NOT NULL REFERENCES vehicle,
    description text NOT NULL CHECK (length(description) BETWEEN 1 AND 500),
    amount_minor bigint NOT NULL CHECK (amount_minor >= 0),
    PRIMARY KEY (rental_id, number)
);

-- Every later return that was agreed, and what it cost.
CREATE TABLE rental_extension (
    rental_id uuid NOT NULL REFERENCES rental,
    number smallint NOT NULL CHECK (number >= 1),
    return_before timestamptz NOT NULL,
    return_at timestamptz NOT NULL CHECK (return_at > return_before),
    lines jsonb NOT NULL,
    extended_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (rental_id, number),
    UNIQUE (rental_id, return_at)
);

CREATE TABLE rental_no_show (
    rental_id uuid PRIMARY KEY REFERENCES rental,
    fee_minor bigint NOT NULL CHECK (fee_minor >= 0),
    refund_minor bigint NOT NULL CHECK (refund_minor >= 0),
    at_counter_minor bigint NOT NULL CHECK (at_counter_minor BETWEEN 0 AND refund_minor),
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
REVOKE UPDATE, DELETE ON rental_return, rental_damage, rental_extension, rental_no_show FROM rent;

-- --- the slice follows what happens ---------------------------------------------------------------

-- Until the car leaves, a rental keeps the hours that were sold. Handed over early it keeps earlier
-- ones too; brought back early, or never fetched, it ends before the time that was agreed.
DO $$
DECLARE
    old record;
BEGIN
    FOR old IN SELECT conname FROM pg_constraint
        WHERE conrelid = 'rental'::regclass AND contype = 'c'
          AND pg_get_constraintdef(oid) ~ '(from_hour|to_hour)'
    LOOP
        EXECUTE format('ALTER TABLE rental DROP CONSTRAINT %I', old.conname);
    END LOOP;
END $$;
ALTER TABLE rental
    ADD CONSTRAINT rental_from_hour CHECK (
        from_hour = floor(extract(epoch FROM pickup_at) / 3600)
        OR (status IN ('CHECKED_OUT', 'COMPLETED')
            AND from_hour < floor(extract(epoch FROM pickup_at) / 3600))),
    ADD CONSTRAINT rental_to_hour CHECK (
        to_hour >= ceil(extract(epoch FROM return_at) / 3600)
        OR (status IN ('COMPLETED', 'NO_SHOW') AND to_hour >= from_hour));

-- What the timer looks at: cars that should be back.
CREATE INDEX rental_out ON rental (return_at) WHERE status = 'CHECKED_OUT';
CREATE INDEX vehicle_allocation_of_rental ON vehicle_allocation (rental_id)
    WHERE rental_id IS NOT NULL;

-- Move a rental within the calendar, like moved_free and moved_short (0006), and into the deficit
-- where nothing is left: a car that is late, or an operator who insists.
CREATE FUNCTION forced_free(free smallint[], short smallint[], give_low integer, give_high integer,
                            take_low integer, take_high integer) RETURNS smallint[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT ARRAY(
        SELECT (f + CASE WHEN gives AND NOT takes AND s = 0 THEN 1
                         WHEN takes AND NOT gives AND f > 0 THEN -1 ELSE 0 END)::smallint
        FROM unnest(free, short) WITH ORDINALITY AS u(f, s, i),
             LATERAL (SELECT (i BETWEEN give_low AND give_high) IS TRUE AS gives,
                             (i BETWEEN take_low AND take_high) IS TRUE AS takes) AS m
        ORDER BY i)
$$;

CREATE FUNCTION forced_short(free smallint[], short smallint[], give_low integer,
                             give_high integer, take_low integer, take_high integer)
RETURNS smallint[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT ARRAY(
        SELECT (s + CASE WHEN gives AND NOT takes AND s > 0 THEN -1
                         WHEN takes AND NOT gives AND f = 0 THEN 1 ELSE 0 END)::smallint
        FROM unnest(free, short) WITH ORDINALITY AS u(f, s, i),
             LATERAL (SELECT (i BETWEEN give_low AND give_high) IS TRUE AS gives,
                             (i BETWEEN take_low AND take_high) IS TRUE AS takes) AS m
        ORDER BY i)
$$;

CREATE FUNCTION hours_missing(free smallint[], give_low integer, give_high integer,
                              take_low integer, take_high integer) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT count(*)::integer FROM unnest(free) WITH ORDINALITY AS u(f, i)
    WHERE f < 1 AND i BETWEEN take_low AND take_high
      AND (i BETWEEN give_low AND give_high) IS NOT TRUE
$$;
