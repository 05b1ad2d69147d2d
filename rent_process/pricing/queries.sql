-- Search reads everything in one round trip.

-- name: read_market
WITH pickup AS (
    SELECT * FROM branch WHERE branch_code = %(pickup_branch)s
), pair AS (
    SELECT fee_minor, reposition_hours FROM one_way
    WHERE origin_code = %(pickup_branch)s AND destination_code = %(return_branch)s
), slice AS (
    -- A rental takes the hours from floor(pick-up) to ceil(return + turnaround); a one-way keeps
    -- them until the car could be back.
    SELECT floor(extract(epoch FROM %(pickup_at)s::timestamptz) / 3600)::integer AS from_hour,
           ceil((extract(epoch FROM %(return_at)s::timestamptz) + turnaround_minutes * 60)
                / 3600)::integer
               + coalesce((SELECT reposition_hours FROM pair), 0) AS to_hour
    FROM pickup
), wanted AS (
    SELECT b.* FROM slice, blocks_of(slice.from_hour, slice.to_hour) AS b
), availability AS (
    SELECT c.class_code,
           CASE WHEN count(DISTINCT c.block) = (SELECT count(*) FROM wanted)
                THEN min(f) ELSE 0 END AS available
    FROM class_calendar c
    JOIN wanted w USING (block)
    CROSS JOIN unnest(c.free[w.low:w.high]) AS f
    WHERE c.branch_code = %(pickup_branch)s
    GROUP BY c.class_code
), branches AS (
    SELECT b.branch_code, to_jsonb(b) || jsonb_build_object(
        'hours', (SELECT jsonb_object_agg(h.weekday, jsonb_build_array(
                      to_char(h.opens, 'HH24:MI'), to_char(h.closes, 'HH24:MI')))
                  FROM branch_hours h WHERE h.branch_code = b.branch_code),
        'holidays', (SELECT jsonb_agg(d.holiday) FROM branch_holiday d
                     WHERE d.branch_code = b.branch_code
                       AND d.holiday BETWEEN %(pickup_at)s::timestamptz::date - 1
                                         AND %(return_at)s::timestamptz::date + 1)) AS branch
    FROM branch b WHERE b.branch_code IN (%(pickup_branch)s, %(return_branch)s)
)
SELECT
    (SELECT branch FROM branches WHERE branch_code = %(pickup_branch)s) AS pickup,
    (SELECT branch FROM branches WHERE branch_code = %(return_branch)s) AS return_branch,
    (SELECT to_jsonb(pair) FROM pair) AS one_way,
    (SELECT from_hour FROM slice) AS from_hour,
    (SELECT to_hour FROM slice) AS to_hour,
    (SELECT to_jsonb(t) FROM tariff t JOIN pickup p USING (branch_group)
     WHERE t.effective_at <= %(now)s ORDER BY t.effective_at DESC LIMIT 1) AS tariff,
    (SELECT coalesce(jsonb_agg(to_jsonb(x) ORDER BY x.position), '[]') FROM extra x) AS extras,
    (SELECT coalesce(jsonb_agg(to_jsonb(v) ORDER BY v.position), '[]') FROM coverage v)
        AS coverages,
    (SELECT coalesce(jsonb_agg(to_jsonb(c) || to_jsonb(r)
                     || jsonb_build_object('available', coalesce(a.available, 0))
                     ORDER BY c.position), '[]')
     FROM car_class c
     JOIN class_supply s ON s.class_code = c.class_code AND s.branch_code = %(pickup_branch)s
     CROSS JOIN pickup p
     CROSS JOIN LATERAL (
         SELECT hour_minor, day_minor, week_minor, month_minor FROM rate
         WHERE rate.branch_group = p.branch_group AND rate.class_code = c.class_code
           AND rate.season @> (%(pickup_at)s::timestamptz AT TIME ZONE p.timezone)::date
           AND rate.effective_at <= %(now)s
         -- The narrowest season wins, then its newest version.
         ORDER BY upper(rate.season) - lower(rate.season), rate.effective_at DESC LIMIT 1) AS r
     LEFT JOIN availability a ON a.class_code = c.class_code) AS classes
