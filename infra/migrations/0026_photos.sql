-- Photos of the car as it left and as it came back. The files stand in blobs (docs/adr/0030).
SET LOCAL search_path = rent, public;

CREATE TABLE rental_photo (
    photo_id uuid PRIMARY KEY DEFAULT gen_random_uuid(), -- and the file's name: it names nobody
    rental_id uuid NOT NULL REFERENCES rental,
    kind text NOT NULL CHECK (kind IN ('check_out', 'check_in', 'damage')),
    leg smallint NOT NULL, -- which of the rental's cars
    damage smallint,
    source_sha256 bytea NOT NULL CHECK (octet_length(source_sha256) = 32), -- of what was sent
    sha256 bytea NOT NULL CHECK (octet_length(sha256) = 32), -- of what is kept
    size_bytes integer NOT NULL CHECK (size_bytes > 0),
    width integer NOT NULL CHECK (width > 0),
    height integer NOT NULL CHECK (height > 0),
    stored_at timestamptz, -- the file is there
    discarded_at timestamptz,
    -- Then the file is deleted; the row stays. Until the file is there: as long as it may yet come.
    keep_until timestamptz NOT NULL,
    deleted_at timestamptz,
    FOREIGN KEY (rental_id, leg) REFERENCES rental_leg,
    FOREIGN KEY (rental_id, damage) REFERENCES rental_damage,
    CHECK ((kind = 'damage') = (damage IS NOT NULL)),
    CHECK (discarded_at IS NULL OR stored_at IS NOT NULL)
);
-- The same photo of the same thing is one, however often and from where it is sent.
CREATE UNIQUE INDEX rental_photo_once
    ON rental_photo (rental_id, kind, leg, coalesce(damage, 0), source_sha256)
    WHERE stored_at IS NOT NULL AND discarded_at IS NULL;
CREATE INDEX rental_photo_due ON rental_photo (keep_until) WHERE deleted_at IS NULL;
-- What a photo shows never changes, and that there was one is never forgotten.
REVOKE UPDATE, DELETE ON rental_photo FROM rent;
GRANT UPDATE (stored_at, discarded_at, keep_until, deleted_at) ON rental_photo TO rent;
