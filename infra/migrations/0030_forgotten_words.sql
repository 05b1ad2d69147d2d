-- What operators wrote about a renter goes with the renter's erasure (docs/adr/0018).

-- The words of a check-out stand with the car that left, and as the reason in the audit.
GRANT UPDATE (notes) ON rent.rental_leg TO rent;

-- The audit is append-only, too. Taking the words away is the one exception, and it can do nothing
-- else: who did what and when, and what it changed, stay.
CREATE FUNCTION rent.forget_reasons(rental_ids uuid[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = rent, pg_temp AS $$
    UPDATE audit a SET reason = 'erased'
    FROM rental r
    WHERE r.rental_id = ANY (rental_ids) AND a.reference = r.reference AND a.reason IS NOT NULL
$$;
REVOKE EXECUTE ON FUNCTION rent.forget_reasons FROM PUBLIC;
GRANT EXECUTE ON FUNCTION rent.forget_reasons TO rent;

-- Renters who were erased before this: nothing of theirs is left behind either.
UPDATE rent.rental_leg l SET notes = NULL
FROM rent.rental r WHERE r.rental_id = l.rental_id AND r.driver ? 'erased' AND l.notes IS NOT NULL;
SELECT rent.forget_reasons(array_agg(rental_id)) FROM rent.rental WHERE driver ? 'erased';
