-- The judge of the drills. It looks at rentals, branches and supply, and never at how the code
-- under test arrived there: hours are computed anew from the times that the renter was given, not
-- taken from rental.from_hour and to_hour, and the calendar is only what is judged.

-- name: periods
-- The hours that each rental keeps a car: from floor(pick-up) to ceil(return + turnaround), and
-- for a one-way until the car could be back.
CREATE TEMPORARY VIEW period AS
SELECT r.rental_id, r.pickup_branch AS branch_code, r.class_code, r.status,
       floor(extract(epoch FROM r.pickup_at) / 3600)::integer AS first_hour,
       ceil(extract(epoch FROM r.return_at + b.turnaround_minutes * interval '1 minute')
            / 3600)::integer + coalesce(o.reposition_hours, 0) AS end_hour
FROM rent.rental r
JOIN rent.branch b ON b.branch_code = r.pickup_branch
LEFT JOIN rent.one_way o
       ON o.origin_code = r.pickup_branch AND o.destination_code = r.return_branch;

-- name: stretches
-- A sweep: +1 where a rental begins, -1 where it ends, summed up in order of time. Between two
-- neighbouring edges the number of cars out does not change.
CREATE TEMPORARY VIEW stretch AS
WITH edge AS (
    SELECT branch_code, class_code, hour, sum(change) AS change
    FROM (
        SELECT branch_code, class_code, first_hour AS hour, 1 AS change FROM period
        WHERE status IN ('PENDING', 'CONFIRMED', 'CHECKED_OUT', 'COMPLETED')
        UNION ALL
        SELECT branch_code, class_code, end_hour, -1 FROM period
        WHERE status IN ('PENDING', 'CONFIRMED', 'CHECKED_OUT', 'COMPLETED')
    ) AS edges
    GROUP BY branch_code, class_code, hour
)
SELECT branch_code, class_code, hour AS first_hour,
       lead(hour) OVER along AS end_hour,
       sum(change) OVER along AS cars
FROM edge
WINDOW along AS (PARTITION BY branch_code, class_code ORDER BY hour);

-- name: capacities
-- How many cars may be out, from when to when: what stands, and where hours differ from it, again
-- as a sweep over the edges. The end of time is farther than any calendar.
CREATE TEMPORARY VIEW capacity AS
WITH edge AS (
    SELECT branch_code, class_code, hour, sum(change) AS change
    FROM (
        SELECT branch_code, class_code, 0 AS hour, supply + overbooking AS change
        FROM rent.class_supply
        UNION ALL
        SELECT branch_code, class_code, lower(hours), cars FROM rent.supply_exception
        UNION ALL
        SELECT branch_code, class_code, upper(hours), -cars FROM rent.supply_exception
    ) AS edges
    GROUP BY branch_code, class_code, hour
)
SELECT branch_code, class_code, hour AS first_hour,
       lead(hour, 1, 2000000000) OVER along AS end_hour,
       sum(change) OVER along AS cars
FROM edge
WINDOW along AS (PARTITION BY branch_code, class_code ORDER BY hour);

-- name: oversold
-- Hours in which more cars are out than there are.
SELECT coalesce(sum(least(t.end_hour, k.end_hour) - greatest(t.first_hour, k.first_hour)), 0)
       ::integer AS found
FROM stretch t
JOIN capacity k USING (branch_code, class_code)
WHERE t.cars > k.cars AND t.first_hour < k.end_hour AND t.end_hour > k.first_hour

-- name: busiest
-- The largest number of cars out at once, over everything.
SELECT coalesce(max(cars), 0)::integer AS found FROM stretch

-- name: refused_though_free
-- Refused requests (given as JSON) for which no hour is full: they would still fit.
SELECT count(*)::integer AS found
FROM jsonb_to_recordset(%(refused)s::jsonb) AS q(
    pickup_branch text, return_branch text, car_class text,
    pickup_at timestamptz, return_at timestamptz)
