-- A day is a branch's local day. Branches that are NULL: every branch. A bound of a day or two more,
-- which holds every time zone, is cheap to look at first.

-- name: has_branch
SELECT EXISTS (SELECT FROM branch WHERE branch_code = %(branch)s) AS found

-- name: utilisation
-- An hour of the calendar belongs to the local day in which it begins, so a day has 23 to 25. The
-- supply that an hour had is what the calendar says: free - short = supply + overbooking - sold.
WITH days AS (
    SELECT b.branch_code, day::date AS day,
           ceil(extract(epoch FROM day AT TIME ZONE b.timezone) / 3600)::integer AS from_hour,
           ceil(extract(epoch FROM (day + interval '1 day') AT TIME ZONE b.timezone) / 3600)
               ::integer AS to_hour
    FROM branch b
    CROSS JOIN generate_series(%(first)s::timestamp, %(last)s::timestamp, interval '1 day') AS day
    WHERE %(branches)s::text[] IS NULL OR b.branch_code = ANY (%(branches)s)
), balance AS (
    SELECT d.branch_code, c.class_code, d.day, sum(hour.free - hour.short) AS cars,
           count(*) AS hours
    FROM days d
    JOIN class_calendar c ON c.branch_code = d.branch_code
        AND c.block BETWEEN d.from_hour / 384 AND (d.to_hour - 1) / 384
    CROSS JOIN LATERAL (
        SELECT greatest(d.from_hour - c.block * 384, 0) + 1 AS low,
               least(d.to_hour - c.block * 384, 384) AS high) AS slice
    CROSS JOIN LATERAL unnest(c.free[slice.low:slice.high], c.short[slice.low:slice.high])
        AS hour(free, short)
    GROUP BY 1, 2, 3
), period AS (
    SELECT branch_code, timezone, min(from_hour) AS from_hour, max(to_hour) AS to_hour
    FROM days JOIN branch USING (branch_code) GROUP BY 1, 2
), sold AS MATERIALIZED (
    SELECT p.branch_code, p.timezone, r.class_code, r.status,
           greatest(r.from_hour, p.from_hour) AS from_hour,
           least(r.to_hour, p.to_hour) AS to_hour
    FROM rental r JOIN period p ON p.branch_code = r.pickup_branch
    WHERE r.status IN ('PENDING', 'CONFIRMED', 'CHECKED_OUT', 'COMPLETED', 'NO_SHOW')
      AND r.from_hour < p.to_hour AND r.to_hour > p.from_hour
), sold_by_day AS (
    SELECT s.branch_code, s.class_code, s.status, local.day::date AS day,
           least(s.to_hour, ceil(extract(epoch FROM
               (local.day + interval '1 day') AT TIME ZONE s.timezone) / 3600)::integer)
           - greatest(s.from_hour, ceil(extract(epoch FROM
               local.day AT TIME ZONE s.timezone) / 3600)::integer) AS hours
    FROM sold s
    CROSS JOIN LATERAL generate_series(
        date_trunc('day', to_timestamp(s.from_hour * 3600::bigint) AT TIME ZONE s.timezone),
        to_timestamp((s.to_hour - 1) * 3600::bigint) AT TIME ZONE s.timezone,
        interval '1 day') AS local(day)
), taken AS (
    SELECT branch_code, class_code, day,
           coalesce(sum(hours) FILTER (WHERE status <> 'PENDING'), 0) AS rented,
           coalesce(sum(hours) FILTER (WHERE status = 'PENDING'), 0) AS held
    FROM sold_by_day GROUP BY 1, 2, 3
), counted AS (
    SELECT b.day, b.branch_code, b.class_code,
           b.cars + coalesce(t.rented + t.held, 0) - s.overbooking * b.hours AS capacity,
           coalesce(t.rented, 0) AS rented, coalesce(t.held, 0) AS held
    FROM balance b
    JOIN class_supply s USING (branch_code, class_code)
    LEFT JOIN taken t USING (branch_code, class_code, day)
)
SELECT day AS date, branch_code AS branch, class_code AS class, capacity::bigint AS capacity_hours,
       rented::bigint AS rented_hours, held::bigint AS held_hours,
       round(rented::numeric / nullif(capacity, 0), 4)::double precision AS utilisation
FROM counted
WHERE capacity <> 0 OR rented <> 0 OR held <> 0
ORDER BY 1, 2, 3

-- name: revenue
SELECT (r.pickup_at AT TIME ZONE b.timezone)::date AS date, r.pickup_branch AS branch,
       r.class_code AS class, r.currency,
       count(*) FILTER (WHERE r.status <> 'CANCELLED') AS rentals,
       coalesce(sum(price.minor) FILTER (WHERE r.status <> 'CANCELLED'), 0)::bigint
           AS price_minor,
       coalesce(sum(a.minor), 0)::bigint AS additional_minor,
       count(*) FILTER (WHERE r.status = 'CANCELLED') AS cancellations,
       coalesce(sum(c.fee_minor) FILTER (WHERE r.status = 'CANCELLED'), 0)::bigint
           AS cancellation_fees_minor,
       (coalesce(sum(CASE WHEN r.status = 'CANCELLED' THEN c.fee_minor ELSE price.minor END), 0)
        + coalesce(sum(a.minor), 0))::bigint AS total_minor
FROM rental r
JOIN branch b ON b.branch_code = r.pickup_branch
LEFT JOIN rental_cancellation c USING (rental_id)
LEFT JOIN rental_no_show n USING (rental_id)
-- Who did not come owes the fee, and nothing on top.
CROSS JOIN LATERAL (
    SELECT CASE WHEN r.status = 'NO_SHOW' THEN coalesce(n.fee_minor, r.total_minor)
           ELSE r.total_minor END AS minor) AS price
