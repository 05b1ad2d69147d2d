"""Cars in and out, and below what is sold; SQL over rentals, supply and cars is the judge."""

from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from infra.local.drills.judge import Judge
from rent_process.fleet import service as fleet
from rent_process.supply.service import at_hour
from rent_process.vehicles import service as vehicles
from tests.plugins.garage import CAR, add, change, mend, sell_out
from tests.plugins.market import SUPPLY, Renter, at_local
from tests.plugins.operator import Operator, rows
from tests.plugins.saga import available

pytestmark = pytest.mark.usefixtures("fleet_judge")


async def test_car_that_joins_is_sold_from_then_on(renter: Renter, operator: Operator) -> None:
    added = await add(operator)
    assert added.status_code == 201, added.text
    assert added.json() == CAR | {"odometer_km": 0, "status": "active", "maintenance": []}
    assert await available(renter) == SUPPLY + 1
    again = await add(operator)
    assert (again.status_code, again.json()["code"]) == (409, "vehicle_exists")
    assert await available(renter) == SUPPLY + 1
    [entry] = await operator.audit()
    assert (entry["action"], entry["target"]) == ("vehicle_added", "RIO2A18")


async def test_car_that_joins_later_is_not_sold_before(renter: Renter, operator: Operator) -> None:
    await add(operator, **{"from": at_local(12).isoformat()})
    assert await available(renter, return_at=at_local(11).isoformat()) == SUPPLY
    assert await available(renter) == SUPPLY
    later = {"pickup_at": at_local(12).isoformat(), "return_at": at_local(14).isoformat()}
    assert await available(renter, **later) == SUPPLY + 1
    too_early = await mend(operator, to=at_local(11).isoformat())
    assert (too_early.status_code, too_early.json()["code"]) == (409, "vehicle_allocated")


async def test_class_that_a_branch_never_had_opens_with_its_first_car(
    renter: Renter, operator: Operator, market: str
) -> None:
    with psycopg.connect(market) as connection:
        connection.execute("DELETE FROM rent.class_calendar WHERE branch_code = 'SAOC'")
        connection.execute("DELETE FROM rent.class_supply WHERE branch_code = 'SAOC'")
    assert (await add(operator, branch="SAOC")).status_code == 201
    assert await available(renter, pickup_branch="SAOC", return_branch="SAOC") == 1


async def test_car_leaves_the_fleet_and_comes_back(renter: Renter, operator: Operator) -> None:
    await add(operator)
    out = await change(operator, status="retired", **{"from": at_local(11).isoformat()})
    assert out.status_code == 200, out.text
    assert out.json()["status"] == "active"
    assert out.json()["move"] == {
        "leaves_at": at_local(11).isoformat(),
        "arrives_at": at_local(11).isoformat(),
    }
    assert await available(renter) == SUPPLY
    assert await available(renter, return_at=at_local(10, 20).isoformat()) == SUPPLY + 1
    assert await vehicles.settle_moves(at_local(11, 11)) == 1
    [shown] = (await operator.get("/vehicles")).json()["vehicles"]
    assert (shown["status"], "move" in shown) == ("retired", False)
    back = await change(operator, status="active", **{"from": at_local(12).isoformat()})
    assert back.json()["status"] == "retired"
    later = {"pickup_at": at_local(12).isoformat(), "return_at": at_local(14).isoformat()}
    assert await available(renter, **later) == SUPPLY + 1
    assert await available(renter) == SUPPLY
    assert await vehicles.settle_moves(at_local(12, 11)) == 1
    [shown] = (await operator.get("/vehicles")).json()["vehicles"]
    assert shown["status"] == "active"


async def test_what_is_left_out_of_a_change_stays(renter: Renter, operator: Operator) -> None:
    await add(operator)
    changed = await change(operator, odometer_km=12_500, model="HB20S")
    expected = {"odometer_km": 12_500, "model": "HB20S", "status": "active", "maintenance": []}
    assert changed.json() == CAR | expected
    assert await available(renter) == SUPPLY + 1
    entry = (await operator.audit())[0]
    assert (entry["before"]["odometer_km"], entry["after"]["odometer_km"]) == (0, 12_500)


