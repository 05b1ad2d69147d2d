"""Rate cards over the public API: read, preview, publish; what is signed stays."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.plugins.market import Renter
from tests.plugins.operator import Operator, rows


async def card_of(operator: Operator, group: str = "airport") -> dict[str, Any]:
    answer = await operator.get("/rates", branch_group=group)
    assert answer.status_code == 200, answer.text
    [card] = answer.json()["cards"]
    found: dict[str, Any] = card
    return found


def dearer(card: dict[str, Any]) -> dict[str, Any]:
    """The card to send for 200.00 a day in the economy class."""
    lines = [
        line | {"day_minor": 20000} if line["item"] == "rate" and line["class"] == "ECMR" else line
        for line in card["lines"]
    ]
    return {"branch_group": card["branch_group"], "currency": card["currency"], "lines": lines}


async def total(renter: Renter) -> int:
    found = (await renter.search()).json()["offers"][0]["price"]["total"]["amount"]
    assert isinstance(found, int)
    return found


async def test_new_card_counts_at_once_and_what_is_signed_is_honoured(
    renter: Renter, operator: Operator
) -> None:
    signed = await renter.offer()
    change = dearer(await card_of(operator)) | {"reason": "Verão"}
    answer = await operator.send("PUT", "/rates", change)
    assert answer.status_code == 200, answer.text
    line = "rate ECMR 2020-01-01 2099-12-31"
    assert answer.json()["changes"] == [
        {"line": line, "before": {"day_minor": 10000}, "after": {"day_minor": 20000}}
    ]
    # Three days at 200.00 cost no more than the week of 600.00; with 12 % that is 672.00.
    assert await total(renter) == 67200
    accepted = (await renter.book(signed)).json()
    assert accepted["total"]["amount"] == 33600
    [entry] = [each for each in await operator.audit() if each["action"] == "rates_published"]
    assert (entry["target"], entry["reason"], entry["before"]) == (
        "airport", "Verão", {line: {"day_minor": 10000}}
    )  # fmt: skip
    assert entry["after"][line] == {"day_minor": 20000}


async def test_upcoming_card_waits_for_its_instant(renter: Renter, operator: Operator) -> None:
    soon = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    change = dearer(await card_of(operator)) | {"effective_at": soon}
    assert (await operator.send("PUT", "/rates", change)).status_code == 200
    assert await total(renter) == 33600
    later = (datetime.now(UTC) + timedelta(days=2)).isoformat()
    [card] = (await operator.get("/rates", branch_group="airport", at=later)).json()["cards"]
    assert card["lines"] == change["lines"]
    versions = (await operator.get("/rates")).json()["versions"]
    assert [each["branch_group"] for each in versions] == ["airport", "airport", "city"]
    again = await operator.send("PUT", "/rates", change)
    assert (again.status_code, again.json()["code"]) == (409, "rate_version_exists")


async def test_preview_writes_nothing(renter: Renter, operator: Operator, market: str) -> None:
    change = dearer(await card_of(operator))
    answer = await operator.send("POST", "/rates/preview", change)
    assert [each["line"] for each in answer.json()["changes"]] == [
        "rate ECMR 2020-01-01 2099-12-31"
    ]
    assert await total(renter) == 33600
    assert rows(market, "SELECT count(*) FROM rent.tariff") == [(2,)]
    assert await operator.audit() == []


async def test_card_makes_a_round_trip_through_csv(operator: Operator, market: str) -> None:
    headers = operator.headers | {"Accept": "text/csv"}
    path = "/api/operator/rates?branch_group=airport"
    exported = await operator.client.get(path, headers=headers)
    assert exported.headers["content-type"].startswith("text/csv")
    change = {"branch_group": "airport", "currency": "BRL", "csv": exported.text}
    unchanged = await operator.send("POST", "/rates/preview", change)
    assert unchanged.json()["changes"] == []
    edited = exported.text.replace(",2000,10000,60000,", ",2000,9000,60000,")
    published = await operator.send("PUT", "/rates", change | {"csv": edited})
    assert published.status_code == 200, published.text
    again = await operator.client.get(path, headers=headers)
    assert again.text == edited
    assert rows(market, "SELECT count(*) FROM rent.rate WHERE day_minor = 9000") == [(1,)]


async def test_faults_of_a_csv_are_told_by_line(operator: Operator, market: str) -> None:
    change = {
        "branch_group": "airport", "currency": "BRL",
        "csv": "item,class,deposit_minor,young_driver\nclass,ECMR,abc,yes\nclass,CDAR,1,perhaps\n",
    }  # fmt: skip
    for method, path in (("POST", "/rates/preview"), ("PUT", "/rates")):
        answer = await operator.send(method, path, change)
        assert (answer.status_code, answer.json()["code"]) == (422, "validation_failed")
        assert [each["pointer"] for each in answer.json()["errors"]] == [
            "/csv/2/deposit_minor", "/csv/3/young_driver"
        ]  # fmt: skip
    assert rows(market, "SELECT count(*) FROM rent.tariff") == [(2,)]


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"branch_group": "nowhere"}, "/branch_group"),
        ({"currency": "USD"}, "/currency"),
        ({"effective_at": "2020-01-01T00:00:00Z"}, "/effective_at"),
        ({"lines": []}, "/lines"),
        ({"lines": [{"item": "rate"}]}, "/lines/0/rate/class"),
        ({"lines": [{"item": "gift"}]}, "/lines/0"),
        ({"csv": "item"}, ""),
        ({"lines": None}, ""),
        ({"free": True}, "/free"),
    ],
)
async def test_what_is_no_card_is_refused_with_its_place(
    operator: Operator, changes: dict[str, Any], pointer: str
) -> None:
    change = dearer(await card_of(operator)) | changes
    answer = await operator.send("PUT", "/rates", change)
    assert (answer.status_code, answer.json()["code"]) == (422, "validation_failed")
    assert answer.json()["errors"][0]["pointer"] == pointer


async def test_csv_needs_a_group_that_has_a_card(operator: Operator) -> None:
    headers = operator.headers | {"Accept": "text/csv"}
    all_of_them = await operator.client.get("/api/operator/rates", headers=headers)
    assert all_of_them.json()["errors"][0]["pointer"] == "/branch_group"
    nobody = await operator.client.get("/api/operator/rates?branch_group=nowhere", headers=headers)
    assert (nobody.status_code, nobody.json()["code"]) == (404, "not_found")


async def test_two_who_publish_at_once_each_see_what_the_other_left(
    operator: Operator, market: str
) -> None:
    change = dearer(await card_of(operator))
    answers = await asyncio.gather(*(operator.send("PUT", "/rates", change) for _ in range(4)))
    told = sorted(len(answer.json().get("changes", ())) for answer in answers)
    assert {answer.status_code for answer in answers} <= {200, 409}
    assert told[-1] == 1
    assert sum(told) == 1  # who came later changed nothing any more
    assert rows(market, "SELECT count(*) FROM rent.tariff") >= [(3,)]


async def test_prices_are_for_operators_of_the_whole_company(
    renter: Renter, operator_of_gig: Operator
) -> None:
    calls = (("GET", "/rates"), ("PUT", "/rates"), ("POST", "/rates/preview"))
    for method, path in calls:
        forbidden = await operator_of_gig.send(method, path, {})
        assert (forbidden.status_code, forbidden.json()["code"]) == (403, "forbidden")
        bare = await renter.client.request(method, f"/api/operator{path}")
        assert bare.status_code == 401
