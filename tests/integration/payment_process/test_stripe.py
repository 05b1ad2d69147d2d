"""PaymentProcess over Stripe's real SDK, a real socket and real webhooks, end to end."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast
from uuid import uuid4

import pytest
import stripe as sdk

from payment_process.disputing import service as disputing
from payment_process.domain import VendorRefused
from payment_process.function import handle
from payment_process.stripe_gateway import StripeGateway
from shared.contracts.messages import (
    PaymentCancelRequestedV1,
    PaymentMethod,
    PaymentRequestedV1,
    RefundRequestedV1,
)
from shared.contracts.money import Money
from shared.errors import Unavailable
from shared.settings import get_settings
from tests.integration.payment_process.conftest import TOTAL, Desk
from tests.integration.payment_process.stripe_account import Stripe, until
from tests.integration.standins.vendor_check import assert_true_to_vendor
from tests.plugins.market import Renter

BUSY_SECONDS = 0.7  # by then the stand-in is done with a request that was given up after 1 s
CAPTURED = ("payment_settled.v1", 1, "captured", None)


async def _twice(doing: Callable[[], Awaitable[None]]) -> None:
    """The queue delivers again what failed."""
    try:
        await doing()
    except Unavailable:
        await asyncio.sleep(BUSY_SECONDS)
        await doing()


async def test_good_card_is_captured_and_its_exchanges_are_true_to_stripe(
    desk: Desk, stripe: Stripe, tmp_path: Path
) -> None:
    await handle(desk.request("pm_card_visa"))
    assert desk.row()["status"] == "CAPTURED"
    assert await stripe.totals() == [{"captured": TOTAL, "captured_charges": 1, "refunded": 0}]
    await until(lambda: desk.query("SELECT event_id FROM payment.webhook_event") != [])
    assert desk.outcomes() == [CAPTURED]
    assert_true_to_vendor(tmp_path / "exchanges.jsonl", exchanges=3)


@pytest.mark.parametrize(
    ("method", "code"),
    [
        ("pm_card_chargeDeclined", "generic_decline"),
        ("pm_card_chargeDeclinedInsufficientFunds", "insufficient_funds"),
        ("pm_nobody_knows", "invalid_payment_method"),
    ],
)
async def test_declined_card_tells_why_and_another_card_pays_the_same_intent(
    desk: Desk, stripe: Stripe, method: str, code: str
) -> None:
    await handle(desk.request(method))
    assert desk.outcomes() == [("payment_settled.v1", 1, "declined", code)]
    await handle(desk.request("pm_card_visa", attempt=2))
    assert desk.row()["status"] == "CAPTURED"
    assert await stripe.totals() == [{"captured": TOTAL, "captured_charges": 1, "refunded": 0}]


@pytest.mark.parametrize(("step", "status"), [("complete", "CAPTURED"), ("fail", "DECLINED")])
async def test_three_d_secure_is_settled_by_the_webhook(
    desk: Desk, stripe: Stripe, step: str, status: str
) -> None:
    await handle(desk.request("pm_card_threeDSecure2Required"))
    row = desk.row()
    assert row["status"] == "REQUIRES_ACTION"
    returns_to = row["next_action"]["redirect_to_url"]["return_url"]
    assert returns_to == "http://localhost:7071/rentals/7K3MZQ2A"
    await stripe.step(row["intent_id"], step)
    await until(lambda: desk.row()["status"] == status)


@pytest.mark.parametrize("call", ["/v1/payment_intents", "/v1/payment_intents/*/confirm"])
@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("drop_answer", {}),
        ("close", {}),
        ("delay", {"seconds": 1.5}),
        ("status", {"status": 429}),
        ("status", {"status": 500}),
        ("status", {"status": 503}),
    ],
)
async def test_vendor_fault_at_any_call_charges_once(
    desk: Desk, stripe: Stripe, call: str, kind: str, more: dict[str, Any]
) -> None:
    await stripe.webhooks("hold")  # the answer alone must do
    await stripe.fault(call, kind, **more)
    await _twice(lambda: handle(desk.request("pm_card_visa")))
    if desk.row()["status"] == "UNKNOWN":
        await asyncio.sleep(BUSY_SECONDS)
        await desk.tick_with(StripeGateway(), 31)
    assert desk.outcomes() == [CAPTURED]
    assert await stripe.totals() == [{"captured": TOTAL, "captured_charges": 1, "refunded": 0}]


@pytest.mark.parametrize("mode", ["duplicate", "reorder"])
async def test_disturbed_webhooks_announce_once(desk: Desk, stripe: Stripe, mode: str) -> None:
    await stripe.webhooks(mode)
    await handle(desk.request("pm_card_threeDSecure2Required"))
    await stripe.step(desk.row()["intent_id"], "complete")
    await until(lambda: desk.row()["status"] == "CAPTURED")
    await asyncio.sleep(0.3)
    assert desk.outcomes()[1:] == [CAPTURED]


async def test_cancel_makes_the_intent_unpayable(desk: Desk, stripe: Stripe) -> None:
    await handle(desk.request("pm_card_threeDSecure2Required"))
    await handle(PaymentCancelRequestedV1(rental_id=desk.rental_id, reason="expired"))
    assert desk.row()["status"] == "VOIDED"
    intent = await StripeGateway().retrieve(desk.row()["intent_id"])
    assert intent.status == "canceled"


async def test_cancel_of_a_paid_intent_finds_the_late_success(desk: Desk, stripe: Stripe) -> None:
    await stripe.webhooks("hold")
    await handle(desk.request("pm_card_threeDSecure2Required"))
    await stripe.step(desk.row()["intent_id"], "complete")
    await handle(PaymentCancelRequestedV1(rental_id=desk.rental_id, reason="expired"))
    assert desk.outcomes()[-1] == CAPTURED


@pytest.mark.parametrize("fault", [None, "drop_answer", "close"])
async def test_refunds_in_parts_and_never_above_the_charge(
    desk: Desk, stripe: Stripe, fault: str | None
) -> None:
    await handle(desk.request("pm_card_visa"))
    if fault is not None:
        await stripe.fault("/v1/refunds", fault)
    parts = [(1, 10_000), (2, TOTAL - 10_000), (3, 1), (1, 10_000)]
    for number, amount in parts:
        refund = RefundRequestedV1(
            rental_id=desk.rental_id,
            refund_number=number,
            amount=Money(amount=amount, currency="BRL"),
            reason="cancelled",
        )
        await _twice(lambda message=refund: handle(message))  # type: ignore[misc]  # mypy infers no lambda with a default
    assert desk.sent("payment-results", "type", "refund_number", "outcome")[1:] == [
        ("refund_settled.v1", 1, "refunded"),
        ("refund_settled.v1", 2, "refunded"),
        ("refund_settled.v1", 3, "failed"),
    ]
    assert desk.emails() == [("payment_refunded",), ("payment_refunded",)]
    assert desk.row()["status"] == "REFUNDED"
    assert await stripe.totals() == [{"captured": TOTAL, "captured_charges": 1, "refunded": TOTAL}]


@pytest.mark.parametrize(
    ("method", "told", "status", "given_back"),
    [
        ("pm_card_pendingRefund", "refunded", "REFUNDED", TOTAL),
        ("pm_card_refundFail", "failed", "CAPTURED", 0),  # succeeds first, then bounces
    ],
)
async def test_refund_that_is_decided_later_is_told_when_it_is(
    desk: Desk, stripe: Stripe, method: str, told: str, status: str, given_back: int
) -> None:
    await handle(desk.request(method))
    await handle(
        RefundRequestedV1(
            rental_id=desk.rental_id,
            refund_number=1,
            amount=Money(amount=TOTAL, currency="BRL"),
            reason="late_payment",
        )
    )
    await until(lambda: desk.sent("payment-results", "outcome")[-1] == (told,))
    assert (desk.row()["status"], desk.row()["refunded_minor"]) == (status, given_back)


async def test_pix_code_is_shown_mailed_and_paid(desk: Desk, stripe: Stripe) -> None:
    message = desk.request().model_copy(
        update={"method": PaymentMethod.PIX, "payment_method_id": None}
    )
    await handle(message)
    row = desk.row()
    assert row["next_action"]["type"] == "pix_display_qr_code"
    shown_until = row["next_action"]["pix_display_qr_code"]["expires_at"]
    assert datetime.fromtimestamp(shown_until, UTC) <= row["expires_at"]
    assert desk.emails() == [("payment_action_required",)]
    await stripe.step(row["intent_id"], "pay")
    await until(lambda: desk.row()["status"] == "CAPTURED")


async def _cards(stripe: Stripe, *tokens: str) -> list[str]:
    """Ids of payment methods as the renter's page makes them, a new one each time."""
    client = sdk.StripeClient("sk_test_rentacar", base_addresses={"api": stripe.url})
    params = [{"type": "card", "card": {"token": token}} for token in tokens]
    made = [
        await asyncio.to_thread(client.v1.payment_methods.create, cast("Any", each))
        for each in params
    ]
    return [each.id for each in made]


