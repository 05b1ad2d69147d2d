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

-- name: open_supply
-- A class that a branch has never had: blocks as its sister branch has them, with no car.
WITH opened AS (
    INSERT INTO class_supply (branch_code, class_code, supply)
    VALUES (%(destination)s, %(class_code)s, 0)
    ON CONFLICT (branch_code, class_code) DO NOTHING
    RETURNING branch_code, class_code
)
INSERT INTO class_calendar (branch_code, class_code, block, free, short)
SELECT o.branch_code, o.class_code, c.block, array_fill(0::smallint, ARRAY[384]),
       array_fill(0::smallint, ARRAY[384])
FROM opened o JOIN class_calendar c
     ON c.branch_code = %(origin)s AND c.class_code = o.class_code

-- name: lock_supply
SELECT branch_code FROM class_supply
WHERE branch_code IN (%(origin)s, %(destination)s) AND class_code = %(class_code)s
ORDER BY branch_code, class_code FOR UPDATE

-- name: move_car
-- A car leaves the supply of one branch for that of another from an hour on. What is sold of it at
-- the branch that it leaves becomes short; the rental's own rest there is given back in the same
-- step, so that it does not count twice.
WITH side AS (
    SELECT branch_code, CASE WHEN supply > 0 THEN -1 ELSE 0 END AS change,
           %(from_hour)s::integer AS give_from, %(give_to)s::integer AS give_to
    FROM class_supply WHERE branch_code = %(origin)s AND class_code = %(class_code)s
    UNION ALL SELECT %(destination)s, 1, 0, 0
), supplied AS (
    UPDATE class_supply s SET supply = s.supply + side.change
    FROM side
    WHERE s.branch_code = side.branch_code AND s.class_code = %(class_code)s
), locked AS MATERIALIZED (
    SELECT c.branch_code, c.class_code, c.block, c.free, c.short, side.change, side.give_from,
           side.give_to
    FROM class_calendar c JOIN side USING (branch_code)
    WHERE c.class_code = %(class_code)s AND c.block >= %(from_hour)s / 384
    ORDER BY c.branch_code, c.class_code, c.block
    FOR UPDATE OF c
), counted AS (
    SELECT l.branch_code, l.block, array_agg(greatest(h.balance, 0)::smallint ORDER BY u.i) AS free,
           array_agg(greatest(-h.balance, 0)::smallint ORDER BY u.i) AS short,
           sum(greatest(-h.balance - u.s, 0))::integer AS hours_short
    FROM locked l,
         unnest(l.free, l.short) WITH ORDINALITY AS u(f, s, i),
         LATERAL (SELECT l.block * 384 + u.i - 1 AS hour) AS at,
         LATERAL (SELECT u.f - u.s
                      + CASE WHEN at.hour >= %(from_hour)s THEN l.change ELSE 0 END
                      + CASE WHEN at.hour >= l.give_from AND at.hour < l.give_to THEN 1 ELSE 0 END
                      AS balance) AS h
    GROUP BY l.branch_code, l.block
), written AS (
    UPDATE class_calendar c SET free = n.free, short = n.short
    FROM counted n
    WHERE c.branch_code = n.branch_code AND c.class_code = %(class_code)s AND c.block = n.block
)
SELECT coalesce(sum(hours_short), 0)::integer AS hours_short FROM counted
