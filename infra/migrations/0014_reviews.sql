-- What renters thought of a rental that was completed: stars count, words are read before shown.
SET LOCAL search_path = rent, public;

CREATE TABLE review (
    review_id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    rental_id uuid NOT NULL CONSTRAINT review_once UNIQUE REFERENCES rental,
    branch_code text NOT NULL REFERENCES branch,  -- of the pick-up
    class_code text NOT NULL REFERENCES car_class,
    rating smallint NOT NULL CHECK (rating BETWEEN 1 AND 5),
    comment text CHECK (length(comment) BETWEEN 1 AND 2000),
    status text NOT NULL CHECK (status IN ('UNCOMMENTED', 'PENDING', 'APPROVED', 'REJECTED')),
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    moderated_at timestamptz,
    CONSTRAINT review_words CHECK ((comment IS NULL) = (status = 'UNCOMMENTED')),
    CHECK (status NOT IN ('APPROVED', 'REJECTED') OR moderated_at IS NOT NULL)
);
CREATE INDEX review_of_class ON review (class_code) INCLUDE (rating);
CREATE INDEX review_of_branch ON review (branch_code) INCLUDE (rating);
CREATE INDEX review_newest ON review (status, created_at DESC, review_id DESC);
-- Stars are given once, and for good; only what becomes of the words changes.
REVOKE UPDATE, DELETE ON review FROM rent;
GRANT UPDATE (comment, status, moderated_at) ON review TO rent;
