-- name: count_tries
-- In the order of the hashes: two who count the same ones never wait for each other in a circle.
INSERT INTO recent_try (subject, ends_at, maximum, tries)
SELECT t.subject, t.ends_at, t.maximum, 1
FROM unnest(%(try_subjects)b::bytea[], %(try_ends)b::timestamptz[], %(try_maxima)b::int[])
     AS t(subject, ends_at, maximum)
ORDER BY t.subject
ON CONFLICT (subject) DO UPDATE SET tries = recent_try.tries + 1, maximum = EXCLUDED.maximum

-- name: forget_tries
DELETE FROM recent_try WHERE ends_at <= %(now)s
