-- Lock order: rental, vehicle, class_supply, then calendar rows by (branch, class, block).

-- name: move
-- Give back one slice of a branch and take another, or neither. Where it is forced, what is not
-- there goes into the deficit. A slice whose end is not above its beginning is none.
WITH given AS (
    SELECT b.* FROM blocks_of(%(give_from)s::integer, %(give_to)s::integer) AS b
    WHERE %(give_from)s < %(give_to)s
), wanted AS (
    SELECT b.* FROM blocks_of(%(take_from)s::integer, %(take_to)s::integer) AS b
    WHERE %(take_from)s < %(take_to)s
), touched AS (
    SELECT class_code, block, g.low AS give_low, g.high AS give_high,
           w.low AS take_low, w.high AS take_high
    FROM (SELECT %(old_class)s::text AS class_code, * FROM given) AS g
    FULL JOIN (SELECT %(new_class)s::text AS class_code, * FROM wanted) AS w
        USING (class_code, block)
), locked AS MATERIALIZED (
    SELECT t.*, c.free, c.short
    FROM class_calendar c JOIN touched t USING (class_code, block)
    WHERE c.branch_code = %(branch)s
    ORDER BY c.branch_code, c.class_code, c.block
    FOR UPDATE OF c
), verdict AS (
    SELECT count(*) = (SELECT count(*) FROM touched)
           AND coalesce(bool_and(%(forced)s
                   OR can_move(free, give_low, give_high, take_low, take_high)), true)
               AS available,
           coalesce(sum(hours_missing(free, give_low, give_high, take_low, take_high)), 0)::integer
               AS hours_short
    FROM locked
), moved AS (
    UPDATE class_calendar c
    SET free = forced_free(l.free, l.short, l.give_low, l.give_high, l.take_low, l.take_high),
        short = forced_short(l.free, l.short, l.give_low, l.give_high, l.take_low, l.take_high)
    FROM locked l, verdict
    WHERE verdict.available AND c.branch_code = %(branch)s
      AND c.class_code = l.class_code AND c.block = l.block
)
SELECT available, hours_short FROM verdict

-- name: is_free
WITH wanted AS (
    SELECT * FROM blocks_of(%(take_from)s::integer, %(take_to)s::integer)
    WHERE %(take_from)s < %(take_to)s
)
SELECT count(*) = (SELECT count(*) FROM wanted)
       AND coalesce(bool_and(1 <= ALL (c.free[w.low:w.high])), true) AS available
FROM class_calendar c JOIN wanted w USING (block)
WHERE c.branch_code = %(branch)s AND c.class_code = %(class_code)s

-- name: count_short
-- Hours of a slice in which its class has more sold than there is.
SELECT count(*)::integer AS hours
FROM blocks_of(%(from_hour)s::integer, %(to_hour)s::integer) AS w
JOIN class_calendar c USING (block)
CROSS JOIN unnest(c.short[w.low:w.high]) AS s
WHERE c.branch_code = %(branch)s AND c.class_code = %(class_code)s AND s > 0

-- name: list_better
-- The classes above a rental's own that its driver may have, by the rates in force, and the cars
-- that each has over the slice; the next one up first.
SELECT c.class_code, a.available
FROM rental r
JOIN branch b ON b.branch_code = r.pickup_branch
JOIN car_class own USING (class_code)
JOIN car_class c ON c.position > own.position AND c.minimum_driver_age <= r.driver_age
JOIN class_supply s ON (s.branch_code, s.class_code) = (r.pickup_branch, c.class_code)
CROSS JOIN LATERAL available_cars(
    r.pickup_branch, c.class_code, %(from_hour)s::integer, %(to_hour)s::integer) AS a
WHERE r.rental_id = %(rental_id)s
  AND NOT EXISTS (
    SELECT FROM (SELECT * FROM tariff t
                 WHERE t.branch_group = b.branch_group AND t.effective_at <= %(now)s
                 ORDER BY t.effective_at DESC LIMIT 1) AS card
    JOIN class_terms terms USING (branch_group, effective_at)
    WHERE terms.class_code = c.class_code AND NOT terms.young_driver
      AND r.driver_age < card.young_driver_age)
ORDER BY c.position
