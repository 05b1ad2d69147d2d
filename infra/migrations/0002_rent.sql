-- Schema rent: the catalogue, the calendar that rentals are sold from, the rental.
-- Amounts are integer minor units. Hours are counted in UTC from 1970-01-01T00:00Z.
CREATE EXTENSION IF NOT EXISTS btree_gist;

SET LOCAL search_path = rent, public;

-- --- catalogue ---------------------------------------------------------------------------------

CREATE TABLE branch (
    branch_code text PRIMARY KEY CHECK (branch_code ~ '^[A-Z0-9]{3,8}$'),
    name text NOT NULL,
    city text NOT NULL,
    country text NOT NULL CHECK (country ~ '^[A-Z]{2}$'),
    address text NOT NULL,
    timezone text NOT NULL,
    latitude double precision NOT NULL CHECK (latitude BETWEEN -90 AND 90),
    longitude double precision NOT NULL CHECK (longitude BETWEEN -180 AND 180),
    branch_group text NOT NULL,
    currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    turnaround_minutes integer NOT NULL DEFAULT 60 CHECK (turnaround_minutes BETWEEN 0 AND 1440),
    minimum_notice_minutes integer NOT NULL DEFAULT 60 CHECK (minimum_notice_minutes >= 0),
    maximum_advance_days integer NOT NULL DEFAULT 365 CHECK (maximum_advance_days BETWEEN 1 AND 450),
    maximum_rental_days integer NOT NULL DEFAULT 60 CHECK (maximum_rental_days BETWEEN 1 AND 60)
);

-- A day without a row is closed. 24:00 closes at midnight.
CREATE TABLE branch_hours (
    branch_code text NOT NULL REFERENCES branch,
    weekday smallint NOT NULL CHECK (weekday BETWEEN 1 AND 7), -- ISO 8601, 1 is Monday
    opens time NOT NULL,
    closes time NOT NULL CHECK (closes > opens),
    PRIMARY KEY (branch_code, weekday)
);

CREATE TABLE branch_holiday (
    branch_code text NOT NULL REFERENCES branch,
    holiday date NOT NULL,
    name text NOT NULL,
    PRIMARY KEY (branch_code, holiday)
);

CREATE TABLE car_class (
    class_code text PRIMARY KEY CHECK (class_code ~ '^[A-Z]{4}$'), -- ACRISS
    position smallint NOT NULL UNIQUE,
    name jsonb NOT NULL CHECK (name ? 'pt-BR' AND name ? 'en'),
    example_model text NOT NULL,
    seats smallint NOT NULL CHECK (seats > 0),
    doors smallint NOT NULL CHECK (doors > 0),
    bags smallint NOT NULL CHECK (bags >= 0),
    transmission text NOT NULL CHECK (transmission IN ('manual', 'automatic')),
    air_conditioning boolean NOT NULL,
    minimum_driver_age smallint NOT NULL CHECK (minimum_driver_age >= 18),
    deposit_minor bigint NOT NULL CHECK (deposit_minor >= 0)
);

CREATE TABLE one_way (
    origin_code text NOT NULL REFERENCES branch,
    destination_code text NOT NULL REFERENCES branch,
    fee_minor bigint NOT NULL CHECK (fee_minor >= 0),
    reposition_hours integer NOT NULL CHECK (reposition_hours BETWEEN 0 AND 240),
    PRIMARY KEY (origin_code, destination_code),
    CHECK (origin_code <> destination_code)
);

-- --- prices: new versions, never edited in place ----------------------------------------------

CREATE TABLE rate (
    rate_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    branch_group text NOT NULL,
    class_code text NOT NULL REFERENCES car_class,
    season daterange NOT NULL, -- by local pick-up date
    effective_at timestamptz NOT NULL DEFAULT now(), -- the newest version in force wins
    hour_minor bigint NOT NULL CHECK (hour_minor >= 0),
    day_minor bigint NOT NULL CHECK (day_minor > 0),
    week_minor bigint NOT NULL CHECK (week_minor > 0),
    month_minor bigint NOT NULL CHECK (month_minor > 0),
    UNIQUE (branch_group, class_code, season, effective_at)
);

