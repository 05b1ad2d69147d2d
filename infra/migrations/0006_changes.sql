-- Changes by the renter: the money that a rental has moved, cancellation, modification.
-- Amounts are integer minor units in the rental's currency.
SET LOCAL search_path = rent, public;

-- What was asked of the renter towards the price (purpose PREPAY), and what came of it. The first
-- row stands when the booking's payment lands; a modification that costs more adds the next.
CREATE TABLE rental_charge (
    rental_id uuid NOT NULL REFERENCES rental,
    sequence smallint NOT NULL CHECK (sequence >= 1),
    asked_minor bigint NOT NULL CHECK (asked_minor > 0),
    received_minor bigint NOT NULL DEFAULT 0 CHECK (received_minor BETWEEN 0 AND asked_minor),
    -- DECLINED: given up at the vendor, whose word is awaited; CLOSED: nothing can come any more.
    status text NOT NULL CHECK (status IN ('OPEN', 'DECLINED', 'CLOSED', 'RECEIVED')),
    asked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (rental_id, sequence),
    CHECK ((status = 'RECEIVED') = (received_minor > 0))
);

-- What was asked of PaymentProcess to give back: the number makes it happen once.
CREATE TABLE rental_refund (
    rental_id uuid NOT NULL,
    sequence smallint NOT NULL,
    refund_number smallint NOT NULL CHECK (refund_number >= 1),
    amount_minor bigint NOT NULL CHECK (amount_minor > 0),
    reason text NOT NULL CHECK (reason IN ('cancelled', 'late_payment', 'modified', 'goodwill')),
    outcome text CHECK (outcome IN ('refunded', 'failed')),
    asked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (rental_id, sequence, refund_number),
    FOREIGN KEY (rental_id, sequence) REFERENCES rental_charge
);

-- Rentals from before this table was there.
INSERT INTO rental_charge (rental_id, sequence, asked_minor, received_minor, status)
SELECT rental_id, 1, total_minor, total_minor, 'RECEIVED' FROM rental r
WHERE total_minor > 0 AND payment_method <> 'counter'
  AND (status IN ('CONFIRMED', 'CHECKED_OUT', 'COMPLETED', 'NO_SHOW')
       OR EXISTS (SELECT FROM rental_event e
                  WHERE e.rental_id = r.rental_id AND e.event = 'REFUND_REQUESTED'));
INSERT INTO rental_refund (rental_id, sequence, refund_number, amount_minor, reason)
SELECT rental_id, 1, 1, total_minor, 'late_payment' FROM rental r
WHERE total_minor > 0 AND payment_method <> 'counter'
  AND EXISTS (SELECT FROM rental_event e
              WHERE e.rental_id = r.rental_id AND e.event = 'REFUND_REQUESTED');

-- What the renter was answered: the same call is answered the same.
CREATE TABLE rental_cancellation (
    rental_id uuid PRIMARY KEY REFERENCES rental,
    cancelled_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    actor text NOT NULL,
    reason text CHECK (length(reason) <= 500),
    fee_minor bigint NOT NULL CHECK (fee_minor >= 0),
    refund_minor bigint NOT NULL CHECK (refund_minor >= 0)
);

-- Every version of a rental's terms: 0 is what was booked, written with the first modification;
-- the newest stands on the rental. Amounts asked and given back are what the renter was answered.
CREATE TABLE rental_revision (
    rental_id uuid NOT NULL REFERENCES rental,
    number smallint NOT NULL CHECK (number >= 0),
    idempotency_key text,
    request_hash bytea,
    pickup_branch text NOT NULL,
    return_branch text NOT NULL,
    class_code text NOT NULL,
    pickup_at timestamptz NOT NULL,
    return_at timestamptz NOT NULL,
    from_hour integer NOT NULL,
    to_hour integer NOT NULL CHECK (to_hour > from_hour),
    price jsonb NOT NULL,
    total_minor bigint NOT NULL,
    deposit_minor bigint NOT NULL,
    cancellation_policy jsonb NOT NULL,
    extras jsonb NOT NULL,
    coverages jsonb NOT NULL,
    to_pay_minor bigint NOT NULL DEFAULT 0 CHECK (to_pay_minor >= 0),
    refund_minor bigint NOT NULL DEFAULT 0 CHECK (refund_minor >= 0),
    revised_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (rental_id, number),
    UNIQUE (rental_id, idempotency_key),
    CHECK (to_pay_minor = 0 OR refund_minor = 0),
    CHECK ((number = 0) = (idempotency_key IS NULL) AND (number = 0) = (request_hash IS NULL))
);
REVOKE UPDATE, DELETE ON rental_revision, rental_cancellation FROM rent;
-- Erasure (0007) takes the reason and the name off a cancellation, and nothing else.
GRANT UPDATE (actor, reason) ON rental_cancellation TO rent;

-- Move a rental within the calendar: hours that it keeps do not change, so that a rental may be
-- lengthened by its own car. Bounds that are NULL give or take nothing in that block.
CREATE FUNCTION can_move(free smallint[], give_low integer, give_high integer,
                         take_low integer, take_high integer) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT NOT EXISTS (
        SELECT FROM unnest(free) WITH ORDINALITY AS u(f, i)
        WHERE f < 1 AND i BETWEEN take_low AND take_high
          AND (i BETWEEN give_low AND give_high) IS NOT TRUE)
$$;

CREATE FUNCTION moved_free(free smallint[], short smallint[], give_low integer, give_high integer,
                           take_low integer, take_high integer) RETURNS smallint[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT ARRAY(
        SELECT (f + CASE WHEN gives AND NOT takes AND s = 0 THEN 1
                         WHEN takes AND NOT gives THEN -1 ELSE 0 END)::smallint
        FROM unnest(free, short) WITH ORDINALITY AS u(f, s, i),
             LATERAL (SELECT (i BETWEEN give_low AND give_high) IS TRUE AS gives,
                             (i BETWEEN take_low AND take_high) IS TRUE AS takes) AS m
        ORDER BY i)
$$;

CREATE FUNCTION moved_short(short smallint[], give_low integer, give_high integer,
                            take_low integer, take_high integer) RETURNS smallint[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT ARRAY(
        SELECT (s - CASE WHEN s > 0 AND i BETWEEN give_low AND give_high
                          AND (i BETWEEN take_low AND take_high) IS NOT TRUE
                         THEN 1 ELSE 0 END)::smallint
        FROM unnest(short) WITH ORDINALITY AS u(s, i) ORDER BY i)
$$;
