"""Cars of a branch, changed by an operator, with a judge of the calendar that follows."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from infra.local.drills.judge import Judge
from tests.plugins.market import Renter, at_local
from tests.plugins.operator import Operator

CAR = {"plate": "RIO2A18", "branch": "GRU", "class": "ECMR", "model": "HB20", "model_year": 2026}
AT_COUNTER = {"method": "counter"}


@pytest.fixture
def fleet_judge(market: str) -> Iterator[Judge]:
    """After a test of the fleet: the calendar is what rentals and supply say."""
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
