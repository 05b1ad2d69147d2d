"""The counter of a branch: cars that may leave, and an operator who lets them go and come back."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg

from rent_process.fleet.repository import QUERIES as NIGHTLY
from rent_process.handover import service as handover
from rent_process.returns import service as returns
from shared.contracts.caller import Caller
from shared.contracts.handover import CheckedIn, CheckedOut, CheckInRequest, CheckOutRequest
from tests.plugins.market import Renter, at_local
from tests.plugins.saga import book_and_pay, query

CALLER = Caller(subject="operator-1", roles=frozenset({"operator"}))
POLICY = """
INSERT INTO rent.return_policy (branch_group, effective_at, fuel_eighth_minor, included_km_day,
                                extra_km_minor, no_show_hours, no_show_fee_percent)
VALUES ('airport', '2020-01-01Z', 4500, 200, 90, 2, 50),
       ('city', '2020-01-01Z', 4500, NULL, 0, 4, 100)
ON CONFLICT DO NOTHING;
UPDATE rent.extra SET covers_fuel = true WHERE extra_code = 'FULL_TANK';
UPDATE rent.coverage SET covers_car = true WHERE coverage_code = 'CDW'
"""
# Hours ahead whose calendar is not what happened: free - short = supply + overbooking - sold, with
# sold from the times that were agreed and that were real, never from from_hour and to_hour.
WRONG_HOURS = """
WITH hours AS (
    SELECT c.branch_code, c.class_code, c.block * 384 + u.i - 1 AS hour, u.f - u.s AS balance,
           u.f > 0 AND u.s > 0 AS twisted
    FROM rent.class_calendar c, unnest(c.free, c.short) WITH ORDINALITY AS u(f, s, i)
    WHERE c.block BETWEEN %(hour)s / 384 AND %(hour)s / 384 + %(blocks)s
), kept AS (
    SELECT r.rental_id, r.pickup_branch AS branch_code, r.class_code, r.status, r.pickup_branch,
           r.pickup_at, b.turnaround_minutes * interval '1 minute' AS turnaround,
           -- A one-way whose car has joined the destination needs no way home.
           CASE WHEN r.status = 'COMPLETED' AND NOT EXISTS (
                    SELECT FROM rent.rental_leg l
                    JOIN rent.vehicle_allocation a USING (vehicle_id)
                    WHERE l.rental_id = r.rental_id AND a.kind = 'transfer'
                      AND lower(a.period) = l.in_at)
                THEN 0 ELSE coalesce(o.reposition_hours, 0) END AS reposition,
           least(r.pickup_at, (SELECT min(out_at) FROM rent.rental_leg l
                               WHERE l.rental_id = r.rental_id)) AS begins_at,
           CASE r.status
               WHEN 'COMPLETED' THEN (SELECT max(in_at) FROM rent.rental_leg l
                                      WHERE l.rental_id = r.rental_id)
               WHEN 'CHECKED_OUT' THEN greatest(r.return_at, CASE WHEN r.return_at
                                       < %(timer_at)s::timestamptz THEN %(timer_at)s END)
               ELSE r.return_at END AS ends_at
    FROM rent.rental r
    JOIN rent.branch b ON b.branch_code = r.pickup_branch
    LEFT JOIN rent.one_way o
           ON (o.origin_code, o.destination_code) = (r.pickup_branch, r.return_branch)
    WHERE r.status IN ('PENDING', 'CONFIRMED', 'CHECKED_OUT', 'COMPLETED')
), sold AS (
    SELECT branch_code, class_code, h.hour, count(*) AS cars
    FROM kept, generate_series(floor(extract(epoch FROM begins_at) / 3600)::bigint,
        ceil(extract(epoch FROM ends_at + turnaround) / 3600)::bigint + reposition - 1) AS h(hour)
    GROUP BY 1, 2, 3
), exception AS (
    SELECT branch_code, class_code, h.hour, sum(cars) AS cars
    FROM rent.supply_exception, generate_series(greatest(lower(hours), %(hour)s),
                                                upper(hours) - 1) AS h(hour)
    GROUP BY 1, 2, 3
)
SELECT h.branch_code, h.class_code, h.hour - %(hour)s, h.balance, sold.cars
FROM hours h
JOIN rent.class_supply s USING (branch_code, class_code)
LEFT JOIN sold USING (branch_code, class_code, hour)
LEFT JOIN exception x USING (branch_code, class_code, hour)
WHERE h.hour >= %(hour)s AND (h.twisted
      OR h.balance <> s.supply + s.overbooking + coalesce(x.cars, 0)
                       - coalesce(sold.cars, 0))
