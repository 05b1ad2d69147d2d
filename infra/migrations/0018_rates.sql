-- Rate cards: a tariff is the head of a version, and all that it prices stands under it by the same
-- (branch_group, effective_at). The newest card in force is the whole truth: what it does not name
-- is not offered. Cards are never edited; promo codes have a validity of their own.
SET LOCAL search_path = rent, public;

ALTER TABLE branch
    ADD COLUMN minimum_rental_minutes integer NOT NULL DEFAULT 60
        CHECK (minimum_rental_minutes BETWEEN 0 AND 10080);

ALTER TABLE tariff
    ADD COLUMN currency text NOT NULL DEFAULT 'BRL' CHECK (currency ~ '^[A-Z]{3}$'),
    ADD COLUMN weekend smallint[] NOT NULL DEFAULT '{6,7}'
        CHECK (weekend <@ '{1,2,3,4,5,6,7}'::smallint[]), -- ISO 8601 weekdays
    ADD COLUMN created_at timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN created_by text NOT NULL DEFAULT 'system';

-- Checked at commit: the lines of a card may be written before its head.
ALTER TABLE rate
    ADD COLUMN weekend_basis_points integer NOT NULL DEFAULT 10000
        CHECK (weekend_basis_points BETWEEN 0 AND 50000),
    ADD CONSTRAINT rate_of_card FOREIGN KEY (branch_group, effective_at)
        REFERENCES tariff (branch_group, effective_at) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT rate_season CHECK (
        NOT isempty(season) AND NOT lower_inf(season) AND NOT upper_inf(season));

CREATE TABLE length_tier (
    branch_group text NOT NULL,
    effective_at timestamptz NOT NULL,
    from_days smallint NOT NULL CHECK (from_days BETWEEN 2 AND 60),
    discount_basis_points integer NOT NULL CHECK (discount_basis_points BETWEEN 1 AND 9000),
    PRIMARY KEY (branch_group, effective_at, from_days),
    FOREIGN KEY (branch_group, effective_at) REFERENCES tariff (branch_group, effective_at)
        DEFERRABLE INITIALLY DEFERRED
);