JOIN rent.branch b ON b.branch_code = q.pickup_branch
LEFT JOIN rent.one_way o
       ON o.origin_code = q.pickup_branch AND o.destination_code = q.return_branch
CROSS JOIN LATERAL (
    SELECT floor(extract(epoch FROM q.pickup_at) / 3600)::integer AS first_hour,
           ceil(extract(epoch FROM q.return_at + b.turnaround_minutes * interval '1 minute')
                / 3600)::integer + coalesce(o.reposition_hours, 0) AS end_hour
) AS w
WHERE NOT EXISTS (
    SELECT FROM capacity k
    LEFT JOIN stretch t
           ON t.branch_code = k.branch_code AND t.class_code = k.class_code
          AND t.first_hour < least(k.end_hour, w.end_hour)
          AND t.end_hour > greatest(k.first_hour, w.first_hour)
    WHERE k.branch_code = q.pickup_branch AND k.class_code = q.car_class
      AND k.first_hour < w.end_hour AND k.end_hour > w.first_hour
      AND coalesce(t.cars, 0) >= k.cars)

-- name: calendar_disagrees
-- Hours in which the calendar says something else than the rentals do:
-- free - short = capacity - sold.
WITH hours AS (
    SELECT c.branch_code, c.class_code, c.block * 384 + u.position::integer - 1 AS hour,
           u.free - u.short AS balance
    FROM rent.class_calendar c
    CROSS JOIN unnest(c.free, c.short) WITH ORDINALITY AS u(free, short, position)
), there AS (
    SELECT h.branch_code, h.class_code, h.hour, h.balance, k.cars
    FROM hours h
    JOIN capacity k ON k.branch_code = h.branch_code AND k.class_code = h.class_code
                   AND h.hour >= k.first_hour AND h.hour < k.end_hour
), sold AS (
    SELECT t.branch_code, t.class_code, h.hour, t.cars
    FROM stretch t CROSS JOIN generate_series(t.first_hour, t.end_hour - 1) AS h(hour)
    WHERE t.cars > 0
)
SELECT count(*)::integer AS found
FROM there FULL JOIN sold USING (branch_code, class_code, hour)
WHERE coalesce(there.balance, 0) <> coalesce(there.cars, 0) - coalesce(sold.cars, 0)

-- name: rentals_of_key
SELECT count(*)::integer AS found FROM rent.rental WHERE idempotency_key = %(key)s

-- name: rentals
SELECT count(*)::integer AS found FROM rent.rental

-- name: payment_requests
-- Messages that booking wrote: none is lost, none is there twice.
SELECT count(*)::integer AS found FROM rent.outbox WHERE queue = 'payment-requests'

-- name: pending
SELECT count(*)::integer AS found FROM rent.rental WHERE status = 'PENDING'

-- name: statuses
SELECT status, count(*)::integer FROM rent.rental GROUP BY status ORDER BY status

-- name: outcomes
SELECT rental_id::text, reference, status, payment_method, total_minor FROM rent.rental

-- name: waiting_messages
-- Committed and not yet sent, in any schema.
SELECT ((SELECT count(*) FROM rent.outbox) + (SELECT count(*) FROM payment.outbox)
        + (SELECT count(*) FROM email.outbox))::integer AS found

-- name: dead_letters
SELECT ((SELECT count(*) FROM rent.dead_letter) + (SELECT count(*) FROM payment.dead_letter)
        + (SELECT count(*) FROM email.dead_letter))::integer AS found

-- name: open_payments
-- Money may still move, or nobody knows whether it did.
SELECT ((SELECT count(*) FROM payment.payment WHERE status IN ('CREATED', 'PROCESSING', 'UNKNOWN'))
        + (SELECT count(*) FROM payment.refund WHERE status IN ('REQUESTED', 'PENDING'))
        )::integer AS found

-- name: open_emails
SELECT count(*)::integer AS found FROM email.email WHERE status IN ('QUEUED', 'SENDING')

-- name: sent_emails
SELECT count(*)::integer AS found FROM email.email WHERE status = 'SENT'

