"""Deposits, kept cards and what they pay, over Stripe's real SDK, socket and webhooks."""

import asyncio
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from payment_process.deposits import service as deposits
from payment_process.function import handle
from payment_process.reconciling import service as reconciling
from payment_process.stripe_gateway import StripeGateway
from shared.contracts.messages import (
    PaymentCancelRequestedV1,
    PaymentMethodForgetRequestedV1,
    Purpose,
    RefundRequestedV1,
)
from shared.contracts.money import Money
from shared.errors import Unavailable
from tests.integration.payment_process.conftest import DEPOSIT, TOTAL, Desk
from tests.integration.payment_process.stripe_account import Stripe, until
from tests.integration.standins.vendor_check import assert_true_to_vendor

BUSY_SECONDS = 0.7  # by then the stand-in is done with a request that was given up after 1 s
AUTHORISED = ("authorized", DEPOSIT)
FINE = Money(amount=19_500, currency="BRL")


async def hold(desk: Desk, card: str = "pm_card_visa") -> None:
    await handle(desk.request(card, save_method=True))
    await handle(desk.deposit_request())


def release(desk: Desk) -> PaymentCancelRequestedV1:
    return PaymentCancelRequestedV1(
        rental_id=desk.rental_id, purpose=Purpose.DEPOSIT, sequence=2, reason="released"
    )


async def fine(desk: Desk, method: str | None = None, **more: Any) -> None:
    request = {"purpose": Purpose.ADDITIONAL, "sequence": 3, "amount": FINE}
    await handle(desk.request(method, **{**request, "off_session": method is None, **more}))


def status_of(desk: Desk, purpose: str) -> str:
    [row] = desk.query("SELECT status FROM payment.payment WHERE purpose = %s", purpose)
    return str(row["status"])


async def taken(stripe: Stripe) -> list[tuple[int, int]]:
    """What every intent has taken and given back, by Stripe's own ledger."""
    return [(each["captured"], each["refunded"]) for each in await stripe.totals()]


async def test_deposit_is_held_longer_than_a_week_captured_in_part_and_refunded(
    desk: Desk, stripe: Stripe, tmp_path: Path
) -> None:
    await hold(desk)
    [row] = desk.query("SELECT * FROM payment.payment WHERE purpose = 'DEPOSIT'")
    assert (row["capture_before"] - row["created_at"]).days >= 29
    assert await taken(stripe) == [(TOTAL, 0), (0, 0)]
    await handle(desk.capture_request(25_000))
    goodwill = RefundRequestedV1(
        rental_id=desk.rental_id,
        purpose=Purpose.DEPOSIT,
        sequence=2,
        refund_number=1,
        amount=Money(amount=5_000, currency="BRL"),
        reason="goodwill",
    )
    await handle(goodwill)
    assert await taken(stripe) == [(TOTAL, 0), (25_000, 5_000)]
    assert desk.told()[:2] == [AUTHORISED, ("captured", 25_000)]
    assert await reconciling.compare_with_vendor(StripeGateway(), quiet_seconds=0) == 0
    assert_true_to_vendor(tmp_path / "exchanges.jsonl", exchanges=8)


async def test_released_deposit_agrees_with_the_vendor_and_cannot_be_captured(
    desk: Desk, stripe: Stripe, tmp_path: Path
) -> None:
    await hold(desk)
    await handle(release(desk))
    await handle(desk.capture_request(1))
    assert desk.told() == [AUTHORISED, ("voided", 0)]
    assert await taken(stripe) == [(TOTAL, 0), (0, 0)]
    assert await reconciling.compare_with_vendor(StripeGateway(), quiet_seconds=0) == 0
    assert_true_to_vendor(tmp_path / "exchanges.jsonl", exchanges=7)


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("drop_answer", {}),
        ("close", {}),
        ("delay", {"seconds": 1.5}),
        ("status", {"status": 429}),
        ("status", {"status": 500}),
    ],
)
async def test_fault_at_the_capture_takes_the_deposit_once(
    desk: Desk, stripe: Stripe, kind: str, more: dict[str, Any]
) -> None:
    await stripe.webhooks("hold")  # the answer alone must do
    await hold(desk)
    await stripe.fault("/v1/payment_intents/*/capture", kind, **more)
    for _ in range(2):
        with suppress(Unavailable):
            await handle(desk.capture_request(25_000))
        await asyncio.sleep(BUSY_SECONDS)
    assert await taken(stripe) == [(TOTAL, 0), (25_000, 0)]
    assert desk.told() == [AUTHORISED, ("captured", 25_000)]


