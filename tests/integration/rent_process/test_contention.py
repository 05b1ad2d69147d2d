"""Many change the same hours at once. The judge is a sweep over the rentals, not the calendar."""

import asyncio
from collections import Counter
from itertools import cycle
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from infra.local.drills.judge import Judge
from tests.plugins.market import SUPPLY, Renter, at_local
from tests.plugins.saga import call

SWAPS = 200
RENTERS = 16  # eight hold each of the two classes, of which there are ten
AT_COUNTER = {"method": "counter"}


async def swap(renter: Renter, accepted: dict[str, Any], offer: str) -> int:
    headers = {"Idempotency-Key": str(uuid4())}
    answer = await call(
        renter, "POST", accepted, "modification", json={"offer": offer}, headers=headers
    )
    return answer.status_code


async def book_all(renter: Renter, offers: list[str]) -> list[dict[str, Any]]:
    booked = []
    for number in range(RENTERS):
        answer = await renter.book(offers[number % 2], payment=AT_COUNTER)
        assert answer.status_code == 202, answer.text
        booked.append(answer.json())
    return booked


async def test_two_hundred_swaps_at_once_lose_and_oversell_nothing(
    renter: Renter, market: str
) -> None:
    # Over four blocks of the calendar's 16 days: many rows to lock in one order.
    period = {"return_at": at_local(58).isoformat()}
    offers = [await renter.offer(car_class, **period) for car_class in ("ECMR", "CDAR")]
    booked = await book_all(renter, offers)
    codes: Counter[int] = Counter()

    async def keep_swapping(accepted: dict[str, Any], first: int) -> None:
        for target in (offers[(first + turn) % 2] for turn in range(1, 1 + SWAPS // RENTERS + 1)):
            codes[await swap(renter, accepted, target)] += 1

    await asyncio.gather(*(keep_swapping(each, number) for number, each in enumerate(booked)))
    assert codes.total() >= SWAPS
    assert set(codes) <= {202, 409}
    assert codes[202] > SWAPS / 2
    with Judge(market) as judge:
        assert judge.ask("oversold") == 0
        assert judge.ask("calendar_disagrees") == 0
        assert judge.ask("rentals") == RENTERS


async def test_swaps_bookings_and_cancellations_at_once_leave_the_calendar_true(
    renter: Renter, market: str
) -> None:
    offers = [await renter.offer(car_class) for car_class in ("ECMR", "CDAR")]
    booked = await book_all(renter, offers)
    turns = cycle(offers)
    answers = await asyncio.gather(
        *(swap(renter, each, next(turns)) for each in booked),
        *(swap(renter, each, next(turns)) for each in reversed(booked)),
        *(cancel(renter, each) for each in booked[::3]),
        *(book(renter, next(turns)) for _ in range(2 * SUPPLY)),
    )
    assert set(answers) <= {202, 409}
    with Judge(market) as judge:
        assert judge.ask("oversold") == 0
        assert judge.ask("calendar_disagrees") == 0
        assert judge.ask("busiest") <= SUPPLY


@pytest.mark.parametrize("what", ["book", "modify"])
async def test_car_given_back_while_a_renter_waits_for_the_row_is_theirs(
    renter: Renter, market: str, what: str
) -> None:
    """The waiting statement began when nothing was free: it must not fail on what it saw then."""
    offer = await renter.offer("CDAR")
    accepted = (await renter.book(await renter.offer("ECMR"), payment=AT_COUNTER)).json()
    calendar = "UPDATE rent.class_calendar SET free = array_fill(%s::smallint, ARRAY[384])"
    with psycopg.connect(market) as other:
        other.execute(f"{calendar} WHERE class_code = 'CDAR'", [0])
        other.commit()
        other.execute(f"{calendar} WHERE class_code = 'CDAR'", [1])
        waiting = asyncio.create_task(
            book(renter, offer) if what == "book" else swap(renter, accepted, offer)
        )
        await until_somebody_waits(market)
        other.commit()
        assert await waiting == 202
    with psycopg.connect(market) as connection:
        lowest = connection.execute(
            "SELECT min(f) FROM rent.class_calendar, unnest(free) AS f"
            " WHERE class_code = 'CDAR' AND branch_code = 'GRU'"
        ).fetchone()
    assert lowest == (0,)


async def until_somebody_waits(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for _ in range(200):
            waits = connection.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE datname = current_database() AND wait_event_type = 'Lock'"
            ).fetchone()
            if waits != (0,):
                return
            await asyncio.sleep(0.01)
    raise AssertionError("nobody waits for the row")


async def cancel(renter: Renter, accepted: dict[str, Any]) -> int:
    return (await call(renter, "POST", accepted, "cancellation")).status_code


async def book(renter: Renter, offer: str) -> int:
    return (await renter.book(offer, payment=AT_COUNTER)).status_code