-- name: confirmations
-- Which e-mails were to confirm which rental.
SELECT message_id::text, rental_id::text FROM email.email WHERE template = 'rental_confirmed'

-- name: seen
-- Where rentals and their prepayments are, for who drives them on.
SELECT r.reference, r.rental_id::text, r.status, p.status, coalesce(p.attempt, 0), p.intent_id
FROM rent.rental r
LEFT JOIN payment.payment p ON p.rental_id = r.rental_id AND p.purpose = 'PREPAY'
WHERE r.reference = ANY(%(references)s)

-- name: recorded_money
-- What PaymentProcess says that it took and gave back.
SELECT rental_id::text, sum(captured_minor)::bigint, sum(refunded_minor)::bigint
FROM payment.payment GROUP BY rental_id

-- name: untold
-- Decided rentals, or refunds, whose renter was sent no e-mail about it.
SELECT count(*)::integer AS found
FROM (
    SELECT rental_id, lower('rental_' || status) AS template FROM rent.rental
    WHERE status IN ('CONFIRMED', 'EXPIRED', 'CANCELLED')
    UNION ALL
    SELECT p.rental_id, 'payment_refunded' FROM payment.refund r JOIN payment.payment p
    USING (payment_id) WHERE r.status = 'SUCCEEDED'
) AS due
WHERE NOT EXISTS (SELECT FROM email.email e WHERE e.rental_id = due.rental_id
                  AND e.template = due.template AND e.status = 'SENT')

-- name: payable_after_the_end
-- Payments that a renter could still pay although the rental has ended.
SELECT count(*)::integer AS found
FROM payment.payment p JOIN rent.rental r USING (rental_id)
WHERE r.status IN ('EXPIRED', 'FAILED', 'CANCELLED')
  AND p.status IN ('CREATED', 'PROCESSING', 'UNKNOWN', 'REQUIRES_ACTION', 'DECLINED', 'AUTHORIZED')

-- name: late
-- Rentals that expired and were paid after that.
SELECT count(DISTINCT e.rental_id)::integer AS found
FROM rent.rental_event e JOIN payment.payment p USING (rental_id)
WHERE e.event = 'EXPIRED' AND p.captured_minor > 0

-- name: dead_letter_kinds
SELECT queue, substring(body FROM '"type":\s*"([^"]+)"'), count(*)::integer
FROM (SELECT queue, body FROM rent.dead_letter UNION ALL SELECT queue, body FROM payment.dead_letter
      UNION ALL SELECT queue, body FROM email.dead_letter) AS letters
GROUP BY 1, 2

-- name: due
-- What each rental may keep of the renter's money, from its price and the policy that it was sold
-- under: all of it when CONFIRMED, the fee when it was cancelled too late, nothing otherwise.
SELECT r.rental_id::text, r.reference, r.status, CASE
    WHEN r.status = 'CONFIRMED' THEN r.total_minor
    WHEN r.status = 'CANCELLED'
         AND c.cancelled_at > (r.cancellation_policy ->> 'free_until')::timestamptz
    THEN least(round(r.total_minor * (r.cancellation_policy ->> 'fee_percent')::numeric / 100),
               (r.cancellation_policy #>> '{fee_cap,amount}')::numeric)::bigint
    ELSE 0 END
FROM rent.rental r LEFT JOIN rent.rental_cancellation c USING (rental_id)

-- name: short
-- Hours that owe somebody a car: only an override, or a car that is late, may make one.
SELECT coalesce(sum(s), 0)::integer AS found FROM rent.class_calendar, unnest(short) AS s

-- name: unlisted
-- How many cars each class has beyond the vehicles that belong to it: no supply change alters it.
SELECT s.branch_code, s.class_code, s.supply - count(v.vehicle_id)
FROM rent.class_supply s
LEFT JOIN rent.vehicle v
       ON (v.branch_code, v.class_code, v.status) = (s.branch_code, s.class_code, 'active')
GROUP BY s.branch_code, s.class_code, s.supply