CREATE TABLE tariff (
    tariff_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    branch_group text NOT NULL,
    effective_at timestamptz NOT NULL DEFAULT now(),
    young_driver_age smallint NOT NULL, -- the fee is due below this age
    young_driver_day_minor bigint NOT NULL CHECK (young_driver_day_minor >= 0),
    licence_day_minor bigint NOT NULL CHECK (licence_day_minor >= 0),
    airport_fee_basis_points integer NOT NULL CHECK (airport_fee_basis_points BETWEEN 0 AND 10000),
    tax_basis_points integer NOT NULL CHECK (tax_basis_points BETWEEN 0 AND 10000),
    grace_minutes integer NOT NULL CHECK (grace_minutes BETWEEN 0 AND 120),
    free_cancellation_hours integer NOT NULL CHECK (free_cancellation_hours >= 0),
    cancellation_fee_percent integer NOT NULL CHECK (cancellation_fee_percent BETWEEN 0 AND 100),
    UNIQUE (branch_group, effective_at)
);

CREATE TABLE extra (
    extra_code text PRIMARY KEY CHECK (extra_code ~ '^[A-Z0-9_]{2,24}$'),
    position smallint NOT NULL UNIQUE,
    name jsonb NOT NULL CHECK (name ? 'pt-BR' AND name ? 'en'),
    purpose text NOT NULL CHECK (purpose IN ('Equipment', 'AdditionalDriver')),
    unit_minor bigint NOT NULL CHECK (unit_minor >= 0),
    per text NOT NULL CHECK (per IN ('day', 'rental')),
    maximum_quantity smallint NOT NULL CHECK (maximum_quantity BETWEEN 1 AND 20)
);

CREATE TABLE coverage (
    coverage_code text PRIMARY KEY CHECK (coverage_code ~ '^[A-Z0-9_]{2,24}$'),
    position smallint NOT NULL UNIQUE,
    name jsonb NOT NULL CHECK (name ? 'pt-BR' AND name ? 'en'),
    day_minor bigint NOT NULL CHECK (day_minor >= 0),
    excess_minor bigint NOT NULL CHECK (excess_minor >= 0)
);

-- --- fleet and calendar -----------------------------------------------------------------------

CREATE TABLE vehicle (
    vehicle_id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    plate text NOT NULL UNIQUE CHECK (plate ~ '^[A-Z0-9]{5,8}$'),
    class_code text NOT NULL REFERENCES car_class,
    branch_code text NOT NULL REFERENCES branch,
    model text NOT NULL,
    model_year smallint NOT NULL CHECK (model_year BETWEEN 1990 AND 2100),
    odometer_km integer NOT NULL DEFAULT 0 CHECK (odometer_km >= 0),
    status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'maintenance', 'retired'))
);
CREATE INDEX vehicle_by_class ON vehicle (branch_code, class_code) WHERE status = 'active';

-- Locked first by whatever changes supply or adds blocks, so that those never cross.
CREATE TABLE class_supply (
    branch_code text NOT NULL REFERENCES branch,
    class_code text NOT NULL REFERENCES car_class,
    supply smallint NOT NULL CHECK (supply >= 0),
    overbooking smallint NOT NULL DEFAULT 0 CHECK (overbooking >= 0),
    PRIMARY KEY (branch_code, class_code)
);

