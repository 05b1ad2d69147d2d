-- name: count_try
INSERT INTO recent_try (subject, ends_at, maximum, tries)
VALUES (%(subject)s, %(ends_at)s, %(maximum)s, 1)
ON CONFLICT (subject) DO UPDATE SET tries = recent_try.tries + 1, maximum = EXCLUDED.maximum

-- name: forget_tries
DELETE FROM recent_try WHERE ends_at <= %(now)s
