"""The operator's list of rentals."""

import asyncio
from typing import Any

import psycopg
import pytest

from tests.plugins.market import Renter, at_local
from tests.plugins.operator import Operator

PATH = "/rentals"
COUNTER = {"method": "counter"}


def driver(renter: Renter, **changes: Any) -> dict[str, Any]:
    changed: dict[str, Any] = renter.request("")["driver"] | changes
    return changed


async def book(renter: Renter, offer: str | None = None, **changes: Any) -> str:
    answer = await renter.book(offer or await renter.offer(), **changes)
    assert answer.status_code == 202, answer.text
    reference: str = answer.json()["reference"]
    return reference


async def references(operator: Operator, **query: Any) -> list[str]:
    found = await operator.get(PATH, **query)
    assert found.status_code == 200, found.text
    return [each["reference"] for each in found.json()["rentals"]]


async def test_rentals_stand_newest_first_with_what_an_operator_needs(
    renter: Renter, operator: Operator
) -> None:
    made = [await book(renter) for _ in range(3)]
    found = (await operator.get(PATH)).json()
    assert [each["reference"] for each in found["rentals"]] == made[::-1]
    assert "next_cursor" not in found
    rental = found["rentals"][0]
    assert rental["status"] == "PENDING"
    assert (rental["payment_method"], rental["payment_status"]) == ("card", "CREATED")
    assert rental["driver"]["email"] == "ana.souza@example.com"
    assert (rental["pickup"]["branch"], rental["return"]["branch"]) == ("GRU", "GRU")
    assert rental["total"] == {"amount": 33600, "currency": "BRL"}


async def test_pages_meet_every_rental_once_though_more_are_booked_meanwhile(
    renter: Renter, operator: Operator
) -> None:
    offer = await renter.offer("CDAR")
    made = [await book(renter, offer) for _ in range(7)]
    seen: list[str] = []
    cursor: dict[str, str] = {}
    for size in (3, 3, 1):
        page = (await operator.get(PATH, limit=3, **cursor)).json()
        assert len(page["rentals"]) == size
        seen += [each["reference"] for each in page["rentals"]]
        await book(renter)
        cursor = {"cursor": page.get("next_cursor")}
    assert cursor == {"cursor": None}
    assert seen == made[::-1]


async def test_bookings_of_one_instant_are_neither_skipped_nor_repeated(
    renter: Renter, operator: Operator, market: str
) -> None:
    offer = await renter.offer()
    made = set(await asyncio.gather(*(book(renter, offer) for _ in range(6))))
    with psycopg.connect(market, autocommit=True) as connection:
        connection.execute("UPDATE rent.rental SET created_at = '2026-01-01T00:00:00.123456Z'")
    first = (await operator.get(PATH, limit=4)).json()
    second = await references(operator, limit=4, cursor=first["next_cursor"])
    assert {each["reference"] for each in first["rentals"]} | set(second) == made
    assert len(first["rentals"]) + len(second) == 6


async def test_filters_narrow_the_list(renter: Renter, operator: Operator) -> None:
    held = await book(renter)
    late = {"pickup_at": at_local(40).isoformat(), "return_at": at_local(42).isoformat()}
    confirmed = await book(renter, await renter.offer(**late), payment=COUNTER)
    one_way = await book(renter, await renter.offer("CDAR", return_branch="GIG"))
    assert await references(operator, status="CONFIRMED") == [confirmed]
    assert await references(operator, branch="GIG") == [one_way]
    assert await references(operator, branch="SAOC") == []
    day = at_local(40)
    assert await references(operator, **{"from": day.isoformat()}) == [confirmed]
    assert await references(operator, to=day.isoformat()) == [one_way, held]


@pytest.mark.parametrize(
    "sought", ["maria.lima@", "MARIA.LIMA@example.com", "Maria da", "maria da silva", "da Silva L"]
)
async def test_search_meets_how_a_name_or_an_address_begins(
    sought: str, renter: Renter, operator: Operator
) -> None:
    await book(renter)
    who = driver(
        renter, given_name="Maria", family_name="da Silva Lima", email="maria.lima@example.com"
    )
    sought_for = await book(renter, driver=who)
    assert await references(operator, q=sought) == [sought_for]


async def test_search_meets_a_reference_in_either_case(renter: Renter, operator: Operator) -> None:
    await book(renter)
    reference = await book(renter)
    assert await references(operator, q=reference.lower()) == [reference]


async def test_wildcards_of_the_database_mean_themselves(
    renter: Renter, operator: Operator
) -> None:
    await book(renter)
    for sought in ("%%", "__", "a%", "an_", "\\\\", "' OR 1=1 --"):
        assert await references(operator, q=sought) == []


async def test_operator_of_one_branch_sees_what_touches_it(
    renter: Renter, operator_of_gig: Operator, operator: Operator
) -> None:
    elsewhere = await book(renter)
    one_way = await book(renter, await renter.offer(return_branch="GIG"))
    assert await references(operator_of_gig) == [one_way]
    assert await references(operator_of_gig, branch="GRU", q=elsewhere) == []
    page = (await operator.get(PATH, limit=1)).json()
    assert await references(operator_of_gig, cursor=page["next_cursor"]) == []
    headers = operator_of_gig.headers
    seen = await renter.client.get(f"/api/rentals/{one_way}", headers=headers)
    hidden = await renter.client.get(f"/api/rentals/{elsewhere}", headers=headers)
    assert (seen.status_code, hidden.status_code) == (200, 404)


@pytest.mark.parametrize(
    "query",
    [
        {"status": "LOST"},
        {"branch": "gru"},
        {"from": "yesterday"},
        {"from": "2026-01-01T00:00:00"},
        {"q": "a"},
        {"q": "a\u0000b"},
        {"q": "x" * 81},
        {"limit": "0"},
        {"limit": "201"},
        {"cursor": "!"},
        {"cursor": "WzFd"},
        {"from_": "2026-01-01T00:00:00Z"},
        {"offset": "10"},
    ],
)
async def test_bad_queries_are_refused(query: dict[str, str], operator: Operator) -> None:
    answer = await operator.get(PATH, **query)
    assert (answer.status_code, answer.json()["code"]) == (422, "validation_failed")