-- What is still to sell: one row per branch, class and block of 384 hours. "free" can never be
-- negative, whatever the code does. "short" holds audited deficits; giving back pays them first.
-- Invariant: free - short = supply + overbooking - sold.
CREATE TABLE class_calendar (
    branch_code text NOT NULL,
    class_code text NOT NULL,
    block integer NOT NULL CHECK (block >= 0),
    free smallint[] NOT NULL,
    short smallint[] NOT NULL,
    PRIMARY KEY (branch_code, class_code, block),
    FOREIGN KEY (branch_code, class_code) REFERENCES class_supply,
    CONSTRAINT class_calendar_not_oversold CHECK (
        array_ndims(free) = 1 AND array_lower(free, 1) = 1 AND cardinality(free) = 384
        AND array_position(free, NULL) IS NULL AND 0 <= ALL (free)),
    CONSTRAINT class_calendar_short CHECK (
        array_ndims(short) = 1 AND array_lower(short, 1) = 1 AND cardinality(short) = 384
        AND array_position(short, NULL) IS NULL AND 0 <= ALL (short))
) WITH (fillfactor = 50); -- room for HOT updates: no index column ever changes
-- Values stay in the row: a slice is read with the row, not by a second look-up.
ALTER TABLE class_calendar ALTER COLUMN free SET STORAGE MAIN;
ALTER TABLE class_calendar ALTER COLUMN short SET STORAGE MAIN;

-- The blocks that hours [from_hour, to_hour) touch, with the slice [low, high] of each, from 1.
CREATE FUNCTION blocks_of(from_hour integer, to_hour integer)
RETURNS TABLE (block integer, low integer, high integer)
LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 2 AS $$
    SELECT b, greatest(from_hour - b * 384, 0) + 1, least(to_hour - b * 384, 384)
    FROM generate_series(from_hour / 384, (to_hour - 1) / 384) AS b
$$;