ORDER BY 1, 2, 3 LIMIT 5
"""
# Two cars cannot have left twice: no vehicle is allocated twice at a time, nor out twice.
TWICE_OUT = """
SELECT a.vehicle_id FROM rent.vehicle_allocation a JOIN rent.vehicle_allocation b
    ON a.vehicle_id = b.vehicle_id AND a.allocation_id < b.allocation_id AND a.period && b.period
UNION ALL
SELECT vehicle_id FROM rent.rental_leg WHERE in_at IS NULL GROUP BY vehicle_id HAVING count(*) > 1
"""


def park(url: str, branch: str = "GRU", car_class: str = "ECMR", cars: int = 2) -> list[str]:
    """Cars of a class at a branch, and what returns cost there; returns the cars' plates."""
    plates = [f"{branch[:3]}{car_class[:2]}{number:02}" for number in range(cars)]
    with psycopg.connect(url, autocommit=True) as connection:
        for plate in plates:
            connection.execute(
                "INSERT INTO rent.vehicle (plate, class_code, branch_code, model, model_year,"
                " odometer_km) VALUES (%s, %s, %s, 'HB20', 2026, 1000)",
                (plate, car_class, branch),
            )
        for statement in POLICY.split(";"):
            connection.execute(statement.encode())
    return plates


def judge(url: str, now: datetime | None = None, timer_at: datetime | None = None) -> None:
    """Hold the calendar and the cars against what happened. ``timer_at``: when it last ran."""
    hour = int((now or datetime.now(UTC)).timestamp()) // 3600
    values = {"hour": hour, "timer_at": timer_at, "blocks": 5}
    with psycopg.connect(url) as connection:
        assert connection.execute(WRONG_HOURS.encode(), values).fetchall() == []
        assert connection.execute(TWICE_OUT.encode()).fetchall() == []
        # What the nightly check says, which looks at the hours that each rental says it keeps.
        connection.execute("SET search_path = rent")
        drift = connection.execute(NIGHTLY["find_drift"], {"from_hour": hour}).fetchone()
        assert drift == (0,)


def fleet_of(url: str, car_class: str = "ECMR") -> dict[str, int]:
    """Supply by branch."""
    with psycopg.connect(url) as connection:
        found = connection.execute(
            "SELECT branch_code, supply FROM rent.class_supply WHERE class_code = %s",
            (car_class,),
        )
        return dict(found.fetchall())


async def confirmed(renter: Renter, url: str, **search: Any) -> str:
    """The reference of a rental that is paid for; from the tenth day on for three unless said."""
    return str((await book_and_pay(renter, url, **search))["reference"])


def leaving(plate: str, **changes: Any) -> dict[str, Any]:
    return {"plate": plate, "odometer_km": 1_000, "fuel_eighths": 8} | changes


def coming(**changes: Any) -> dict[str, Any]:
    return {"odometer_km": 1_300, "fuel_eighths": 8, "damages": []} | changes


PICKUP = at_local(10)
RETURN = at_local(13)


async def check_out(reference: str, plate: str, **changes: Any) -> CheckedOut:
    """Let a car go ten minutes after the pick-up of :func:`confirmed`, unless said otherwise."""
    now = changes.pop("now", PICKUP + timedelta(minutes=10))
    request = CheckOutRequest.model_validate(leaving(plate, **changes))
    return await handover.check_out(reference, request, CALLER, now)


async def check_in(reference: str, **changes: Any) -> CheckedIn:
    """Take a car back at the time of :func:`confirmed`, unless said otherwise."""
    now = changes.pop("now", RETURN)
    request = CheckInRequest.model_validate_json(json.dumps(coming(**changes)))
    return await returns.check_in(reference, request, CALLER, now)


def events_of(url: str, reference: str) -> list[str]:
    found = query(
        url,
        "SELECT event FROM rent.rental_event JOIN rent.rental USING (rental_id)"
        " WHERE reference = %s ORDER BY position",
        reference,
    )
    return [event for (event,) in found]
