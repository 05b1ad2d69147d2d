"""The fleet through the operator's calls; SQL over rentals, supply and cars is the judge."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import psycopg
import pytest

from infra.local.drills.judge import Judge
from rent_process.fleet import service as fleet
from rent_process.supply.service import at_hour
from rent_process.vehicles import service as vehicles
from tests.plugins.market import SUPPLY, Renter, at_local
from tests.plugins.operator import Operator, rows
from tests.plugins.saga import available

CAR = {"plate": "RIO2A18", "branch": "GRU", "class": "ECMR", "model": "HB20", "model_year": 2026}
AT_COUNTER = {"method": "counter"}


@pytest.fixture(autouse=True)
def judge(market: str) -> Iterator[Judge]:
    """After every test: the calendar is what rentals and supply say."""
    with Judge(market) as opened:
        yield opened
        assert opened.ask("calendar_disagrees") == 0


async def add(operator: Operator, **changes: Any) -> httpx.Response:
    answer = await operator.send("POST", "/vehicles", CAR | changes)
    assert answer.status_code in {201, 409, 403, 422}, answer.text
    return answer


async def change(operator: Operator, plate: str = "RIO2A18", **body: Any) -> httpx.Response:
    return await operator.send("PUT", f"/vehicles/{plate}", body)


async def mend(operator: Operator, plate: str = "RIO2A18", **body: Any) -> httpx.Response:
    wanted = {"from": at_local(10).isoformat(), "to": at_local(13).isoformat(), "reason": "brakes"}
    return await operator.send("POST", f"/vehicles/{plate}/maintenance", wanted | body)


async def sell_out(renter: Renter, cars: int, car_class: str = "ECMR", **search: Any) -> list[str]:
    offer = await renter.offer(car_class, **search)
    references = []
    for _ in range(cars):
        answer = await renter.book(offer, payment=AT_COUNTER)
        assert answer.status_code == 202, answer.text
        references.append(answer.json()["reference"])
    return references


# --- in and out --------------------------------------------------------------------------------


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
    renter: Renter, operator: Operator, judge: Judge, market: str
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
    assert judge.ask("oversold") == 73
    shorts = "SELECT sum(s) FROM rent.class_calendar, unnest(short) AS s"
    assert rows(market, shorts) == [(73,)]
    path = f"/api/rentals/{references[0]}/cancellation"
    assert (await renter.client.post(path, json={}, headers=operator.headers)).status_code == 202
    assert rows(market, shorts) == [(0,)]
    assert await available(renter) == 0


# --- maintenance -------------------------------------------------------------------------------


async def test_maintenance_takes_its_hours_and_no_others(
    renter: Renter, operator: Operator, market: str
) -> None:
    await add(operator)
    planned = await mend(operator)
    assert planned.status_code == 201, planned.text
    assert planned.json()["short_hours"] == 0
    assert await available(renter) == SUPPLY
    after = {"pickup_at": at_local(13).isoformat(), "return_at": at_local(14).isoformat()}
    assert await available(renter, **after) == SUPPLY + 1
    [shown] = (await operator.get("/vehicles", q="RIO")).json()["vehicles"]
    assert [each["id"] for each in shown["maintenance"]] == [planned.json()["id"]]
    assert rows(market, "SELECT supply FROM rent.class_supply WHERE (branch_code, class_code)"
                " = ('GRU', 'ECMR')") == [(SUPPLY + 1,)]  # fmt: skip


async def test_car_is_in_the_workshop_once(operator: Operator) -> None:
    await add(operator)
    assert (await mend(operator)).status_code == 201
    inside = {"from": at_local(12).isoformat(), "to": at_local(15).isoformat()}
    assert (await mend(operator, **inside)).json()["code"] == "vehicle_allocated"
    # The same hour, though not the same minutes: it would be missing there twice.
    end = (at_local(13) + timedelta(minutes=30)).isoformat()
    assert (
        await mend(operator, **{"from": at_local(13).isoformat(), "to": end})
    ).status_code == 201
    rest = {"from": end, "to": at_local(14).isoformat()}
    assert (await mend(operator, **rest)).json()["code"] == "vehicle_allocated"


async def test_maintenance_called_off_or_ended_gives_back_what_is_ahead(
    renter: Renter, operator: Operator
) -> None:
    await add(operator)
    to_come = (await mend(operator)).json()["id"]
    path = f"/vehicles/RIO2A18/maintenance/{to_come}"
    off = await operator.send("DELETE", path)
    assert (off.status_code, off.json()["maintenance"]) == (200, [])
    assert await available(renter) == SUPPLY + 1
    assert (await operator.send("DELETE", path)).status_code == 404
    now = {"from": datetime.now(UTC).isoformat(), "to": at_local(13).isoformat()}
    begun = (await mend(operator, **now)).json()["id"]
    assert await available(renter) == SUPPLY
    [shown] = (await operator.get("/vehicles", status="maintenance")).json()["vehicles"]
    assert shown["status"] == "maintenance"
    path = f"/vehicles/RIO2A18/maintenance/{begun}"
    for _ in range(2):
        ended = await operator.send("DELETE", path)
        assert (ended.status_code, ended.json()["status"]) == (200, "active")
    assert await available(renter) == SUPPLY + 1
    actions = [entry["action"] for entry in await operator.audit()]
    assert actions.count("maintenance_ended") == 2


# --- transfers ---------------------------------------------------------------------------------


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


# --- the calendar goes on ----------------------------------------------------------------------


async def test_new_blocks_know_of_what_is_planned_in_them(
    renter: Renter, operator: Operator, judge: Judge, market: str
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
    assert judge.ask("calendar_disagrees") == 0
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


# --- who, and bad input ------------------------------------------------------------------------


async def test_list_filters_and_pages(operator: Operator) -> None:
    for number in range(5):
        await add(operator, plate=f"ABC{number}D23", branch="GIG" if number % 2 else "GRU")
    await add(operator, plate="XYZ0A00", **{"class": "CDAR"})

    async def plates(**query: Any) -> list[str]:
        found = await operator.get("/vehicles", **query)
        assert found.status_code == 200, found.text
        return [each["plate"] for each in found.json()["vehicles"]]

    assert await plates(branch="GIG") == ["ABC1D23", "ABC3D23"]
    assert await plates(**{"class": "CDAR"}) == ["XYZ0A00"]
    assert await plates(q="abc", status="active") == [f"ABC{n}D23" for n in range(5)]
    assert await plates(status="retired") == []
    first = (await operator.get("/vehicles", limit=4)).json()
    rest = await plates(limit=4, cursor=first["next_cursor"])
    assert [each["plate"] for each in first["vehicles"]] + rest == [
        *(f"ABC{n}D23" for n in range(5)), "XYZ0A00",
    ]  # fmt: skip
    for bad in ({"cursor": "AAAA"}, {"q": "%"}, {"status": "lost"}, {"limit": 0}):
        assert (await operator.get("/vehicles", **bad)).status_code == 422


async def test_operator_of_one_branch_keeps_to_its_cars(
    operator: Operator, operator_of_gig: Operator
) -> None:
    await add(operator)
    await add(operator, plate="GIG1A11", branch="GIG")
    assert (await add(operator_of_gig, plate="AAA1A11")).status_code == 403
    assert (await add(operator_of_gig, plate="AAA1A11", branch="GIG")).status_code == 201
    assert (await change(operator_of_gig, status="retired")).status_code == 404
    assert (await mend(operator_of_gig)).status_code == 404
    shown = (await operator_of_gig.get("/vehicles")).json()["vehicles"]
    assert [each["plate"] for each in shown] == ["AAA1A11", "GIG1A11"]
    assert (await change(operator_of_gig, "GIG1A11", odometer_km=5)).status_code == 200


BAD_CARS: list[dict[str, Any]] = [
    {"plate": "A"}, {"plate": "ABC-1D23"}, {"branch": "NOPE"}, {"class": "ZZZZ"},
    {"class": None}, {"model": ""}, {"model": "a\nb"}, {"model_year": 1900},
    {"odometer_km": -1}, {"from": "2020-01-01T00:00:00Z"}, {"from": "2026-01-01T00:00:00"},
    {"from": "9998-01-01T00:00:00Z"}, {"status": "active"},
]  # fmt: skip


async def test_bad_cars_are_refused(operator: Operator) -> None:
    for changes in BAD_CARS:
        answer = await add(operator, **changes)
        assert (answer.status_code, answer.json()["code"]) == (422, "validation_failed"), changes
    assert await operator.audit() == []


BAD_CHANGES: list[dict[str, Any]] = [
    {"branch": "NOPE"}, {"class": "ZZZZ"}, {"status": "maintenance"}, {"override": "yes"},
    {"branch": "GIG", "from": "2020-01-01T00:00:00Z"}, {"vin": "ABC1D23"},
    {"branch": "GIG", "arrives_at": "2020-01-01T00:00:00Z"}, {"odometer_km": 1.5},
    {"branch": "GIG", "arrives_at": "9998-01-01T00:00:00Z"},
]  # fmt: skip


async def test_bad_changes_are_refused(operator: Operator) -> None:
    await add(operator)
    for body in BAD_CHANGES:
        answer = await change(operator, **body)
        assert (answer.status_code, answer.json()["code"]) == (422, "validation_failed"), body
    assert len(await operator.audit()) == 1


BAD_MAINTENANCE: list[dict[str, Any]] = [
    {"to": "2020-01-01T00:00:00Z"}, {"from": "2020-01-01T00:00:00Z"}, {"reason": " "},
    {"to": "9998-01-01T00:00:00Z"}, {"reason": None}, {"override": 1}, {"until": "x"},
]  # fmt: skip


async def test_bad_maintenance_is_refused(operator: Operator) -> None:
    await add(operator)
    for body in BAD_MAINTENANCE:
        answer = await mend(operator, **body)
        assert (answer.status_code, answer.json()["code"]) == (422, "validation_failed"), body
    for plate in ("NONE123", "short", "%00", "ABCDEFGHI"):
        assert (await mend(operator, plate)).status_code == 404
        assert (await change(operator, plate, odometer_km=1)).status_code == 404


async def test_retired_car_is_not_moved_and_not_mended(operator: Operator) -> None:
    await add(operator)
    assert (await change(operator, status="retired")).json()["status"] == "retired"
    assert (await change(operator, branch="GIG")).json()["code"] == "validation_failed"
    assert (await mend(operator)).json()["code"] == "vehicle_allocated"
    back = await change(operator, status="active", branch="GIG")
    assert (back.json()["status"], back.json()["branch"]) == ("active", "GIG")


async def test_more_cars_than_the_class_was_given_cannot_leave(
    operator: Operator, market: str
) -> None:
    await add(operator)
    with psycopg.connect(market) as connection:
        connection.execute("UPDATE rent.class_supply SET supply = 0")
        connection.execute("DELETE FROM rent.supply_exception")
        connection.execute(
            "UPDATE rent.class_calendar SET free = array_fill(0::smallint, ARRAY[384])"
        )
    answer = await change(operator, status="retired", override=True, reason="sold")
    assert (answer.status_code, answer.json()["code"]) == (409, "supply_below_zero")
