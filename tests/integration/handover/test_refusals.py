"""What the counter refuses: the same twice, bad bodies, other branches, illegal moves."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from tests.plugins.counter import (
    check_in,
    check_out,
    coming,
    confirmed,
    judge,
    leaving,
    park,
)
from tests.plugins.market import Renter, at_local
from tests.plugins.operator import Operator, rows
from tests.plugins.saga import query


def brl(amount: int) -> dict[str, Any]:
    return {"amount": amount, "currency": "BRL"}


async def test_check_in_at_once_happens_once(
    renter: Renter, operator: Operator, market: str
) -> None:
    [plate, _] = park(market)
    reference = await confirmed(renter, market)
    await operator.send("POST", f"/rentals/{reference}/check-out", leaving(plate))
    body = coming(fuel_eighths=7)
    answers = await asyncio.gather(
        *(operator.send("POST", f"/rentals/{reference}/check-in", body) for _ in range(6))
    )
    assert {a.status_code for a in answers} == {200}
    assert len({a.text for a in answers}) == 1
    assert rows(market, "SELECT count(*), sum(amount_minor) FROM rent.additional_charge") == [
        (1, 4_500)
    ]
    other = await operator.send("POST", f"/rentals/{reference}/check-in", coming())
    assert (other.status_code, other.json()["code"]) == (409, "illegal_transition")
    judge(market)


BAD = (
        ({"odometer_km": 999}, "/odometer_km"),
        ({"odometer_km": 101_001}, "/odometer_km"),  # a digit too many
        ({"odometer_km": None}, "/odometer_km"),
        ({"fuel_eighths": -1}, "/fuel_eighths"),
        ({"returned_at": "2020-01-01T10:00:00Z"}, "/returned_at"),
        ({"returned_at": "2099-01-01T10:00:00Z"}, "/returned_at"),
        ({"returned_at": "2026-01-01T10:00:00"}, "/returned_at"),
        ({"damages": [{"description": "", "amount": brl(1)}]}, "/damages/0/description"),
        ({"damages": [{"description": "x", "amount": brl(0)}]}, "/damages/0/amount/amount"),
        ({"damages": [{"description": "x", "amount": brl(-1)}]}, "/damages/0/amount/amount"),
        ({"damages": [{"description": "x", "amount": {"amount": 1, "currency": "USD"}}]},
         "/damages/0/amount/currency"),
        ({"damages": [{"description": "x", "amount": brl(1)}] * 31}, "/damages"),
        ({"car_goes_home": 1}, "/car_goes_home"),
        ({"extra": 1}, "/extra"),
)  # fmt: skip


async def test_bad_bodies_are_refused(renter: Renter, operator: Operator, market: str) -> None:
    [plate, _] = park(market)
    reference = await confirmed(renter, market)
    await operator.send("POST", f"/rentals/{reference}/check-out", leaving(plate))
    for changes, pointer in BAD:
        body = coming() | changes
        refused = await operator.send("POST", f"/rentals/{reference}/check-in", body)
        assert (refused.status_code, refused.json()["code"]) == (422, "validation_failed")
        assert [each["pointer"] for each in refused.json()["errors"]] == [pointer]
    assert rows(market, "SELECT status FROM rent.rental") == [("CHECKED_OUT",)]


async def test_operator_of_another_branch_finds_no_rental(
    renter: Renter, operator_of_gig: Operator, market: str
) -> None:
    [plate, _] = park(market)
    reference = await confirmed(renter, market)
    for call, body in (
        ("check-out", leaving(plate)),
        ("check-in", coming()),
        ("exchange", None),
        ("extension", None),
        ("no-show", None),
        ("cancellation", None),
    ):
        answer = await operator_of_gig.send("POST", f"/rentals/{reference}/{call}", body)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


STEPS: dict[str, Callable[[str], dict[str, Any]]] = {
    "check-out": leaving,
    "check-in": lambda _: coming(),
    "exchange": lambda plate: leaving(
        plate, returned={"odometer_km": 1_000, "fuel_eighths": 8}, reason="x"
    ),
    "extension": lambda _: {"return_at": at_local(14).isoformat()},
    "no-show": lambda _: {},
    "cancellation": lambda _: {},
}
ILLEGAL = {
    "PENDING": {"check-out", "check-in", "exchange", "extension", "no-show"},
    "CONFIRMED": {"check-in", "exchange", "extension", "no-show"},  # nobody is late yet
    "CHECKED_OUT": {"no-show", "cancellation"},
    "COMPLETED": {"check-out", "exchange", "extension", "no-show", "cancellation"},
    "CANCELLED": {"check-out", "check-in", "exchange", "extension", "no-show"},
    "EXPIRED": {"check-out", "check-in", "exchange", "extension", "no-show", "cancellation"},
    "FAILED": {"check-out", "check-in", "exchange", "extension", "no-show", "cancellation"},
}


@pytest.mark.parametrize("status", ILLEGAL)
async def test_illegal_moves_are_refused(
    status: str, renter: Renter, operator: Operator, market: str
) -> None:
    [plate, other] = park(market)
    if status in {"PENDING", "EXPIRED", "FAILED", "CANCELLED"}:
        reference = (await renter.book(await renter.offer())).json()["reference"]
        if status != "PENDING":
            query(
                market,
                "UPDATE rent.rental SET status = %s, expires_at = NULL RETURNING 1",
                status,
            )
    else:
        reference = await confirmed(renter, market)
        if status != "CONFIRMED":
            await check_out(reference, plate)
        if status == "COMPLETED":
            await check_in(reference, odometer_km=1_001)
    for call in ILLEGAL[status]:
        body = STEPS[call](other)
        refused = await operator.send("POST", f"/rentals/{reference}/{call}", body)
        told = (call, refused.status_code, refused.json().get("code"))
        assert told == (call, 409, "illegal_transition")
    assert rows(market, "SELECT status FROM rent.rental") == [(status,)]