async def test_a_card_is_one_fingerprint_whatever_payment_method_names_it(
    desk: Desk, stripe: Stripe, environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    environment.setenv("LIMIT_CARD_PER_HOUR", "1")
    get_settings.cache_clear()
    visa, visa_again, other = await _cards(stripe, "tok_visa", "tok_visa", "tok_mastercard")
    await handle(desk.request(visa))
    desk.rental_id = uuid4()
    await handle(desk.request(visa_again))
    assert desk.outcomes()[-1] == ("payment_settled.v1", 1, "declined", "card_velocity_exceeded")
    await handle(desk.request(other, attempt=2))
    assert len(await stripe.totals()) == 2
    rows = desk.query("SELECT status, attempt FROM payment.payment ORDER BY attempt")
    assert rows == [{"status": "CAPTURED", "attempt": 1}, {"status": "CAPTURED", "attempt": 2}]
    assert_true_to_vendor(tmp_path / "exchanges.jsonl", exchanges=12)


async def test_an_attempt_after_too_many_of_a_card_is_made_on_the_same_intent(
    desk: Desk, stripe: Stripe, environment: pytest.MonkeyPatch
) -> None:
    """Each attempt has a trace of its own, and Stripe takes a key for one request only."""
    environment.setenv("LIMIT_CARD_PER_HOUR", "1")
    get_settings.cache_clear()
    visa, visa_again, other = await _cards(stripe, "tok_visa", "tok_visa", "tok_mastercard")
    await handle(desk.request(visa))
    desk.rental_id = uuid4()
    await handle(desk.request(visa_again, save_method=True, traceparent=_trace()))
    await handle(desk.request(other, attempt=2, save_method=True, traceparent=_trace()))
    assert desk.outcomes()[-1] == ("payment_settled.v1", 2, "captured", None)
    assert len(await stripe.totals()) == 2
    kept = "SELECT customer_id FROM payment.payment WHERE attempt = 2"
    assert desk.query(kept)[0]["customer_id"] is not None


def _trace() -> str:
    return f"00-{uuid4().hex}-{uuid4().hex[:16]}-01"


@pytest.mark.parametrize("call", ["/v1/payment_intents", "/v1/payment_intents/*/confirm"])
async def test_request_that_stripe_calls_wrong_is_told_at_once_and_may_be_tried_again(
    desk: Desk, stripe: Stripe, call: str
) -> None:
    await stripe.fault(call, "status", status=400)
    message = desk.request("pm_card_visa")
    with pytest.raises(VendorRefused):  # for those who can mend it
        await handle(message)
    refused = ("payment_settled.v1", 1, "declined", "processing_error")
    assert desk.outcomes() == [refused]
    await handle(message)
    assert desk.outcomes() == [refused]
    await handle(desk.request("pm_card_visa", attempt=2))
    assert desk.outcomes() == [refused, ("payment_settled.v1", 2, "captured", None)]
    assert [total["captured"] for total in await stripe.totals()] == [TOTAL]


async def test_a_dispute_is_told_by_stripe_answered_there_and_recorded_here(
    desk: Desk, stripe: Stripe, tmp_path: Path
) -> None:
    await handle(desk.request("pm_card_createDispute"))
    await until(lambda: desk.row()["status"] == "DISPUTED")
    [dispute] = desk.query("SELECT * FROM payment.dispute")
    assert (dispute["status"], dispute["reason"]) == ("needs_response", "fraudulent")
    assert (dispute["amount_minor"], dispute["currency"]) == (TOTAL, "BRL")
    assert dispute["evidence_due_at"] > desk.now
    client = sdk.StripeClient("sk_test_rentacar", base_addresses={"api": stripe.url})
    evidence: Any = {"evidence": {"uncategorized_text": "winning_evidence"}}
    await asyncio.to_thread(client.v1.disputes.update, dispute["dispute_id"], evidence)
    await until(lambda: desk.row()["status"] == "CAPTURED")
    assert desk.query("SELECT status FROM payment.dispute") == [{"status": "won"}]
    assert await disputing.look_around(StripeGateway(), desk.now) == 1
    assert_true_to_vendor(tmp_path / "exchanges.jsonl", exchanges=6)


async def test_a_boleto_is_issued_to_its_payer_paid_at_the_bank_and_captured(
    desk: Desk, stripe: Stripe, renter: Renter, tmp_path: Path
) -> None:
    address = {"line1": "Rua A, 1", "city": "Recife", "state": "PE", "postal_code": "50010-000"}
    choice = {"method": "boleto", "billing_address": address}
    assert (await renter.book(await renter.offer(), payment=choice)).status_code == 202
    [asked] = desk.query("SELECT body FROM rent.outbox")
    await handle(PaymentRequestedV1.model_validate_json(asked["body"]))
    row = desk.row()
    shown = row["next_action"]["boleto_display_details"]
    assert row["status"] == "REQUIRES_ACTION"
    assert shown["expires_at"] < row["expires_at"].timestamp(), "the hold outlasts the voucher"
    [voucher] = desk.query("SELECT * FROM payment.voucher_view")
    assert (voucher["code"], voucher["url"]) == (shown["number"], shown["hosted_voucher_url"])
    assert desk.emails() == [("payment_action_required",)]
    await stripe.step(row["intent_id"], "pay")
    await until(lambda: desk.row()["status"] == "CAPTURED")
    assert desk.query("SELECT * FROM payment.voucher_view") == []
    assert_true_to_vendor(tmp_path / "exchanges.jsonl", exchanges=3)
