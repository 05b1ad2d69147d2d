"""Cancellation over the public API on a real database."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import psycopg
import pytest

from rent_process.changes import service as changes
from rent_process.settlement import service as settlement
from shared.contracts.messages import RefundSettledV1
from shared.errors import Rejected
from tests.plugins.counter import CALLER, park
from tests.plugins.market import SUPPLY, Renter, at_local
from tests.plugins.saga import available, book_and_pay, call, messages, pay, query

TOTAL = 33_600  # 3 days at 100.00 and the 12 % service fee


async def test_unpaid_hold_is_cancelled_free_and_its_payment_given_up(
    renter: Renter, market: str
) -> None:
    accepted = (await renter.book(await renter.offer())).json()
    answer = await call(
        renter, "POST", accepted, "cancellation", json={"reason": "changed my mind"}
    )
    assert answer.status_code == 202, answer.text
    assert answer.json() == {
        "reference": accepted["reference"],
        "status": "CANCELLED",
        "fee": {"amount": 0, "currency": "BRL"},
        "refund": {"amount": 0, "currency": "BRL"},
    }
    assert await available(renter) == SUPPLY
    [given_up] = messages(market, "payment_cancel_requested.v1")
    assert (given_up["reason"], given_up["sequence"]) == ("cancelled", 1)
    assert not messages(market, "refund_requested.v1")
    [email] = messages(market, "email_requested.v1")
    assert (email["template"], "amount" in email) == ("rental_cancelled", False)
    rental = await renter.read(accepted)
    assert [step["event"] for step in rental["timeline"]][-1] == "CANCELLED"


async def test_paid_rental_is_refunded_wholly_while_cancelling_is_free(
    renter: Renter, market: str
) -> None:
    accepted = await book_and_pay(renter, market)
    preview = await call(renter, "GET", accepted, "cancellation")
    assert preview.status_code == 200
    assert preview.json()["status"] == "CONFIRMED"
    assert preview.json()["refund"]["amount"] == TOTAL
    answer = await call(renter, "POST", accepted, "cancellation")
    assert (answer.json()["fee"]["amount"], answer.json()["refund"]["amount"]) == (0, TOTAL)
    [refund] = messages(market, "refund_requested.v1")
    assert refund["amount"] == {"amount": TOTAL, "currency": "BRL"}
    assert (refund["refund_number"], refund["reason"], refund["sequence"]) == (1, "cancelled", 1)
    assert await available(renter) == SUPPLY


async def test_late_cancellation_keeps_the_percentage_but_at_most_a_day(
    renter: Renter, market: str
) -> None:
    accepted = await book_and_pay(renter, market)
    [(rental_id, total)] = query(market, "SELECT rental_id, total_minor FROM rent.rental")
    late = at_local(10) - timedelta(hours=23)
    preview = await changes.preview_cancellation(accepted["reference"], late)
    # 25 % of 336.00; a day costs 100.00.
    assert (preview.fee.amount, preview.refund.amount) == (8_400, total - 8_400)
    with psycopg.connect(market) as connection:
        connection.execute(
            "UPDATE rent.rental SET cancellation_policy = jsonb_set(cancellation_policy,"
            " '{fee_cap,amount}', '5000') WHERE rental_id = %s", [rental_id],
        )  # fmt: skip
    capped = await changes.cancel(accepted["reference"], None, "guest", late)
    assert (capped.fee.amount, capped.refund.amount) == (5_000, total - 5_000)
    [refund] = messages(market, "refund_requested.v1")
    assert refund["amount"]["amount"] == total - 5_000


async def test_cancelling_again_gives_the_same_answer_and_no_second_refund(
    renter: Renter, market: str
) -> None:
    accepted = await book_and_pay(renter, market)
    answers = await asyncio.gather(
        *(call(renter, "POST", accepted, "cancellation") for _ in range(8))
    )
    assert {each.status_code for each in answers} == {202}
    assert len({each.text for each in answers}) == 1
    preview = await call(renter, "GET", accepted, "cancellation")
    assert preview.json() == answers[0].json()
    assert len(messages(market, "refund_requested.v1")) == 1
    assert len(messages(market, "email_requested.v1")) == 2  # confirmed, cancelled
    assert await available(renter) == SUPPLY


async def test_payment_that_lands_after_cancellation_is_refunded_once_and_never_held(
    renter: Renter, market: str
) -> None:
    accepted = (await renter.book(await renter.offer())).json()
    await call(renter, "POST", accepted, "cancellation")
    for _ in range(3):
        await pay(market, accepted["reference"])
    [refund] = messages(market, "refund_requested.v1")
    assert (refund["amount"]["amount"], refund["reason"]) == (TOTAL, "late_payment")
    assert (await renter.read(accepted))["status"] == "CANCELLED"
    assert await available(renter) == SUPPLY
    preview = await call(renter, "GET", accepted, "cancellation")
    assert (preview.json()["fee"]["amount"], preview.json()["refund"]["amount"]) == (0, 0)


async def test_counter_booking_is_cancelled_without_money(renter: Renter, market: str) -> None:
    accepted = (await renter.book(await renter.offer(), payment={"method": "counter"})).json()
    answer = (await call(renter, "POST", accepted, "cancellation")).json()
    assert (answer["fee"]["amount"], answer["refund"]["amount"]) == (0, 0)
    assert not messages(market, "refund_requested.v1")
    assert not messages(market, "payment_cancel_requested.v1")


async def test_cancellation_pays_a_deficit_before_it_frees_a_car(
    renter: Renter, market: str
) -> None:
    accepted = await book_and_pay(renter, market)
    with psycopg.connect(market) as connection:
        connection.execute(
            "UPDATE rent.class_calendar SET free = array_fill(0::smallint, ARRAY[384]),"
            " short = array_fill(1::smallint, ARRAY[384])"
            " WHERE branch_code = 'GRU' AND class_code = 'ECMR'"
        )
    assert (await call(renter, "POST", accepted, "cancellation")).status_code == 202
    [(free, repaid)] = query(
        market,
        "SELECT sum(f), count(*) FILTER (WHERE s = 0) FROM rent.class_calendar,"
        " unnest(free, short) AS u(f, s) WHERE branch_code = 'GRU' AND class_code = 'ECMR'",
    )
    assert (free, repaid) == (0, 3 * 24 + 1)  # three days and the turnaround


async def test_cancellation_under_way_gives_back_only_what_is_ahead(
    renter: Renter, market: str
) -> None:
    accepted = await book_and_pay(renter, market)
    under_way = at_local(11)
    await changes.cancel(accepted["reference"], None, "operator-1", under_way, CALLER)
    assert await available(renter) == SUPPLY - 1  # its first day is still taken
    rest = {"pickup_at": at_local(11).isoformat(), "return_at": at_local(13).isoformat()}
    assert await available(renter, **rest) == SUPPLY


async def test_who_has_not_come_cannot_cancel_and_save_the_no_shows_fee(
    renter: Renter, market: str
) -> None:
    accepted = await book_and_pay(renter, market)
    park(market)  # with the policy: a car is kept for two hours, then half of the price is due
    reference, kept_until = accepted["reference"], at_local(10) + timedelta(hours=2)
    waited = await changes.preview_cancellation(reference, kept_until - timedelta(seconds=1))
    assert waited.fee.amount == 8_400
    with pytest.raises(Rejected, match="illegal_transition"):
        await changes.preview_cancellation(reference, kept_until)
    with pytest.raises(Rejected, match="illegal_transition"):
        await changes.cancel(reference, None, "guest", kept_until)
    assert not messages(market, "refund_requested.v1")
    excused = await changes.cancel(reference, "in hospital", "operator-1", kept_until, CALLER)
    assert excused.refund.amount == TOTAL - 8_400
    assert (await changes.cancel(reference, None, "guest", kept_until)) == excused


@pytest.mark.parametrize("status", ["CHECKED_OUT", "COMPLETED", "EXPIRED", "FAILED", "NO_SHOW"])
async def test_rental_that_is_out_or_over_cannot_be_cancelled(
    renter: Renter, market: str, status: str
) -> None:
    accepted = await book_and_pay(renter, market)
    with psycopg.connect(market) as connection:
        connection.execute("UPDATE rent.rental SET status = %s", [status])
    for method in ("GET", "POST"):
        answer = await call(renter, method, accepted, "cancellation")
        assert (answer.status_code, answer.json()["code"]) == (409, "illegal_transition")
    assert not messages(market, "refund_requested.v1")


async def test_cancellation_and_payment_at_once_end_in_one_of_two_ways(
    renter: Renter, market: str
) -> None:
    for _ in range(8):
        accepted = (await renter.book(await renter.offer())).json()
        await asyncio.gather(
            pay(market, accepted["reference"]), call(renter, "POST", accepted, "cancellation")
        )
        assert (await renter.read(accepted))["status"] == "CANCELLED"
    refunds = messages(market, "refund_requested.v1")
    assert [each["amount"]["amount"] for each in refunds] == [TOTAL] * 8
    assert await available(renter) == SUPPLY


async def test_refund_is_noted_once_and_a_bounce_is_told(renter: Renter, market: str) -> None:
    accepted = await book_and_pay(renter, market)
    await call(renter, "POST", accepted, "cancellation")
    [(rental_id,)] = query(market, "SELECT rental_id FROM rent.rental")

    async def settle(outcome: str) -> None:
        message = RefundSettledV1.model_validate(
            {
                "rental_id": rental_id,
                "refund_number": 1,
                "outcome": outcome,
                "amount": {"amount": TOTAL, "currency": "BRL"},
            }
        )
        await settlement.handle_result(message, datetime.now(UTC))

    for outcome in ("refunded", "refunded", "failed", "refunded"):
        await settle(outcome)
    timeline = [step["event"] for step in (await renter.read(accepted))["timeline"]]
    assert timeline[-2:] == ["REFUNDED", "REFUND_FAILED"]
    assert timeline.count("REFUNDED") == 1


async def test_cancellation_is_only_for_its_renter(renter: Renter) -> None:
    accepted = (await renter.book(await renter.offer())).json()
    other = (await renter.book(await renter.offer())).json()
    path = f"/api/rentals/{accepted['reference']}/cancellation"
    for headers in ({}, {"Authorization": f"Bearer {other['manage_token']}"}):
        for method in ("GET", "POST"):
            answer = await renter.client.request(method, path, headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")
    with pytest.raises(Rejected, match="not_found"):
        await changes.cancel(str(uuid4())[:8].upper(), None, "guest", datetime.now(UTC))


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "malformed_json"),
        (b'{"reason": 5}', 422, "validation_failed"),
        (b'{"fee": 0}', 422, "validation_failed"),
        (b'{"reason": "' + b"x" * 501 + b'"}', 422, "validation_failed"),
        (b" " * 200_000, 413, "payload_too_large"),
    ],
)
async def test_bad_cancellation_is_refused(
    renter: Renter, body: bytes, status: int, code: str
) -> None:
    accepted = (await renter.book(await renter.offer())).json()
    answer = await call(renter, "POST", accepted, "cancellation", content=body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert (await renter.read(accepted))["status"] == "PENDING"
