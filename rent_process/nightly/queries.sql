-- name: is_done
SELECT EXISTS (SELECT FROM night WHERE day = %(day)s) AS done

-- name: write_night
INSERT INTO night (day, blocks_added, calendar_drift)
VALUES (%(day)s, %(blocks_added)s, %(calendar_drift)s)
ON CONFLICT DO NOTHING
