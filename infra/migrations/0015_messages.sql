-- What a renter and the branch wrote each other about a rental, kept with it.
SET LOCAL search_path = rent, public;

CREATE TABLE rental_message (
    message_id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    rental_id uuid NOT NULL REFERENCES rental,
    position bigint GENERATED ALWAYS AS IDENTITY,
    author text NOT NULL CHECK (author IN ('renter', 'branch')),
    actor text NOT NULL,  -- the operator's subject; never shown to the renter
    body text CHECK (length(body) BETWEEN 1 AND 2000),  -- NULL: erased on request
    sent_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    -- When the branch answered a renter's message, or found that it needs no answer.
    settled_at timestamptz CHECK (author = 'renter' OR settled_at IS NULL)
);
CREATE INDEX rental_message_thread ON rental_message (rental_id, position);
CREATE INDEX rental_message_waiting ON rental_message (rental_id, sent_at)
    WHERE author = 'renter' AND settled_at IS NULL;
-- What was written stays as it was written, until it is erased.
REVOKE UPDATE, DELETE ON rental_message FROM rent;
GRANT UPDATE (body, settled_at) ON rental_message TO rent;

-- The words of an e-mail about an answer, so that they travel on no queue.
CREATE VIEW branch_message_view AS
SELECT message_id, rental_id, body FROM rental_message WHERE author = 'branch';
GRANT SELECT ON branch_message_view TO email;
