"""Money at the counter: taken and given once, within what is due and what was paid."""

import asyncio
from typing import Any

import httpx
import psycopg
import pytest

from tests.plugins.market import Renter, at_local
from tests.plugins.operator import Operator, rows
from tests.plugins.saga import book_and_pay, call, messages

TOTAL = 33_600
COUNTER = {"method": "counter"}


async def at_counter(renter: Renter, **search: Any) -> str:
    answer = await renter.book(await renter.offer(**search), payment=COUNTER)
    assert answer.status_code == 202, answer.text
    reference: str = answer.json()["reference"]
    return reference


def money(amount: Any, currency: str = "BRL") -> dict[str, Any]:
    return {"amount": amount, "currency": currency}


async def take(
    operator: Operator, reference: str, amount: Any, key: str = "one", **changes: Any
) -> httpx.Response:
    body = {"amount": money(amount), "method": "cash"} | changes
    return await operator.send("POST", f"/rentals/{reference}/payments", body, key)


async def give(
    operator: Operator, reference: str, amount: Any, key: str = "one", **changes: Any
) -> httpx.Response:
    body = {"amount": money(amount), "reason": "the car was late"} | changes
    return await operator.send("POST", f"/rentals/{reference}/refunds", body, key)


async def test_payment_in_two_parts_leaves_nothing_due_and_is_audited(
    renter: Renter, operator: Operator
) -> None:
    reference = await at_counter(renter)
    first = await take(operator, reference, 30_000)
    seen = await renter.client.get(f"/api/rentals/{reference}", headers=operator.headers)
    assert seen.json()["payment"]["status"] == "DUE_AT_COUNTER"
    assert (first.status_code, first.json()["due"]) == (201, money(3_600))
    second = await take(operator, reference, 3_600, "two", method="terminal", note="NSU 4711")
    assert second.json()["due"] == money(0)
    seen = await renter.client.get(f"/api/rentals/{reference}", headers=operator.headers)
    assert seen.json()["payment"]["status"] == "PAID_AT_COUNTER"
    third = await take(operator, reference, 1, "three")
    assert (third.status_code, third.json()["code"]) == (409, "not_payable")
    entries = await operator.audit(rental=reference)
    assert [entry["action"] for entry in entries] == ["counter_payment_recorded"] * 2
    assert entries[0]["before"] == {"due_minor": 3_600}
    assert (entries[0]["after"]["method"], entries[0]["reason"]) == ("terminal", "NSU 4711")


async def test_same_key_at_once_takes_once(renter: Renter, operator: Operator, market: str) -> None:
    reference = await at_counter(renter)
    answers = await asyncio.gather(*(take(operator, reference, 30_000) for _ in range(10)))
    assert {(a.status_code, a.json()["due"]["amount"]) for a in answers} == {(201, 3_600)}
    assert sum("idempotent-replayed" in answer.headers for answer in answers) == 9
    assert rows(market, "SELECT sum(amount_minor) FROM rent.counter_entry") == [(30_000,)]
    other = await take(operator, reference, 1)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


async def test_two_tills_never_take_more_than_is_due(
    renter: Renter, operator: Operator, market: str
) -> None:
    reference = await at_counter(renter)
    answers = await asyncio.gather(
        *(take(operator, reference, 20_000, f"till {number}") for number in range(5))
    )
    assert sorted(answer.status_code for answer in answers) == [201, 422, 422, 422, 422]
    assert rows(market, "SELECT sum(amount_minor) FROM rent.counter_entry") == [(20_000,)]


async def test_what_was_paid_online_is_not_due_again(
    renter: Renter, operator: Operator, market: str
) -> None:
    paid = (await book_and_pay(renter, market))["reference"]
    held = (await renter.book(await renter.offer())).json()["reference"]
    for reference in (paid, held):
        answer = await take(operator, reference, 1)
        assert (answer.status_code, answer.json()["code"]) == (409, "not_payable")


