-- name: count_try
-- Whoever lost the race to begin has tried nothing.
INSERT INTO recent_try (subject, ends_at, maximum, tries)
SELECT %(subject)s, %(ends_at)s, %(maximum)s, 1 FROM payment
WHERE payment_id = %(payment_id)s AND confirm_began_at = %(began_at)s
ON CONFLICT (subject) DO UPDATE SET tries = recent_try.tries + 1, maximum = EXCLUDED.maximum

-- name: forget_tries
DELETE FROM recent_try WHERE ends_at <= %(now)s
