"""Cars in the workshop, for a while."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.plugins.garage import add, change, mend
from tests.plugins.market import SUPPLY, Renter, at_local
from tests.plugins.operator import Operator, rows
from tests.plugins.saga import available

pytestmark = pytest.mark.usefixtures("fleet_judge")


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