LEFT JOIN LATERAL (
    SELECT sum(amount_minor) AS minor FROM additional_charge e
    WHERE e.rental_id = r.rental_id AND r.status NOT IN ('CANCELLED', 'NO_SHOW')) AS a ON true
WHERE r.status IN ('CONFIRMED', 'CHECKED_OUT', 'COMPLETED', 'NO_SHOW', 'CANCELLED')
  AND r.pickup_at >= %(first)s::date - 1 AND r.pickup_at < %(last)s::date + 2
  AND r.pickup_at >= %(first)s::timestamp AT TIME ZONE b.timezone
  AND r.pickup_at < (%(last)s::timestamp + interval '1 day') AT TIME ZONE b.timezone
  AND (%(branches)s::text[] IS NULL OR r.pickup_branch = ANY (%(branches)s))
GROUP BY 1, 2, 3, 4
ORDER BY 1, 2, 3, 4

-- name: manifest
-- Every rental may stand here twice: where and when it begins, and where and when it ends.
SELECT (m.at AT TIME ZONE b.timezone)::date AS date, b.branch_code AS branch, m.kind, m.at,
       b.timezone, r.status = ANY (m.done) AS done, r.reference, r.status,
       r.class_code AS class, m.other_branch,
       coalesce(r.driver ->> 'given_name', '') AS given_name,
       coalesce(r.driver ->> 'family_name', '') AS family_name,
       coalesce(r.driver ->> 'phone', '') AS phone, car.plate
FROM rental r
CROSS JOIN LATERAL (VALUES
    ('pickup', r.pickup_branch, r.pickup_at, r.return_branch,
     ARRAY['CHECKED_OUT', 'COMPLETED'], ARRAY['CONFIRMED', 'NO_SHOW']),
    ('return', r.return_branch, r.return_at, r.pickup_branch,
     ARRAY['COMPLETED'], ARRAY['CONFIRMED', 'CHECKED_OUT'])
) AS m(kind, branch_code, at, other_branch, done, ahead)
JOIN branch b ON b.branch_code = m.branch_code
LEFT JOIN LATERAL (
    SELECT v.plate FROM vehicle_allocation a JOIN vehicle v USING (vehicle_id)
    WHERE a.rental_id = r.rental_id ORDER BY lower(a.period) DESC LIMIT 1
) AS car ON true
WHERE r.status = ANY (m.done || m.ahead)
  AND m.at >= %(first)s::date - 1 AND m.at < %(last)s::date + 2
  AND m.at >= %(first)s::timestamp AT TIME ZONE b.timezone
  AND m.at < (%(last)s::timestamp + interval '1 day') AT TIME ZONE b.timezone
  AND (%(branches)s::text[] IS NULL OR m.branch_code = ANY (%(branches)s))
ORDER BY 1, 2, m.at, m.kind, r.reference

-- name: payments
-- Online from what PaymentProcess publishes, at the counter from our own book.
WITH moved AS (
    SELECT rental_id, at, purpose, method, currency, captured_minor, refunded_minor
    FROM payment.movement_view
    WHERE at >= %(first)s::date - 1 AND at < %(last)s::date + 2
    UNION ALL
    -- Goodwill goes back online, and stands there. What is handed back is cash_returned, say.
    SELECT c.rental_id, c.at, 'COUNTER', split_part(c.kind, '_', 1), r.currency,
           CASE WHEN c.kind IN ('cash', 'terminal') THEN c.amount_minor ELSE 0 END,
           CASE WHEN c.kind IN ('cash', 'terminal') THEN 0 ELSE c.amount_minor END
    FROM counter_entry c JOIN rental r USING (rental_id)
    WHERE c.kind <> 'goodwill'
      AND c.at >= %(first)s::date - 1 AND c.at < %(last)s::date + 2
)
SELECT (m.at AT TIME ZONE b.timezone)::date AS date, b.branch_code AS branch, m.purpose,
       m.method, m.currency,
       count(*) FILTER (WHERE m.captured_minor > 0) AS payments,
       sum(m.captured_minor)::bigint AS captured_minor,
       sum(m.refunded_minor)::bigint AS refunded_minor,
       sum(m.captured_minor - m.refunded_minor)::bigint AS net_minor
FROM moved m
JOIN rental r USING (rental_id)
JOIN branch b ON b.branch_code = r.pickup_branch
WHERE m.at >= %(first)s::timestamp AT TIME ZONE b.timezone
  AND m.at < (%(last)s::timestamp + interval '1 day') AT TIME ZONE b.timezone
  AND (%(branches)s::text[] IS NULL OR b.branch_code = ANY (%(branches)s))
GROUP BY 1, 2, 3, 4, 5
ORDER BY 1, 2, 3, 4, 5

-- name: cancellations
SELECT (c.cancelled_at AT TIME ZONE b.timezone)::date AS date, b.branch_code AS branch,
       r.class_code AS class, r.currency, count(*) AS cancellations,
       count(*) FILTER (WHERE c.fee_minor = 0) AS free_of_charge,
       sum(c.fee_minor)::bigint AS fees_minor, sum(c.refund_minor)::bigint AS refunds_minor
FROM rental_cancellation c
JOIN rental r USING (rental_id)
JOIN branch b ON b.branch_code = r.pickup_branch
WHERE c.cancelled_at >= %(first)s::date - 1 AND c.cancelled_at < %(last)s::date + 2
  AND c.cancelled_at >= %(first)s::timestamp AT TIME ZONE b.timezone
  AND c.cancelled_at < (%(last)s::timestamp + interval '1 day') AT TIME ZONE b.timezone
  AND (%(branches)s::text[] IS NULL OR b.branch_code = ANY (%(branches)s))
GROUP BY 1, 2, 3, 4
ORDER BY 1, 2, 3, 4
