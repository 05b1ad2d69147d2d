"""The fleet through the operator's calls; SQL over rentals, supply and cars is the judge."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from infra.local.drills.judge import Judge
from rent_process.vehicles import service as vehicles
from tests.plugins.market import SUPPLY, Renter, at_local
from tests.plugins.operator import Operator, rows
from tests.plugins.saga import available

CAR = {"plate": "RIO2A18", "branch": "GRU", "class": "ECMR", "model": "HB20", "model_year": 2026}
AT_COUNTER = {"method": "counter"}


async def add(operator: Operator, **changes: Any) -> httpx.Response:
    return await operator.send("POST", "/vehicles", CAR | changes)


async def change(operator: Operator, plate: str = "RIO2A18", **body: Any) -> httpx.Response:
    return await operator.send("PUT", f"/vehicles/{plate}", body)


async def test_car_that_joins_is_sold_from_then_on(
    renter: Renter, operator: Operator, market: str
) -> None:
    added = await add(operator)
    assert added.status_code == 201, added.text
    assert added.json() == CAR | {"odometer_km": 0, "status": "active", "maintenance": []}
    assert await available(renter) == SUPPLY + 1
    again = await add(operator)
    assert (again.status_code, again.json()["code"]) == (409, "vehicle_exists")
    assert await available(renter) == SUPPLY + 1
