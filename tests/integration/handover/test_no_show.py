"""Nobody came, or the counter cancels: the car is sold again and the money is shared."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from rent_process.no_show import service as no_show
from rent_process.settlement import service as settlement
from shared.contracts.messages import PaymentOutcome, PaymentSettledV1
from shared.contracts.money import Money
from shared.errors import Rejected
from tests.plugins.counter import CALLER, PICKUP, check_out, confirmed, events_of, judge, park
from tests.plugins.market import Renter, at_local
from tests.plugins.operator import Operator, rows
from tests.plugins.saga import available, messages, query

TOTAL = 33_600
LATE = PICKUP + timedelta(hours=2)


def brl(amount: int) -> dict[str, Any]:
    return {"amount": amount, "currency": "BRL"}


async def test_fee_is_kept_rest_goes_back_and_the_car_is_sold_again(
    renter: Renter, operator: Operator, market: str
) -> None:
    park(market)
    reference = await confirmed(renter, market)
    rest = {"pickup_at": at_local(10, 12).isoformat(), "return_at": at_local(13).isoformat()}
    assert await available(renter, **rest) == 9
    with pytest.raises(Rejected) as refusal:
        await no_show.record_no_show(reference, None, CALLER, LATE - timedelta(seconds=1))
    assert refusal.value.code == "illegal_transition"
    answer = await no_show.record_no_show(reference, "nobody came", CALLER, LATE)
    assert (answer.status, answer.fee.amount, answer.refund.amount) == (
        "NO_SHOW", TOTAL // 2, TOTAL // 2,
    )  # fmt: skip
    assert await no_show.record_no_show(reference, None, CALLER, LATE) == answer
    # From the policy's hour on, and not before it.
    assert await available(renter, **rest) == 10
    hours = {"pickup_at": at_local(10, 11).isoformat(), "return_at": at_local(13).isoformat()}
    assert await available(renter, **hours) == 9
    judge(market, LATE)
    [asked] = messages(market, "refund_requested.v1")
    assert (asked["amount"], asked["reason"]) == (brl(TOTAL // 2), "cancelled")
    assert events_of(market, reference)[-2:] == ["NO_SHOW", "REFUND_REQUESTED"]
    [entry] = await operator.audit(rental=reference)
    assert (entry["action"], entry["reason"]) == ("no_show_recorded", "nobody came")
    seen = (await renter.client.get(f"/api/rentals/{reference}", headers=operator.headers)).json()
    assert seen["status"] == "NO_SHOW"


async def test_late_record_gives_back_past_hours_too(renter: Renter, market: str) -> None:
    park(market)
    reference = await confirmed(renter, market)
    now = at_local(12, 15)
    await no_show.record_no_show(reference, None, CALLER, now)
    judge(market, now)
    assert query(market, "SELECT to_hour - from_hour FROM rent.rental") == [(2,)]


async def test_who_paid_nothing_owes_nothing(
    renter: Renter, operator: Operator, market: str
) -> None:
    park(market)
    offer = await renter.offer()
    booked = await renter.book(offer, payment={"method": "counter"})
    reference = booked.json()["reference"]
    answer = await no_show.record_no_show(reference, None, CALLER, LATE)
    assert (answer.fee.amount, answer.refund.amount) == (0, 0)
    payment = {"amount": brl(100), "method": "cash"}
    taken = await operator.send("POST", f"/rentals/{reference}/payments", payment, "one")
    assert (taken.status_code, taken.json()["code"]) == (409, "not_payable")


async def test_payment_that_lands_after_the_no_show_goes_back(renter: Renter, market: str) -> None:
    """A difference that was still being paid is above the fee that was shared out."""
    park(market)
    reference = await confirmed(renter, market)
    [(rental_id,)] = query(market, "SELECT rental_id FROM rent.rental")
    query(
        market,
        "INSERT INTO rent.rental_charge (rental_id, sequence, asked_minor, status)"
        " VALUES (%s, 2, 5000, 'OPEN') RETURNING 1",
        rental_id,
    )
    await no_show.record_no_show(reference, None, CALLER, LATE)
    [given_up] = messages(market, "payment_cancel_requested.v1")
    assert given_up["sequence"] == 2
    message = PaymentSettledV1(
        rental_id=rental_id,
        sequence=2,
        attempt=1,
        outcome=PaymentOutcome.CAPTURED,
        amount=Money(amount=5_000, currency="BRL"),
    )
    await settlement.handle_result(message, LATE)
    amounts = [each["amount"]["amount"] for each in messages(market, "refund_requested.v1")]
    assert sum(amounts) == TOTAL // 2 + 5_000


async def test_check_out_and_no_show_at_once_end_in_one_of_them(
    renter: Renter, market: str
) -> None:
    plates = park(market, cars=5)
    references = [await confirmed(renter, market) for _ in plates]

    async def tried(step: Any) -> str:
        try:
            return str((await step).status)
        except Rejected as refusal:
            return refusal.code

    for reference, plate in zip(references, plates, strict=True):
        codes = await asyncio.gather(
            tried(no_show.record_no_show(reference, None, CALLER, LATE)),
            tried(check_out(reference, plate, now=LATE)),
        )
        assert sorted(codes) in (
            ["CHECKED_OUT", "illegal_transition"],
            ["NO_SHOW", "illegal_transition"],
        )
    judge(market, LATE)
    out = rows(market, "SELECT count(*) FROM rent.rental WHERE status = 'CHECKED_OUT'")
    assert rows(market, "SELECT count(*) FROM rent.rental_leg") == out


async def test_operator_cancels_by_the_policy_and_is_audited_once(
    renter: Renter, operator: Operator, market: str
) -> None:
    reference = await confirmed(renter, market)
    path = f"/rentals/{reference}/cancellation"
    answer = await operator.send("POST", path, {"reason": "by telephone"})
    assert (answer.status_code, answer.json()["refund"]) == (202, brl(TOTAL))
    assert (await operator.send("POST", path)).json() == answer.json()
    [entry] = await operator.audit(rental=reference)
    assert (entry["action"], entry["reason"]) == ("rental_cancelled", "by telephone")
    assert entry["before"] == {"status": "CONFIRMED"}
    assert entry["after"]["refund_minor"] == TOTAL
    judge(market)
