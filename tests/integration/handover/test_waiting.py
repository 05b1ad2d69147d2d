"""A car is out beyond its time, and something else was planned for it."""

from datetime import datetime, timedelta
from typing import Any

import psycopg
import pytest

from rent_process.overtime import service as overtime
from rent_process.vehicles import service as vehicles
from shared.contracts.fleet import VehicleChange
from shared.contracts.handover import OverdueQuery
from shared.errors import Rejected
from tests.plugins.counter import (
    CALLER,
    PICKUP,
    RETURN,
    check_in,
    check_out,
    confirmed,
    judge,
    park,
)
from tests.plugins.market import Renter
from tests.plugins.operator import Operator, rows
from tests.plugins.saga import available

HOUR = timedelta(hours=1)
# The turnaround takes an hour: the car was to be ready for the workshop then.
READY = RETURN + HOUR
PLANNED = {"from": READY.isoformat(), "to": (READY + 4 * HOUR).isoformat(), "reason": "brakes"}


async def leave(renter: Renter, market: str) -> tuple[str, str]:
    """A rental whose car is out, and the car's plate. Branch and class have two cars."""
    plate = park(market)[0]
    reference = await confirmed(renter, market)
    await check_out(reference, plate)
    return reference, plate


async def plan(operator: Operator, plate: str, **changes: Any) -> None:
    answer = await operator.send("POST", f"/vehicles/{plate}/maintenance", PLANNED | changes)
    assert answer.status_code == 201, answer.text


async def be_late(market: str, *late: timedelta) -> datetime:
    now = RETURN
    for each in late:
        now = RETURN + each
        await overtime.take_overdue(now)
        judge(market, now, timer_at=now)
    return now


def kept(market: str) -> list[tuple[Any, ...]]:
    return rows(
        market,
        "SELECT kind, lower(period), upper(period) FROM rent.vehicle_allocation ORDER BY period",
    )


async def free_at(renter: Renter, at: datetime, car_class: str = "ECMR") -> int:
    """Cars to be had for the half hour that begins a while after ``at``."""
    search = {"pickup_at": at.isoformat(), "return_at": (at + timedelta(hours=1)).isoformat()}
    return await available(renter, car_class, **search)


async def test_late_car_and_its_maintenance_are_missing_once(
    renter: Renter, operator: Operator, market: str
) -> None:
    reference, plate = await leave(renter, market)
    before = await free_at(renter, READY + 2 * HOUR)
    await plan(operator, plate)
    assert await free_at(renter, READY + 2 * HOUR) == before - 1
    now = await be_late(market, timedelta(minutes=1), HOUR, timedelta(minutes=90))
    # It is out until 14:30 at least with the turnaround: the workshop has it from 15:00 on.
    until = READY + 2 * HOUR
    assert kept(market) == [
        ("rental", PICKUP + timedelta(minutes=10), until),
        ("maintenance", until, READY + 4 * HOUR),
    ]
    assert await free_at(renter, READY + 2 * HOUR) == before - 1
    [listed] = (await overtime.list_overdue(OverdueQuery(), CALLER, now)).rentals
    assert listed.next_plan is not None
    assert (listed.next_plan.kind, listed.next_plan.reason) == ("maintenance", "brakes")
    assert (listed.next_plan.from_, listed.next_plan.to) == (until, READY + 4 * HOUR)
    told = [each for each in await operator.audit(rental=reference) if each["actor"] == "system"]
    assert {each["action"] for each in told} == {"plan_delayed"}
    assert datetime.fromisoformat(told[-1]["before"]["from"]) == READY
    assert datetime.fromisoformat(told[0]["after"]["from"]) == until
    await check_in(reference, now=now)
    judge(market, now)


async def test_maintenance_that_is_over_before_the_car_is_back_is_missed(
    renter: Renter, operator: Operator, market: str
) -> None:
    reference, plate = await leave(renter, market)
    await plan(operator, plate)
    late = [hours * HOUR for hours in range(1, 7)]
    now = await be_late(market, *late)
    assert [kind for kind, *_ in kept(market)] == ["rental"]
    [entry, *_] = await operator.audit(rental=reference)
    assert (entry["action"], entry["target"], entry["reason"]) == ("plan_missed", plate, "brakes")
    [listed] = (await overtime.list_overdue(OverdueQuery(), CALLER, now)).rentals
    assert listed.next_plan is None
    await check_in(reference, now=now)
    judge(market, now)


