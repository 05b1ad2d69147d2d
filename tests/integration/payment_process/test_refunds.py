"""Refunds: what is asked again, at once, or otherwise gives back once."""

import asyncio
from contextlib import suppress
from typing import Any

import pytest

from payment_process.domain import Payment
from payment_process.refunding import service as refunding
from payment_process.refunding.domain import Refund
from shared.contracts.messages import RefundRequestedV1
from shared.contracts.money import Money
from shared.errors import Unavailable
from tests.integration.payment_process.conftest import TOTAL, Desk
from tests.integration.payment_process.fake_vendor import Crash, Fault

PART = 10_000


@pytest.fixture
async def paid(desk: Desk) -> Payment:
    return await desk.pay()


async def give_back(
    desk: Desk, amount: int = PART, number: int = 1, currency: str = "BRL"
) -> Refund:
    message = RefundRequestedV1(
        rental_id=desk.rental_id,
        refund_number=number,
        amount=Money(amount=amount, currency=currency),
        reason="goodwill",
    )
    return await refunding.refund_payment(message, desk.vendor)


def told(desk: Desk) -> list[tuple[Any, ...]]:
    fields = ("refund_number", "outcome")
    return [each for each in desk.sent("payment-results", *fields) if each[0] is not None]


@pytest.mark.parametrize(("amount", "currency"), [(PART + 1, "BRL"), (PART, "USD")])
@pytest.mark.usefixtures("paid")
async def test_a_refunds_number_is_good_for_one_amount(
    desk: Desk, amount: int, currency: str
) -> None:
    await give_back(desk)
    with pytest.raises(ValueError, match="refund 1"):
        await give_back(desk, amount, currency=currency)
    assert (desk.row()["refunded_minor"], told(desk)) == (PART, [(1, "refunded")])
    assert list(desk.vendor.refunds.values()) == [PART]


@pytest.mark.parametrize("fault", ["lost_answer", "crash_after"])
async def test_what_was_given_back_unheard_is_found_and_not_asked_for_again(
    desk: Desk, paid: Payment, fault: Fault
) -> None:
    """At any age: the vendor forgets a key after a day."""
    desk.vendor.fail("refund", fault)
    with suppress(Crash, Unavailable):
        await give_back(desk)
    await give_back(desk)
    assert desk.vendor.calls["refund"] == 1
    assert (desk.row()["refunded_minor"], told(desk)) == (PART, [(1, "refunded")])
    assert desk.vendor.returned(paid.intent_id or "") == PART


@pytest.mark.usefixtures("paid")
async def test_refunds_at_once_never_give_back_more_than_was_taken(desk: Desk) -> None:
    numbers = [1, 1, 2, 2, 3, 3]
    await asyncio.gather(*(give_back(desk, TOTAL // 2, number) for number in numbers))
    assert sum(desk.vendor.refunds.values()) == 2 * (TOTAL // 2)
    assert sorted(outcome for _, outcome in told(desk)) == ["failed", "refunded", "refunded"]


@pytest.mark.parametrize("amount", [0, -1, TOTAL + 1, 2**62])
@pytest.mark.usefixtures("paid")
async def test_nothing_negative_and_nothing_above_the_charge_is_given_back(
    desk: Desk, amount: int
) -> None:
    with suppress(ValueError):
        assert (await give_back(desk, amount)).failure_code == "exceeds_charge"
    assert (desk.row()["refunded_minor"], desk.vendor.refunds) == (0, {})
