"""Cars from one branch or class to another, when their time comes."""

import psycopg
import pytest

from rent_process.vehicles import service as vehicles
from tests.plugins.garage import add, change, mend
from tests.plugins.market import SUPPLY, Renter, at_local
from tests.plugins.operator import Operator, rows
from tests.plugins.saga import available

pytestmark = pytest.mark.usefixtures("fleet_judge")


async def test_transfer_moves_supply_and_the_car_when_its_time_comes(
    renter: Renter, operator: Operator
) -> None:
    await add(operator)
    moved = await change(
        operator, branch="GIG",
        **{"from": at_local(11).isoformat(), "arrives_at": at_local(12).isoformat()},
    )  # fmt: skip
    assert moved.status_code == 200, moved.text
    assert moved.json()["branch"] == "GRU"
    assert (moved.json()["move"]["branch"], moved.json()["move"]["class"]) == ("GIG", "ECMR")
    before = {"return_at": at_local(10, 20).isoformat()}
    after = {"pickup_at": at_local(12).isoformat(), "return_at": at_local(14).isoformat()}
    gig = {"pickup_branch": "GIG", "return_branch": "GIG"}
    assert await available(renter, **before) == SUPPLY + 1
    assert await available(renter, **before, **gig) == SUPPLY
    assert await available(renter, **after) == SUPPLY
    assert await available(renter, **after, **gig) == SUPPLY + 1
    on_its_way = {"from": at_local(11).isoformat(), "to": at_local(11, 20).isoformat()}
    assert (await mend(operator, **on_its_way)).json()["code"] == "vehicle_allocated"
    there = {"from": at_local(12).isoformat(), "to": at_local(13).isoformat()}
    assert (await mend(operator, **there)).status_code == 201
    assert await available(renter, **after, **gig) == SUPPLY
    again = await change(operator, branch="SAOC")
    assert (again.status_code, again.json()["code"]) == (409, "move_planned")
    assert await vehicles.settle_moves(at_local(12, 9)) == 0
    assert await vehicles.settle_moves(at_local(12, 11)) == 1
    [shown] = (await operator.get("/vehicles", branch="GIG")).json()["vehicles"]
    assert (shown["plate"], "move" in shown) == ("RIO2A18", False)


async def test_planned_move_is_called_off_by_asking_for_what_is(
    renter: Renter, operator: Operator, market: str
) -> None:
    await add(operator)
    period = {"from": at_local(11).isoformat(), "arrives_at": at_local(12).isoformat()}
    assert (await change(operator, branch="GIG", **period)).status_code == 200
    stays = await change(operator, branch="GRU")
    assert (stays.status_code, "move" in stays.json()) == (200, False)
    assert await available(renter) == SUPPLY + 1
    assert rows(market, "SELECT count(*) FROM rent.vehicle_allocation") == [(0,)]
    out = {"from": at_local(11).isoformat()}
    assert (await change(operator, status="retired", **out)).status_code == 200
    assert (await change(operator, status="active")).status_code == 200
    assert await available(renter) == SUPPLY + 1
    assert rows(market, "SELECT count(*) FROM rent.vehicle_allocation") == [(0,)]


async def test_car_changes_its_class_at_once(renter: Renter, operator: Operator) -> None:
    await add(operator)
    changed = await change(operator, **{"class": "CDAR"})
    assert (changed.status_code, changed.json()["class"]) == (200, "CDAR")
    assert await available(renter) == SUPPLY
    assert await available(renter, "CDAR") == SUPPLY + 1


async def test_nobody_has_the_car_over_the_moment_of_a_change_to_come(
    operator: Operator, market: str
) -> None:
    """Else it would be out at one branch while another sells it."""
    await add(operator)
    planned = await change(operator, branch="GIG", **{"from": at_local(11).isoformat()})
    assert planned.status_code == 200, planned.text
    out = (
        "INSERT INTO rent.vehicle_allocation (vehicle_id, kind, period)"
        " SELECT vehicle_id, 'maintenance', tstzrange(%s, %s) FROM rent.vehicle"
    )
    with psycopg.connect(market) as connection:
        connection.execute(out, [at_local(9), at_local(11)])
        with pytest.raises(psycopg.errors.ExclusionViolation):
            connection.execute(out, [at_local(11), at_local(12)])


async def test_move_is_refused_while_the_car_is_kept(operator: Operator) -> None:
    await add(operator)
    await mend(operator)
    for body in ({"status": "retired"}, {"branch": "GIG"}, {"class": "CDAR"}):
        answer = await change(operator, **body)
        assert (answer.status_code, answer.json()["code"]) == (409, "vehicle_allocated")
    after = {"from": at_local(14).isoformat()}
    assert (await change(operator, branch="GIG", **after)).status_code == 200