# --- below what is sold ------------------------------------------------------------------------


async def test_supply_below_what_is_sold_is_refused_with_hours_and_rentals(
    renter: Renter, operator: Operator, market: str
) -> None:
    await add(operator)
    references = await sell_out(renter, SUPPLY + 1)
    before = await operator.audit()
    for answer in (await change(operator, status="retired"), await mend(operator)):
        assert (answer.status_code, answer.json()["code"]) == (409, "supply_below_sold")
        [conflict] = answer.json()["conflicts"]
        assert conflict == {
            "branch": "GRU",
            "class": "ECMR",
            "from": at_local(10).isoformat(),
            "to": conflict["to"],
            "missing": 1,
            "rentals": sorted(references),
        }
    # Maintenance is over with its last hour; a car that is gone misses the turnaround as well.
    assert conflict["to"] == at_local(13).isoformat()
    assert await operator.audit() == before
    assert rows(market, "SELECT count(*) FROM rent.vehicle_allocation") == [(0,)]


async def test_override_needs_a_reason_becomes_short_and_is_paid_back_first(
    renter: Renter, operator: Operator, fleet_judge: Judge, market: str
) -> None:
    await add(operator)
    references = await sell_out(renter, SUPPLY + 1)
    bare = await change(operator, status="retired", override=True)
    assert (bare.status_code, bare.json()["code"]) == (422, "validation_failed")
    answer = await change(operator, status="retired", override=True, reason="written off")
    assert answer.status_code == 200, answer.text
    entry = (await operator.audit())[0]
    assert (entry["reason"], entry["after"]["short_hours"]) == ("written off", 73)
    assert entry["before"]["status"] == "active"
    assert fleet_judge.ask("oversold") == 73
    shorts = "SELECT sum(s) FROM rent.class_calendar, unnest(short) AS s"
    assert rows(market, shorts) == [(73,)]
    path = f"/api/rentals/{references[0]}/cancellation"
    assert (await renter.client.post(path, json={}, headers=operator.headers)).status_code == 202
    assert rows(market, shorts) == [(0,)]
    assert await available(renter) == 0


# --- the calendar goes on ----------------------------------------------------------------------


async def test_new_blocks_know_of_what_is_planned_in_them(
    renter: Renter, operator: Operator, fleet_judge: Judge, market: str
) -> None:
    await add(operator)
    far = datetime.now(UTC) + timedelta(days=500)
    period = {"from": far.isoformat(), "to": (far + timedelta(days=30)).isoformat()}
    assert (await mend(operator, **period)).status_code == 201
    with psycopg.connect(market) as connection:
        connection.execute(
            "DELETE FROM rent.class_calendar WHERE block >= %s",
            [int(far.timestamp()) // 3600 // 384],
        )
    assert await fleet.extend_calendar(datetime.now(UTC)) > 0
    assert fleet_judge.ask("calendar_disagrees") == 0
    assert await fleet.check_drift(datetime.now(UTC)) == 0
    lowest = "SELECT min(f) FROM rent.class_calendar, unnest(free) AS f WHERE class_code = 'ECMR'"
    assert rows(market, lowest + " AND branch_code = 'GRU'") == [(SUPPLY,)]


async def test_drift_check_sees_a_supply_that_the_calendar_does_not_have(
    operator: Operator, market: str
) -> None:
    await add(operator)
    hour = int(at_local(20).timestamp()) // 3600
    spoil = (
        "INSERT INTO rent.supply_exception (branch_code, class_code, hours, cars)"
        " VALUES ('GRU', 'ECMR', int4range(%s, %s), %s)"
    )
    with psycopg.connect(market) as connection:
        connection.execute(spoil, [hour, hour + 5, -1])
    assert await fleet.check_drift(datetime.now(UTC)) == 5
    with psycopg.connect(market) as connection:
        connection.execute(spoil, [hour, hour + 5, 1])
    assert at_hour(hour) == at_local(20)
