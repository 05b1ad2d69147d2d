"""The demo company of the local stack: it has prices, holidays and promo codes."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date, timedelta

import httpx
import psycopg
import pytest

from bff.function import Bff
from infra.local import demo_data, seed
from payment_process.function import asgi_app as payment_app
from rent_process.function import asgi_app as rent_app
from tests.plugins.market import Renter, at_local

EASTERS = [date(2024, 3, 31), date(2025, 4, 20), date(2026, 4, 5), date(2027, 3, 28),
           date(2030, 4, 21), date(2035, 3, 25), date(2038, 4, 25)]  # fmt: skip


@pytest.fixture
async def visitor(database: str) -> AsyncIterator[Renter]:
    assert seed.main(database)
    transport = httpx.ASGITransport(Bff(rent_app, payment_app).asgi_app)
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
        yield Renter(client)


def weekday_ahead() -> int:
    """Days to a Tuesday on which no branch keeps a holiday, nor on the Thursday after."""
    closed = set(demo_data.holidays())
    return next(
        days
        for days in range(10, 60)
        for day in (at_local(days).date(),)
        if day.isoweekday() == 2 and not closed & {day, day + timedelta(days=2)}
    )


async def test_demo_company_offers_every_class_at_every_branch(visitor: Renter) -> None:
    ahead = weekday_ahead()
    times = {"pickup_at": at_local(ahead, 12).isoformat(),
             "return_at": at_local(ahead + 2, 12).isoformat()}  # fmt: skip
    branches = [branch.code for branch in demo_data.BRANCHES]
    answers = await asyncio.gather(
        *(visitor.search(pickup_branch=b, return_branch=b, **times) for b in branches)
    )
    for found in answers:
        assert found.status_code == 200, found.text
        assert len(found.json()["offers"]) == len(demo_data.CLASSES)
        assert all(len(offer["extras"]) == 6 for offer in found.json()["offers"])
    promo = (await visitor.search(promo_code="bemvindo10", **times)).json()["promo"]
    assert promo == {"code": "BEMVINDO10", "applied": True}


async def test_city_branches_are_closed_on_national_holidays(
    visitor: Renter, database: str
) -> None:
    christmas = date(2026, 12, 25)
    with psycopg.connect(database) as connection:
        closed = connection.execute(
            "SELECT branch_code, name FROM rent.branch_holiday WHERE holiday = %s", [christmas]
        ).fetchall()
    assert closed == [("SAOC", "Natal")]
    branches = (await visitor.client.get("/api/branches")).json()["branches"]
    [city] = [branch for branch in branches if branch["code"] == "SAOC"]
    assert date(2028, 4, 14).isoformat() in city["holidays"]  # Good Friday


@pytest.mark.parametrize("day", EASTERS)
def test_easter(day: date) -> None:
    assert demo_data.easter(day.year) == day