async def test_goodwill_asks_for_its_refund_once_and_leaves_what_is_due(
    renter: Renter, operator: Operator, market: str
) -> None:
    reference = (await book_and_pay(renter, market))["reference"]
    answers = [await give(operator, reference, 5_000) for _ in range(3)]
    assert {answer.status_code for answer in answers} == {202}
    assert answers[0].json()["due"] == money(0)
    [asked] = messages(market, "refund_requested.v1")
    assert (asked["amount"], asked["reason"]) == (money(5_000), "goodwill")
    [entry] = await operator.audit(rental=reference)
    assert entry["action"] == "goodwill_refund_requested"
    assert entry["reason"] == "the car was late"


@pytest.mark.parametrize("how", ["cancelled", "made cheaper"])
async def test_goodwill_has_gone_back_already_and_is_not_promised_again(
    how: str, renter: Renter, operator: Operator, market: str
) -> None:
    booked = await book_and_pay(renter, market)
    reference = booked["reference"]
    assert (await give(operator, reference, 30_000)).status_code == 202
    if how == "cancelled":
        answer = await call(renter, "POST", booked, "cancellation")
        [told] = messages(market, "email_requested.v1")[-1:]
        assert told["amount"] == money(3_600)
    else:
        shorter = {"offer": await renter.offer(return_at=at_local(11).isoformat())}
        key = {"Idempotency-Key": "one"}
        answer = await call(renter, "POST", booked, "modification", json=shorter, headers=key)
    assert (answer.status_code, answer.json()["refund"]) == (202, money(3_600))
    assert "at_counter" not in answer.json()
    asked = [each["amount"]["amount"] for each in messages(market, "refund_requested.v1")]
    assert asked == [30_000, 3_600]


async def test_goodwill_never_exceeds_what_came_online(
    renter: Renter, operator: Operator, market: str
) -> None:
    reference = (await book_and_pay(renter, market))["reference"]
    answers = await asyncio.gather(
        *(give(operator, reference, 20_000, f"key {number}") for number in range(4))
    )
    assert sorted(answer.status_code for answer in answers) == [202, 422, 422, 422]
    rest = await give(operator, reference, TOTAL - 20_000, "rest")
    assert rest.status_code == 202
    amounts = [m["amount"]["amount"] for m in messages(market, "refund_requested.v1")]
    assert sum(amounts) == TOTAL
    numbers = [m["refund_number"] for m in messages(market, "refund_requested.v1")]
    assert len(numbers) == len(set(numbers))
    cash_only = await at_counter(renter)
    await take(operator, cash_only, TOTAL)
    answer = await give(operator, cash_only, 1, "two")
    assert (answer.status_code, answer.json()["code"]) == (422, "amount_exceeds_paid")


async def test_operator_of_one_branch_acts_on_its_rentals_only(
    renter: Renter, operator_of_gig: Operator
) -> None:
    elsewhere = await at_counter(renter)
    touching = await at_counter(renter, return_branch="GIG")
    assert (await take(operator_of_gig, elsewhere, 1)).status_code == 404
    assert (await give(operator_of_gig, elsewhere, 1)).status_code == 404
    assert (await take(operator_of_gig, touching, 1)).status_code == 201


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": money(0)},
        {"amount": money(-1)},
        {"amount": money(1.5)},
        {"amount": money("100")},
        {"amount": money(10**13)},
        {"amount": money(1, "USD")},
        {"amount": None},
        {"method": "card"},
        {"note": "line\nbreak"},
        {"extra": 1},
    ],
)
async def test_bad_bodies_are_refused(
    changes: dict[str, Any], renter: Renter, operator: Operator
) -> None:
    reference = await at_counter(renter)
    body = {"amount": money(1), "method": "cash"} | changes
    answer = await operator.send("POST", f"/rentals/{reference}/payments", body, "one")
    assert (answer.status_code, answer.json()["code"]) == (422, "validation_failed")
    assert await operator.audit() == []


async def test_keys_and_references_are_asked_for(renter: Renter, operator: Operator) -> None:
    reference = await at_counter(renter)
    body = {"amount": money(1), "method": "cash"}
    no_key = await operator.send("POST", f"/rentals/{reference}/payments", body)
    assert (no_key.status_code, no_key.json()["code"]) == (400, "idempotency_key_required")
    for unknown in ("00000000", "short", "%00", "ABCDEFGHI"):
        assert (await take(operator, unknown, 1)).status_code == 404


