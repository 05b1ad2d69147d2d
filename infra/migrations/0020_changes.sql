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