-- What a card says of a class whatever the season.
CREATE TABLE class_terms (
    branch_group text NOT NULL,
    effective_at timestamptz NOT NULL,
    class_code text NOT NULL REFERENCES car_class,
    deposit_minor bigint NOT NULL CHECK (deposit_minor >= 0),
    young_driver boolean NOT NULL DEFAULT true, -- false: refused below young_driver_age
    PRIMARY KEY (branch_group, effective_at, class_code),
    FOREIGN KEY (branch_group, effective_at) REFERENCES tariff (branch_group, effective_at)
        DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE extra_rate (
    branch_group text NOT NULL,
    effective_at timestamptz NOT NULL,
    extra_code text NOT NULL REFERENCES extra,
    unit_minor bigint NOT NULL CHECK (unit_minor >= 0),
    cap_minor bigint CHECK (cap_minor >= unit_minor), -- the most that one piece costs
    PRIMARY KEY (branch_group, effective_at, extra_code),
    FOREIGN KEY (branch_group, effective_at) REFERENCES tariff (branch_group, effective_at)
        DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE coverage_rate (
    branch_group text NOT NULL,
    effective_at timestamptz NOT NULL,
    coverage_code text NOT NULL REFERENCES coverage,
    day_minor bigint NOT NULL CHECK (day_minor >= 0),
    excess_minor bigint NOT NULL CHECK (excess_minor >= 0),
    PRIMARY KEY (branch_group, effective_at, coverage_code),
    FOREIGN KEY (branch_group, effective_at) REFERENCES tariff (branch_group, effective_at)
        DEFERRABLE INITIALLY DEFERRED
);

-- The card of the origin's group prices the pair; one_way says where a car may go at all.
CREATE TABLE one_way_fee (
    branch_group text NOT NULL,
    effective_at timestamptz NOT NULL,
    origin_code text NOT NULL,
    destination_code text NOT NULL,
    fee_minor bigint NOT NULL CHECK (fee_minor >= 0),
    PRIMARY KEY (branch_group, effective_at, origin_code, destination_code),
    FOREIGN KEY (origin_code, destination_code) REFERENCES one_way,
    FOREIGN KEY (branch_group, effective_at) REFERENCES tariff (branch_group, effective_at)
        DEFERRABLE INITIALLY DEFERRED
);

-- Cards from before: the prices that stood in the catalogue, whose columns go in a later release.
INSERT INTO class_terms (branch_group, effective_at, class_code, deposit_minor)
SELECT t.branch_group, t.effective_at, c.class_code, c.deposit_minor FROM tariff t, car_class c;
INSERT INTO extra_rate (branch_group, effective_at, extra_code, unit_minor)
SELECT t.branch_group, t.effective_at, x.extra_code, x.unit_minor FROM tariff t, extra x;
INSERT INTO coverage_rate
SELECT t.branch_group, t.effective_at, v.coverage_code, v.day_minor, v.excess_minor
FROM tariff t, coverage v;
INSERT INTO one_way_fee
SELECT t.branch_group, t.effective_at, o.origin_code, o.destination_code, o.fee_minor
FROM tariff t JOIN branch b USING (branch_group) JOIN one_way o ON o.origin_code = b.branch_code;

REVOKE UPDATE, DELETE, TRUNCATE
    ON tariff, rate, length_tier, class_terms, extra_rate, coverage_rate, one_way_fee FROM rent;

-- --- promo codes ------------------------------------------------------------------------------

CREATE TABLE promo_code (
    promo_code text PRIMARY KEY CHECK (promo_code ~ '^[A-Z0-9_-]{2,24}$'),
    basis_points integer NOT NULL DEFAULT 0 CHECK (basis_points BETWEEN 0 AND 10000),
    amount_minor bigint NOT NULL DEFAULT 0 CHECK (amount_minor >= 0),
    currency text CHECK (currency ~ '^[A-Z]{3}$'), -- of an amount; a percentage has none
    valid_from timestamptz NOT NULL, -- when it is searched for, not when the car is driven
    valid_until timestamptz NOT NULL CHECK (valid_until > valid_from),
    pickup_from date,
    pickup_until date,
    minimum_days smallint NOT NULL DEFAULT 1 CHECK (minimum_days BETWEEN 1 AND 60),
    usage_limit integer CHECK (usage_limit > 0), -- NULL: as often as wanted
    class_codes text[] CHECK (cardinality(class_codes) > 0), -- NULL: every class
    branch_codes text[] CHECK (cardinality(branch_codes) > 0), -- of the pick-up; NULL: every branch
    CHECK ((basis_points > 0) <> (amount_minor > 0)),
    CHECK ((amount_minor > 0) = (currency IS NOT NULL))
);

-- Counted under a lock on the code's row. A rental that ended unpaid or cancelled does not count:
-- its use is another renter's again, with nothing to give back.
CREATE TABLE promo_use (
    rental_id uuid PRIMARY KEY REFERENCES rental,
    promo_code text NOT NULL REFERENCES promo_code,
    used_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX promo_use_by_code ON promo_use (promo_code);

CREATE FUNCTION promo_uses(code text) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT count(*) FROM rent.promo_use u JOIN rent.rental r USING (rental_id)
    WHERE u.promo_code = code AND r.status NOT IN ('EXPIRED', 'FAILED', 'CANCELLED')
$$;

-- --- search -----------------------------------------------------------------------------------

-- The cars of a class that are free over every hour of [from_hour, to_hour). Each calendar row is
-- looked up by its whole key (OFFSET 0 keeps it so): by branch and class alone PostgreSQL would
-- read every block of the next year and a half.
CREATE FUNCTION available_cars(branch text, class text, from_hour integer, to_hour integer)
RETURNS TABLE (available integer) LANGUAGE sql STABLE ROWS 1 AS $$
    SELECT CASE WHEN count(*) = (to_hour - 1) / 384 - from_hour / 384 + 1
                THEN min(b.lowest)::integer ELSE 0 END
    FROM rent.blocks_of(from_hour, to_hour) AS w
    CROSS JOIN LATERAL (
        SELECT (SELECT min(f) FROM unnest(c.free[w.low:w.high]) AS f) AS lowest
        FROM rent.class_calendar c
        WHERE c.branch_code = branch AND c.class_code = class AND c.block = w.block OFFSET 0) AS b
$$;
GRANT EXECUTE ON FUNCTION promo_uses, available_cars TO rent;