async def cancel(renter: Renter, operator: Operator, reference: str) -> dict[str, Any]:
    path = f"/api/rentals/{reference}/cancellation"
    seen = (await renter.client.get(path, headers=operator.headers)).json()
    answer = await renter.client.post(path, json={}, headers=operator.headers)
    assert answer.status_code == 202, answer.text
    cancelled: dict[str, Any] = answer.json()
    assert cancelled | {"status": seen["status"]} == seen, "the preview says the same"
    again = await renter.client.post(path, json={}, headers=operator.headers)
    assert again.json() == cancelled
    return cancelled


async def hand_back(
    operator: Operator, reference: str, amount: int, key: str = "back", **changes: Any
) -> httpx.Response:
    body = {"amount": money(amount), "method": "cash"} | changes
    return await operator.send("POST", f"/rentals/{reference}/returned-payments", body, key)


async def returnable(operator: Operator, reference: str, **as_whom: Any) -> tuple[Any, Any]:
    """What the counter has to hand back, and what can still go back online."""
    headers = as_whom.get("headers", operator.headers)
    seen = (await operator.client.get(f"/api/rentals/{reference}", headers=headers)).json()
    return seen.get("counter_owes"), seen.get("refundable")


async def test_operators_alone_see_what_may_be_given_back(
    renter: Renter, operator: Operator, market: str
) -> None:
    accepted = await book_and_pay(renter, market)
    reference = accepted["reference"]
    assert await returnable(operator, reference) == (money(0), money(TOTAL))
    await give(operator, reference, 5_000)
    assert await returnable(operator, reference) == (money(0), money(TOTAL - 5_000))
    theirs = {"Authorization": f"Bearer {accepted['manage_token']}"}
    assert await returnable(operator, reference, headers=theirs) == (None, None)


async def test_cancelling_what_was_paid_at_the_counter_is_handed_back_there(
    renter: Renter, operator: Operator
) -> None:
    reference = await at_counter(renter)
    await take(operator, reference, TOTAL)
    cancelled = await cancel(renter, operator, reference)
    assert cancelled["refund"] == cancelled["at_counter"] == money(TOTAL)
    assert await returnable(operator, reference) == (money(TOTAL), money(0))
    too_much = await hand_back(operator, reference, TOTAL + 1)
    assert (too_much.status_code, too_much.json()["code"]) == (422, "amount_exceeds_paid")
    answers = [await hand_back(operator, reference, TOTAL) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert [answer.json()["owed"] for answer in answers] == [money(0)] * 2
    assert await returnable(operator, reference) == (money(0), money(0))
    assert (await hand_back(operator, reference, 1, "more")).status_code == 422
    entry, *_ = await operator.audit(rental=reference)
    assert entry["action"] == "counter_payment_returned"


async def test_late_cancellation_keeps_its_fee_from_the_counters_money(
    renter: Renter, operator: Operator, market: str
) -> None:
    reference = await at_counter(renter)
    await take(operator, reference, TOTAL)
    with psycopg.connect(market) as connection:
        connection.execute(
            "UPDATE rent.rental SET cancellation_policy ="
            " jsonb_set(cancellation_policy, '{free_until}', '\"2026-01-01T00:00:00Z\"')"
        )
    cancelled = await cancel(renter, operator, reference)
    fee = cancelled["fee"]["amount"]
    assert fee > 0
    assert cancelled["at_counter"] == money(TOTAL - fee)
    assert await returnable(operator, reference) == (money(TOTAL - fee), money(0))
    assert (await hand_back(operator, reference, TOTAL - fee + 1)).status_code == 422
    assert (await hand_back(operator, reference, TOTAL - fee)).json()["owed"] == money(0)


async def test_what_came_online_goes_back_online_and_the_rest_over_the_counter(
    renter: Renter, operator: Operator, market: str
) -> None:
    reference = (await book_and_pay(renter, market))["reference"]
    with psycopg.connect(market) as connection:
        connection.execute("UPDATE rent.rental SET total_minor = total_minor + 5000")
    assert (await take(operator, reference, 5_000)).status_code == 201
    cancelled = await cancel(renter, operator, reference)
    assert (cancelled["refund"], cancelled["at_counter"]) == (money(TOTAL + 5_000), money(5_000))
    [asked] = messages(market, "refund_requested.v1")
    assert asked["amount"] == money(TOTAL)
