"""Promo codes from search to booking, on a real database: what counts, and how often."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import psycopg
import pytest

from rent_process.settlement import service as settlement
from tests.plugins.market import Renter, at_local, born
from tests.plugins.operator import Operator
from tests.plugins.saga import book_and_pay, call, query

CARD = {"method": "card", "payment_method_id": "pm_card_visa"}
INSERT = """
INSERT INTO rent.promo_code (promo_code, basis_points, valid_from, valid_until)
VALUES ('TEN', 1000, now() - interval '1 day', now() + interval '1 day')
"""


@pytest.fixture
def promo(market: str) -> str:
    """URL of a database with the code TEN: ten percent off, without limits."""
    change(market, INSERT)
    return market


def change(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement.encode())


def limit(url: str, what: str) -> None:
    change(url, f"UPDATE rent.promo_code SET {what}")  # noqa: S608 -- literals of this file


async def search(renter: Renter, code: str = "TEN", **changes: Any) -> dict[str, Any]:
    answer = await renter.search(promo_code=code, **changes)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_code_takes_its_percentage_off_in_a_line_of_its_own(
    renter: Renter, promo: str
) -> None:
    assert promo
    found = await search(renter, "ten")  # as people type it
    assert found["promo"] == {"code": "TEN", "applied": True}
    lines = found["offers"][0]["price"]["lines"]
    # 3 x 100.00, less 10 %, and 12 % service fee on 270.00.
    assert [(each["purpose"], each["amount"]["amount"]) for each in lines] == [
        ("BaseRate", 30000), ("Discount", -3000), ("AirportFee", 3240),
    ]  # fmt: skip
    assert found["offers"][0]["price"]["total"]["amount"] == 30240


@pytest.mark.parametrize(
    ("what", "reason"),
    [
        ("valid_from = now() + interval '1 hour'", "not_yet_valid"),
        ("valid_until = now()", "expired"),
        ("branch_codes = '{SAOC}'", "not_for_branch"),
        ("basis_points = 0, amount_minor = 100, currency = 'USD'", "not_for_branch"),
        ("pickup_from = current_date + 20", "not_for_dates"),
        ("pickup_until = current_date + 5", "not_for_dates"),
        ("minimum_days = 4", "too_short"),
        ("class_codes = '{XXXX}'", "not_for_class"),
    ],
)
async def test_refused_code_says_why_and_leaves_the_search_alone(
    renter: Renter, promo: str, what: str, reason: str
) -> None:
    limit(promo, what)
    found = await search(renter)
    assert (found["promo"]["applied"], found["promo"]["reason"]) == (False, reason)
    assert [offer["price"]["total"]["amount"] for offer in found["offers"]] == [
        33600,
        50400,
        100800,
    ]


async def test_unknown_code_is_refused_and_no_code_is_not_spoken_of(renter: Renter) -> None:
    found = await search(renter, "NOPE")
    assert found["promo"] == {"code": "NOPE", "applied": False, "reason": "unknown"}
    assert "promo" not in (await renter.search()).json()


async def test_code_for_one_class_names_it(renter: Renter, promo: str) -> None:
    limit(promo, "class_codes = '{CDAR}'")
    found = await search(renter)
    assert found["promo"] == {"code": "TEN", "applied": True, "classes": ["CDAR"]}
    assert [offer["price"]["total"]["amount"] for offer in found["offers"]] == [
        33600,
        45360,
        100800,
    ]


async def test_last_use_is_sold_once_to_many_at_once(renter: Renter, promo: str) -> None:
    limit(promo, "usage_limit = 3")
    offer = await renter.offer(promo_code="TEN")
    answers = await asyncio.gather(*(renter.book(offer) for _ in range(8)))
    assert sorted(answer.status_code for answer in answers) == [202] * 3 + [409] * 5
    refused = {answer.json()["code"] for answer in answers if answer.status_code == 409}
    assert refused == {"promo_code_used_up"}
    assert query(promo, "SELECT count(*) FROM rent.rental") == [(3,)]
    assert query(promo, "SELECT count(*) FROM rent.promo_use") == [(3,)]
    assert (await search(renter))["promo"]["reason"] == "used_up"


async def test_booking_again_with_its_key_is_answered_although_the_code_is_used_up(
    renter: Renter, promo: str
) -> None:
    limit(promo, "usage_limit = 1")
    offer = await renter.offer(promo_code="TEN")
    first = await renter.book(offer, key="one")
    again = await renter.book(offer, key="one")
    assert (again.status_code, again.json()["reference"]) == (202, first.json()["reference"])
    assert query(promo, "SELECT count(*) FROM rent.promo_use") == [(1,)]


async def test_hold_that_expires_gives_its_use_back(renter: Renter, promo: str) -> None:
    limit(promo, "usage_limit = 1")
    offer = await renter.offer(promo_code="TEN")
    assert (await renter.book(offer)).status_code == 202
    assert (await renter.book(offer)).status_code == 409
    await settlement.expire_due(datetime.now(UTC) + timedelta(minutes=16))
    assert (await renter.book(offer)).status_code == 202


async def test_sold_out_booking_uses_no_code(renter: Renter, promo: str) -> None:
    offer = await renter.offer(promo_code="TEN")
    change(promo, "UPDATE rent.class_calendar SET free = array_fill(0::smallint, ARRAY[384])")
    assert (await renter.book(offer)).json()["code"] == "car_unavailable"
    assert query(promo, "SELECT count(*) FROM rent.promo_use") == [(0,)]


async def test_change_of_a_rental_uses_forgets_and_refuses_codes(
    renter: Renter, promo: str
) -> None:
    limit(promo, "usage_limit = 1")
    used = "SELECT promo_code FROM rent.promo_use"
    accepted = await book_and_pay(renter, promo)

    async def modify_to(offer: str, key: str) -> httpx.Response:
        body = {"offer": offer, "payment": CARD}
        headers = {"Idempotency-Key": key}
        return await call(renter, "POST", accepted, "modification", json=body, headers=headers)

    async def modify(key: str, **changes: Any) -> httpx.Response:
        offer = await renter.offer(**changes)
        return await modify_to(offer, key)

    assert (await modify("with", promo_code="TEN")).status_code == 202
    assert query(promo, used) == [("TEN",)]
    assert (await modify("without", return_at=at_local(12).isoformat())).status_code == 202
    assert query(promo, used) == []
    offer = await renter.offer(promo_code="TEN")
    assert (await renter.book(offer)).status_code == 202
    refused = await modify_to(offer, "again")
    assert (refused.status_code, refused.json()["code"]) == (409, "promo_code_used_up")


async def test_young_driver_keeps_the_fee_that_a_code_does_not_touch(
    renter: Renter, promo: str
) -> None:
    assert promo
    found = await search(renter, driver_age=22)
    lines = {
        each["purpose"]: each["amount"]["amount"] for each in found["offers"][0]["price"]["lines"]
    }
    assert (lines["Discount"], lines["YoungDriver"]) == (-3000, 3 * 2990)
    offer = found["offers"][0]["offer"]
    driver = renter.request(offer)["driver"] | {"birth_date": born(22).isoformat()}
    accepted = (await renter.book(offer, driver=driver)).json()
    assert accepted["total"] == found["offers"][0]["price"]["total"]


# --- what operators say of them ----------------------------------------------------------------

RULES = {
    "basis_points": 500,
    "valid_from": "2026-01-01T00:00:00Z",
    "valid_until": "2199-01-01T00:00:00Z",
    "usage_limit": 2,
}


async def test_operator_makes_a_code_changes_it_and_is_named(
    renter: Renter, operator: Operator
) -> None:
    made = await operator.send("PUT", "/promo-codes/five", RULES | {"reason": "Natal"})
    assert made.status_code == 200, made.text
    assert (made.json()["code"], made.json()["uses"]) == ("FIVE", 0)
    offer = await renter.offer(promo_code="five")
    assert (await renter.book(offer)).json()["total"]["amount"] == 31920  # 285.00 and 12 %
    amount = {"amount": 5000, "currency": "BRL"}
    changed = RULES | {"basis_points": None, "amount": amount, "classes": ["ECMR"]}
    assert (await operator.send("PUT", "/promo-codes/FIVE", changed)).status_code == 200
    [code] = (await operator.get("/promo-codes")).json()["promo_codes"]
    assert (code["amount"], code["classes"], code["uses"]) == (amount, ["ECMR"], 1)
    assert (await renter.book(offer)).json()["total"]["amount"] == 31920  # as it was signed
    second, first = [e for e in await operator.audit() if e["action"] == "promo_code_written"]
    assert (first["target"], first["reason"]) == ("FIVE", "Natal")
    assert (second["before"]["basis_points"], second["after"]["amount"]) == (500, amount)


@pytest.mark.parametrize(
    "changes",
    [
        {"basis_points": None},
        {"amount": {"amount": 1, "currency": "BRL"}},
        {"basis_points": None, "amount": {"amount": 0, "currency": "BRL"}},
        {"basis_points": 10_001},
        {"valid_until": "2025-01-01T00:00:00Z"},
        {"classes": []},
        {"usage_limit": 0},
        {"unknown": 1},
    ],
)
async def test_code_without_sound_rules_is_refused(
    operator: Operator, changes: dict[str, Any]
) -> None:
    refused = await operator.send("PUT", "/promo-codes/FIVE", RULES | changes)
    assert (refused.status_code, refused.json()["code"]) == (422, "validation_failed")
    assert (await operator.get("/promo-codes")).json() == {"promo_codes": []}


async def test_codes_are_for_operators_of_the_whole_company(
    operator: Operator, operator_of_gig: Operator
) -> None:
    assert (await operator_of_gig.get("/promo-codes")).status_code == 403
    assert (await operator_of_gig.send("PUT", "/promo-codes/FIVE", RULES)).status_code == 403
    assert (await operator.send("PUT", "/promo-codes/a%20b", RULES)).status_code == 404
