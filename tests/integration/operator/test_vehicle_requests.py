"""Who may list and change which cars, and what no car is."""

from typing import Any

import psycopg
import pytest

from tests.plugins.garage import add, change, mend
from tests.plugins.operator import Operator

pytestmark = pytest.mark.usefixtures("fleet_judge")


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
