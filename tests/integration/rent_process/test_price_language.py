"""A rental's price is read in the reader's language, whatever language it was booked in."""

from typing import Any

import httpx

from tests.plugins.market import Renter
from tests.plugins.saga import query

BOOKED: dict[str, Any] = {"extras": [{"code": "CHILD_SEAT", "quantity": 1}], "coverages": ["CDW"]}
ENGLISH = ["Rental days", "Service fee", "Child seat", "Waiver"]
PORTUGUESE = ["Diárias", "Taxa de serviço", "Cadeirinha", "Proteção"]


async def book(renter: Renter, language: str) -> dict[str, Any]:
    renter.client.headers["Accept-Language"] = language
    accepted: dict[str, Any] = (await renter.book(await renter.offer(), **BOOKED)).json()
    return accepted


async def read(renter: Renter, accepted: dict[str, Any], **headers: str) -> httpx.Response:
    token = {"Authorization": f"Bearer {accepted['manage_token']}"}
    return await renter.client.get(f"/api/rentals/{accepted['reference']}", headers=headers | token)


def words(answer: httpx.Response) -> list[str]:
    return [each["description"] for each in answer.json()["price"]["lines"]]


async def test_rental_booked_in_portuguese_is_read_in_english(renter: Renter, market: str) -> None:
    accepted = await book(renter, "pt-BR")
    portuguese = await read(renter, accepted, **{"Accept-Language": "pt-BR,pt;q=0.9"})
    english = await read(renter, accepted, **{"Accept-Language": "en"})
    assert (words(portuguese), words(english)) == (PORTUGUESE, ENGLISH)
    assert portuguese.headers["ETag"] != english.headers["ETag"]
    assert portuguese.json()["price"]["total"] == english.json()["price"]["total"]
    lines = query(market, "SELECT price -> 'lines' FROM rent.rental")[0][0]
    assert [each["description"] for each in lines] == PORTUGUESE  # as it was agreed
    assert [each["code"] for each in lines] == ["day", "airport", "CHILD_SEAT", "CDW"]


async def test_who_names_no_language_reads_what_was_booked(renter: Renter, market: str) -> None:
    assert market
    accepted = await book(renter, "en")
    del renter.client.headers["Accept-Language"]
    assert words(await read(renter, accepted)) == ENGLISH
