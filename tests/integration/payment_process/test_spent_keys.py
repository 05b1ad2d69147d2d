"""Stripe keeps its own failures under a key and replays them for a day: the next one is used."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from payment_process import domain, service
from payment_process.changes import ask_under_key, change
from payment_process.domain import Payment, SpentKey
from payment_process.function import handle
from payment_process.refunding import service as refunding
from payment_process.refunding.domain import Refund, VendorRefund
from shared.contracts.messages import PaymentMethod, PaymentRequestedV1, RefundRequestedV1
from shared.contracts.money import Money
from shared.errors import Unavailable
from tests.integration.payment_process.conftest import DEPOSIT, TOTAL, Desk
from tests.integration.payment_process.stripe_account import Stripe
from tests.integration.standins.vendor_check import assert_true_to_vendor

FAILURES = 12  # far more than one delivery's tries
FAULTS = 2 * FAILURES  # a replay uses one up too, and answers what it would have without
CAPTURED = ("payment_settled.v1", 1, "captured", None)
PART = 10_000


def give_back(desk: Desk) -> RefundRequestedV1:
    amount = Money(amount=PART, currency="BRL")
    return RefundRequestedV1(
        rental_id=desk.rental_id, refund_number=1, amount=amount, reason="goodwill"
    )


async def deliver(message: PaymentRequestedV1 | RefundRequestedV1) -> None:
    with suppress(Unavailable):
        await handle(message)


@pytest.mark.parametrize(
    "call", ["/v1/customers", "/v1/payment_intents", "/v1/payment_intents/*/confirm"]
)
async def test_payment_is_made_once_after_many_failures(
    desk: Desk, stripe: Stripe, tmp_path: Path, call: str
) -> None:
    await stripe.webhooks("hold")  # the answers alone must do
    await stripe.fault(call, "status", status=500, times=FAULTS)
    message = desk.request("pm_card_visa", save_method=True)
    for _ in range(FAILURES + 1):
        await deliver(message)
    assert desk.outcomes() == [CAPTURED]
    assert await stripe.totals() == [{"captured": TOTAL, "captured_charges": 1, "refunded": 0}]
    assert desk.row()["spent_keys"] == FAILURES
    await handle(desk.deposit_request())  # by the card that was to be kept with it
    assert desk.told() == [("authorized", DEPOSIT)]
    assert_true_to_vendor(tmp_path / "exchanges.jsonl", exchanges=2 * FAILURES)


@pytest.mark.parametrize("moves_on", [domain.request_cancel, None])
async def test_next_key_is_used_for_the_same_or_not_at_all(
    desk: Desk, moves_on: Callable[[Payment, datetime], Payment] | None
) -> None:
    """``customer_id`` stands for what is committed together with the answer only."""
    payment = replace(await desk.pay("pm_3ds"), customer_id="cus_1")
    asked: list[Payment] = []

    async def ask(payment: Payment) -> str:
        asked.append(payment)
        if len(asked) > 1:
            return "answer"
        desk.query("UPDATE payment.payment SET version = version + 1")  # somebody was faster
        if moves_on is not None:
            await change(payment, lambda p: moves_on(p, desk.now), "queue")
        raise SpentKey

    with suppress(Unavailable):
        assert await ask_under_key(payment, ask, "queue") == "answer"
    assert [(each.customer_id, each.spent_keys) for each in asked] == (
        [("cus_1", 0), ("cus_1", 1)] if moves_on is None else [("cus_1", 0)]
    )


async def test_deposit_is_captured_once_after_many_failures(desk: Desk, stripe: Stripe) -> None:
    await stripe.webhooks("hold")
    await handle(desk.request("pm_card_visa", save_method=True))
    await handle(desk.deposit_request())
    await stripe.fault("/v1/payment_intents/*/capture", "status", status=500, times=FAULTS)
    for _ in range(FAILURES + 1):
        with suppress(Unavailable):
            await handle(desk.capture_request(PART))
    assert desk.told() == [("authorized", DEPOSIT), ("captured", PART)]
    assert [each["captured"] for each in await stripe.totals()] == [TOTAL, PART]


async def test_refund_is_made_once_after_many_failures_however_many_ask(
    desk: Desk, stripe: Stripe
) -> None:
    await handle(desk.request("pm_card_visa"))
    await stripe.fault("/v1/refunds", "status", status=500, times=FAULTS)
    for _ in range(FAILURES):
        await asyncio.gather(*(deliver(give_back(desk)) for _ in range(3)))
    assert await stripe.totals() == [{"captured": TOTAL, "captured_charges": 1, "refunded": PART}]
    told = desk.sent("payment-results", "type", "outcome", "refund_number")
    assert told[1:] == [("refund_settled.v1", "refunded", 1)]


async def test_what_a_failure_gave_back_all_the_same_is_not_given_back_again(desk: Desk) -> None:
    await desk.pay()
    desk.vendor.fail("refund", "spent_key")
    await refunding.refund_payment(give_back(desk), desk.vendor)
    assert (desk.vendor.calls["refund"], list(desk.vendor.refunds.values())) == (1, [PART])
    assert desk.sent("payment-results", "outcome", "refund_number")[1:] == [("refunded", 1)]


async def test_refund_that_somebody_else_saw_refused_is_not_asked_for_under_the_next_key(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await desk.pay()
    asked: list[int] = []

    async def refund(_payment: Payment, refund: Refund) -> VendorRefund:
        asked.append(refund.spent_keys)
        desk.query("UPDATE payment.refund SET status = 'FAILED', failure_code = 'refused'")
        raise SpentKey

    monkeypatch.setattr(desk.vendor, "refund", refund)
    with pytest.raises(Unavailable, match="meanwhile"):
        await refunding.refund_payment(give_back(desk), desk.vendor)
    assert asked == [0]


async def test_attempt_that_asks_for_something_else_is_not_held_up_by_the_last_ones_key(
    desk: Desk, stripe: Stripe
) -> None:
    """The answer to the intent's making was lost, then the renter was told to choose again."""
    await stripe.fault("/v1/payment_intents", "drop_answer")
    first = desk.request("pm_card_visa")
    await deliver(first)
    await service.refuse_payment(first, "payments_off")
    pix = {"method": PaymentMethod.PIX, "payment_method_id": None}
    await handle(desk.request(None, attempt=2).model_copy(update=pix))
    assert desk.row()["next_action"]["type"] == "pix_display_qr_code"