CREATE FUNCTION taken(free smallint[], low integer, high integer) RETURNS smallint[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT free[:low - 1]
        || ARRAY(SELECT (f - 1)::smallint FROM unnest(free[low:high]) WITH ORDINALITY AS u(f, i)
                 ORDER BY i)
        || free[high + 1:]
$$;

CREATE FUNCTION given_free(free smallint[], short smallint[], low integer, high integer)
RETURNS smallint[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT free[:low - 1]
        || ARRAY(SELECT (f + CASE WHEN s > 0 THEN 0 ELSE 1 END)::smallint
                 FROM unnest(free[low:high], short[low:high]) WITH ORDINALITY AS u(f, s, i)
                 ORDER BY i)
        || free[high + 1:]
$$;

CREATE FUNCTION given_short(short smallint[], low integer, high integer) RETURNS smallint[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT short[:low - 1]
        || ARRAY(SELECT greatest(s - 1, 0)::smallint
                 FROM unnest(short[low:high]) WITH ORDINALITY AS u(s, i) ORDER BY i)
        || short[high + 1:]
$$;

-- --- the rental -------------------------------------------------------------------------------

CREATE TABLE rental (
    rental_id uuid PRIMARY KEY,
    reference text NOT NULL UNIQUE CHECK (reference ~ '^[0-9A-HJKMNP-TV-Z]{8}$'),
    status text NOT NULL CHECK (status IN ('PENDING', 'CONFIRMED', 'CHECKED_OUT', 'COMPLETED',
                                           'EXPIRED', 'FAILED', 'CANCELLED', 'NO_SHOW')),
    version integer NOT NULL DEFAULT 1,
    -- The same key with the same body is the same rental; '' is the scope of all guests.
    idempotency_scope text NOT NULL,
    idempotency_key text,
    request_hash bytea NOT NULL,
    subject text,
    pickup_branch text NOT NULL REFERENCES branch,
    return_branch text NOT NULL REFERENCES branch,
    class_code text NOT NULL REFERENCES car_class,
    pickup_at timestamptz NOT NULL,
    return_at timestamptz NOT NULL CHECK (return_at > pickup_at),
    -- The hours taken from the calendar of pickup_branch and class_code: [from_hour, to_hour).
    from_hour integer NOT NULL CHECK (from_hour = floor(extract(epoch FROM pickup_at) / 3600)),
    to_hour integer NOT NULL CHECK (to_hour >= ceil(extract(epoch FROM return_at) / 3600)),
    driver jsonb NOT NULL, -- the only personal data of this schema; erased by LGPD requests
    driver_age smallint NOT NULL,
    price jsonb NOT NULL,
    total_minor bigint NOT NULL CHECK (total_minor >= 0),
    currency text NOT NULL,
    deposit_minor bigint NOT NULL CHECK (deposit_minor >= 0),
    cancellation_policy jsonb NOT NULL,
    extras jsonb NOT NULL,
    coverages jsonb NOT NULL,
    payment_method text NOT NULL CHECK (payment_method IN ('card', 'pix', 'boleto', 'counter')),
    attempt smallint NOT NULL CHECK (attempt BETWEEN 0 AND 5),
    declined_attempt smallint NOT NULL DEFAULT 0, -- the newest attempt known to be declined
    locale text NOT NULL,
    expires_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (idempotency_scope, idempotency_key),
    CONSTRAINT rental_pending_expires CHECK ((status = 'PENDING') = (expires_at IS NOT NULL))
) WITH (fillfactor = 80);
CREATE INDEX rental_expiry ON rental (expires_at) WHERE status = 'PENDING';
CREATE INDEX rental_by_slice ON rental (pickup_branch, class_code, from_hour);
CREATE INDEX rental_by_subject ON rental (subject, created_at) WHERE subject IS NOT NULL;

-- Append-only: what happened to a rental, for its timeline.
CREATE TABLE rental_event (
    rental_id uuid NOT NULL REFERENCES rental,
    position bigint GENERATED ALWAYS AS IDENTITY,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    event text NOT NULL,
    actor text NOT NULL DEFAULT 'system',
    PRIMARY KEY (rental_id, position)
);

-- Every further try to pay; the first one stands on the rental.
CREATE TABLE payment_retry (
    rental_id uuid NOT NULL REFERENCES rental,
    attempt smallint NOT NULL CHECK (attempt BETWEEN 2 AND 5),
    idempotency_key text NOT NULL,
    request_hash bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (rental_id, attempt),
    UNIQUE (rental_id, idempotency_key)
);

-- A physical car is in one place at a time: PostgreSQL has the last word.
CREATE TABLE vehicle_allocation (
    allocation_id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    vehicle_id uuid NOT NULL REFERENCES vehicle,
    rental_id uuid REFERENCES rental,
    kind text NOT NULL CHECK (kind IN ('rental', 'maintenance', 'transfer')),
    period tstzrange NOT NULL CHECK (NOT isempty(period)),
    CHECK ((kind = 'rental') = (rental_id IS NOT NULL)),
    CONSTRAINT vehicle_in_one_place EXCLUDE USING gist (vehicle_id WITH =, period WITH &&)
);

-- --- what other folders may read --------------------------------------------------------------

-- The recipient and the facts of an e-mail, so that no personal data travels on queues.
CREATE VIEW email_view AS
SELECT r.rental_id, r.reference, r.status, r.locale,
       r.driver ->> 'given_name' AS recipient_name,
       r.driver ->> 'email' AS recipient_email,
       coalesce(c.name ->> r.locale, c.name ->> 'en') AS class_name,
       c.example_model,
       p.name AS pickup_branch_name, p.address AS pickup_address,
       r.pickup_at, p.timezone AS pickup_timezone,
       d.name AS return_branch_name, d.address AS return_address,
       r.return_at, d.timezone AS return_timezone,
       r.price, r.deposit_minor, r.currency, r.cancellation_policy, r.extras, r.expires_at,
       '/rentals/' || r.reference AS manage_path
FROM rental r
JOIN car_class c USING (class_code)
JOIN branch p ON p.branch_code = r.pickup_branch
JOIN branch d ON d.branch_code = r.return_branch;

-- Who pays, where a vendor asks for it (boleto).
CREATE VIEW payer_view AS
SELECT rental_id,
       concat_ws(' ', driver ->> 'given_name', driver ->> 'family_name') AS name,
       driver ->> 'email' AS email,
       CASE WHEN driver -> 'document' ->> 'type' = 'cpf' THEN driver -> 'document' ->> 'number'
       END AS tax_id
FROM rental;

GRANT USAGE ON SCHEMA rent TO email, payment;
GRANT SELECT ON email_view TO email;
GRANT SELECT ON payer_view TO payment;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA rent TO rent;

-- What has happened stays: PostgreSQL refuses to edit it.
REVOKE UPDATE, DELETE ON rental_event, payment_retry FROM rent;
