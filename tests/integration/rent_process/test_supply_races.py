"""Bookings, changes and supply want the same hours at once. The judge is a sweep over rentals."""

import asyncio
from collections import Counter
from itertools import cycle
from typing import Any
from uuid import uuid4

import httpx

from infra.local.drills.judge import Judge
from tests.plugins.market import SUPPLY, Renter, at_local
from tests.plugins.operator import Operator, rows
from tests.plugins.saga import call

AT_COUNTER = {"method": "counter"}
CARS = 6
PERIOD = {"from": at_local(10).isoformat(), "to": at_local(13).isoformat(), "reason": "brakes"}


async def fill(operator: Operator) -> list[str]:
    """Cars that an operator may take out again, half of them in each of two classes."""
    plates = [f"ABC{number}D23" for number in range(CARS)]
    for plate, car_class in zip(plates, cycle(("ECMR", "CDAR")), strict=False):
        car = {
            "plate": plate,
            "branch": "GRU",
            "class": car_class,
            "model": "X",
            "model_year": 2026,
        }
        assert (await operator.send("POST", "/vehicles", car)).status_code == 201
    return plates


async def put(operator: Operator, plate: str, **body: Any) -> httpx.Response:
    return await operator.send("PUT", f"/vehicles/{plate}", body)


async def test_last_cars_are_sold_or_taken_out_and_never_both(
    renter: Renter, operator: Operator, market: str
) -> None:
    plates = await fill(operator)
    offer = await renter.offer()

    async def book() -> str:
        answer = await renter.book(offer, payment=AT_COUNTER)
        return f"book {answer.status_code}"

    async def retire(plate: str) -> str:
        answer = await put(operator, plate, status="retired")
        return f"retire {answer.status_code}"

    economy = plates[::2]
    told = await asyncio.gather(
        *(book() for _ in range(SUPPLY)),
        *(each for pair in ((book(), retire(plate)) for plate in economy) for each in pair),
        *(book() for _ in range(3)),
    )
    answers = Counter(told)
    assert set(answers) <= {"book 202", "book 409", "retire 200", "retire 409"}
    # Who came first got it: what is sold and what is gone together are all the cars there were.
    assert answers["book 202"] + answers["retire 200"] == SUPPLY + len(economy)
    with Judge(market) as judge:
        assert judge.ask("oversold") == 0
        assert judge.ask("calendar_disagrees") == 0
        assert judge.ask("busiest") == answers["book 202"]


async def test_opposite_transfers_swaps_and_bookings_end_without_deadlock(
    renter: Renter, operator: Operator, market: str
) -> None:
    plates = await fill(operator)
    offers = [await renter.offer(each) for each in ("ECMR", "CDAR")]
    booked = [(await renter.book(offers[n % 2], payment=AT_COUNTER)).json() for n in range(8)]

    async def wander(plate: str, stops: tuple[dict[str, str], ...]) -> list[int]:
        return [(await put(operator, plate, **stop)).status_code for stop in stops]

    async def mend(plate: str) -> list[int]:
        path = f"/vehicles/{plate}/maintenance"
        planned = await operator.send("POST", path, PERIOD)
        if planned.status_code != 201:
            return [planned.status_code]
        ended = await operator.send("DELETE", f"{path}/{planned.json()['id']}")
        return [planned.status_code, ended.status_code]

    async def swap(accepted: dict[str, Any], offer: str) -> list[int]:
        headers = {"Idempotency-Key": str(uuid4())}
        body = {"offer": offer}
        answer = await call(renter, "POST", accepted, "modification", json=body, headers=headers)
        return [answer.status_code]

    async def book(offer: str) -> list[int]:
        return [(await renter.book(offer, payment=AT_COUNTER)).status_code]

    away, home = {"branch": "GIG"}, {"branch": "GRU"}
    up, down = {"class": "CDAR"}, {"class": "ECMR"}
    told = await asyncio.gather(
        *(wander(plate, (away, home, up, down)) for plate in plates[:2]),
        *(wander(plate, (up, down, away, home)) for plate in plates[2:4]),
        *(mend(plate) for plate in plates[4:] for _ in range(3)),
        *(swap(each, offers[(n + 1) % 2]) for n, each in enumerate(booked)),
        *(swap(each, offers[n % 2]) for n, each in enumerate(booked)),
        *(book(offers[n % 2]) for n in range(20)),
    )
    assert {code for codes in told for code in codes} <= {200, 201, 202, 409}
    with Judge(market) as judge:
        assert judge.ask("oversold") == 0
        assert judge.ask("calendar_disagrees") == 0
    assert rows(market, "SELECT count(*) FROM rent.vehicle_allocation") == [(0,)]


async def test_car_joins_once_however_many_ask(operator: Operator, market: str) -> None:
    car = {"plate": "RIO2A18", "branch": "GRU", "class": "ECMR", "model": "X", "model_year": 2026}
    answers = await asyncio.gather(
        *(operator.send("POST", "/vehicles", car) for _ in range(5)),
    )
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409, 409]
    retired = await asyncio.gather(
        *(put(operator, "RIO2A18", status="retired") for _ in range(5)),
    )
    assert {answer.status_code for answer in retired} == {200}
    assert rows(market, "SELECT supply FROM rent.class_supply WHERE branch_code = 'GRU'"
                " AND class_code = 'ECMR'") == [(SUPPLY,)]  # fmt: skip
    with Judge(market) as judge:
        assert judge.ask("calendar_disagrees") == 0