async def test_deposit_is_renewed_at_stripe_and_one_authorisation_is_left(
    desk: Desk, stripe: Stripe, tmp_path: Path
) -> None:
    await hold(desk)
    desk.query(
        "UPDATE payment.payment SET capture_before = now() + interval '1 hour',"
        " version = version + 1 WHERE purpose = 'DEPOSIT'"
    )
    await deposits.resolve(StripeGateway(), desk.clock)
    assert desk.deposits() == [("VOIDED", 0), ("AUTHORIZED", 0)]
    await handle(desk.capture_request(DEPOSIT))
    assert await taken(stripe) == [(TOTAL, 0), (0, 0), (DEPOSIT, 0)]
    assert_true_to_vendor(tmp_path / "exchanges.jsonl", exchanges=9)


async def test_lapsed_deposit_is_told_by_the_webhook(desk: Desk, stripe: Stripe) -> None:
    await hold(desk)
    [row] = desk.query("SELECT intent_id FROM payment.payment WHERE purpose = 'DEPOSIT'")
    await stripe.step(row["intent_id"], "expire")
    await until(lambda: desk.deposits() == [("AUTH_EXPIRED", 0)])
    assert desk.told() == [AUTHORISED, ("voided", 0)]


async def test_fine_is_declined_without_the_holder_then_paid_by_them(
    desk: Desk, stripe: Stripe, tmp_path: Path
) -> None:
    await handle(desk.request("pm_card_authenticationRequired", save_method=True))
    [row] = desk.query("SELECT intent_id FROM payment.payment")
    await stripe.step(row["intent_id"], "complete")
    await until(lambda: status_of(desk, "PREPAY") == "CAPTURED")
    await fine(desk)
    told = desk.sent("payment-results", "purpose", "outcome", "decline_code")
    assert told[-1] == ("ADDITIONAL", "declined", "authentication_required")
    # RentProcess gives it up, and asks anew by the card that the renter brings.
    await handle(
        PaymentCancelRequestedV1(
            rental_id=desk.rental_id, purpose=Purpose.ADDITIONAL, sequence=3, reason="released"
        )
    )
    await fine(desk, "pm_card_visa", sequence=4)
    assert await taken(stripe) == [(TOTAL, 0), (0, 0), (FINE.amount, 0)]
    assert_true_to_vendor(tmp_path / "exchanges.jsonl", exchanges=9)


async def test_forgotten_customer_is_gone_at_stripe_and_holds_no_personal_data(
    desk: Desk, stripe: Stripe, tmp_path: Path
) -> None:
    await handle(desk.request("pm_card_visa", save_method=True))
    async with httpx.AsyncClient() as client:
        [customer] = (await client.get(f"{stripe.url}/_control/ledger")).json()["customers"]
        assert customer["metadata"] == {"rental_id": str(desk.rental_id)}
        assert not any(customer[name] for name in ("email", "name", "phone", "address"))
        for _ in range(2):
            await handle(PaymentMethodForgetRequestedV1(rental_id=desk.rental_id))
        assert (await client.get(f"{stripe.url}/_control/ledger")).json()["customers"] == []
    await fine(desk)
    assert status_of(desk, "ADDITIONAL") == "DECLINED"
    assert_true_to_vendor(tmp_path / "exchanges.jsonl", exchanges=5)