async def test_timer_that_slept_over_the_maintenance_takes_it_in_one_step(
    renter: Renter, operator: Operator, market: str
) -> None:
    _, plate = await leave(renter, market)
    await plan(operator, plate)
    later = READY + 30 * HOUR
    await plan(operator, plate, **{"from": later.isoformat(), "to": (later + HOUR).isoformat()})
    await be_late(market, timedelta(days=1))
    assert kept(market)[1:] == [("maintenance", later, later + HOUR)]


@pytest.mark.parametrize("change", [{"branch": "GIG"}, {"class": "CDAR"}, {"status": "retired"}])
async def test_car_leaves_its_branch_or_the_fleet_when_it_is_back(
    renter: Renter, operator: Operator, market: str, change: dict[str, str]
) -> None:
    reference, plate = await leave(renter, market)
    body = change | {"from": READY.isoformat()}
    answer = await operator.send("PUT", f"/vehicles/{plate}", body)
    assert answer.status_code == 200, answer.text
    now = await be_late(market, timedelta(minutes=30), timedelta(minutes=150))
    assert await vehicles.settle_moves(now) == 0
    [(leaves_at, arrives_at)] = rows(market, "SELECT leaves_at, arrives_at FROM rent.vehicle_move")
    assert leaves_at == arrives_at == READY + 3 * HOUR
    await check_in(reference, now=now)
    judge(market, now)
    assert await vehicles.settle_moves(leaves_at) == 1
    judge(market, leaves_at)


async def test_what_is_planned_where_the_car_goes_waits_for_its_arrival(
    renter: Renter, operator: Operator, market: str
) -> None:
    _, plate = await leave(renter, market)
    arrives = READY + 2 * HOUR
    body = {"branch": "GIG", "from": READY.isoformat(), "arrives_at": arrives.isoformat()}
    assert (await operator.send("PUT", f"/vehicles/{plate}", body)).status_code == 200
    await plan(operator, plate, **{"from": arrives.isoformat()})
    now = await be_late(market, 3 * HOUR)
    until = RETURN + 4 * HOUR
    assert kept(market)[1:] == [
        ("transfer", until, until + timedelta(minutes=1)),
        ("maintenance", until + timedelta(minutes=1), READY + 4 * HOUR),
    ]
    [(leaves_at, arrives_at)] = rows(market, "SELECT leaves_at, arrives_at FROM rent.vehicle_move")
    assert (leaves_at, arrives_at) == (until, until)
    stays = await operator.send("PUT", f"/vehicles/{plate}", {"branch": "GRU"})
    assert stays.json()["code"] == "vehicle_allocated"  # its maintenance is planned at the other
    judge(market, now, timer_at=now)


async def test_car_that_is_out_beyond_its_time_is_promised_to_nobody_now(
    renter: Renter, operator: Operator, market: str
) -> None:
    """Also while the timer is down, and what the car was kept for has gone by."""
    _, plate = await leave(renter, market)
    now = RETURN + timedelta(days=2)
    change = VehicleChange.model_validate({"branch": "GIG"})
    with pytest.raises(Rejected) as refusal:
        await vehicles.change_vehicle(plate, change, CALLER, now)
    assert refusal.value.code == "vehicle_allocated"
    with psycopg.connect(market) as connection:  # as if its time had passed by the real clock
        connection.execute(
            "UPDATE rent.vehicle_allocation SET period = tstzrange(now() - '3 days'::interval,"
            " now() - '1 day'::interval)"
        )
    soon = {"from": (datetime.now(RETURN.tzinfo) + timedelta(minutes=5)).isoformat()}
    answer = await operator.send("POST", f"/vehicles/{plate}/maintenance", PLANNED | soon)
    assert (answer.status_code, answer.json()["code"]) == (409, "vehicle_allocated")
    await plan(operator, plate)  # in ten days it may be back, and else this waits
