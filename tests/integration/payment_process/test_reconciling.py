"""Payments are compared with Stripe by id, over its real SDK; what is safe is repaired."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

import httpx
import pytest

from payment_process.function import handle
from payment_process.reconciling import service as reconciling
from payment_process.reconciling.domain import Seen
from payment_process.refunding import service as refunding
from payment_process.stripe_gateway import StripeGateway, close_stripe
from shared.contracts.messages import RefundRequestedV1
from shared.contracts.money import Money
from shared.settings import get_settings
from tests.integration.payment_process.conftest import TOTAL, Desk
from tests.integration.payment_process.fake_vendor import FakeVendor
from tests.plugins.standins import Serve

KEY = "sk_test_rentacar"


@pytest.fixture
async def stripe_url(
    database: str, environment: pytest.MonkeyPatch, serve_standins: Serve
) -> AsyncIterator[str]:
    """Stripe without webhooks: whatever it has to tell gets lost."""
    options = {"api_key": KEY, "publishable_key": "pk_test_rentacar", "settle_seconds": 0.02}
    url = serve_standins({"name": "stripe", "options": options})["stripe"]
    environment.setenv("STRIPE_API_BASE", url)
    get_settings.cache_clear()
    yield url
    await close_stripe()


async def compare() -> int:
    return await reconciling.compare_with_vendor(StripeGateway(), quiet_seconds=0)


def refund(desk: Desk, amount: int) -> RefundRequestedV1:
    return RefundRequestedV1(
        rental_id=desk.rental_id,
        refund_number=1,
        amount=Money(amount=amount, currency="BRL"),
        reason="goodwill",
    )


def drift(desk: Desk) -> list[str | None]:
    return [row["drift"] for row in desk.query("SELECT drift FROM payment.vendor_check")]


@pytest.mark.parametrize("method", ["pm_card_visa", "pm_card_chargeDeclined"])
async def test_payment_that_agrees_is_looked_up_once(
    method: str, desk: Desk, stripe_url: str
) -> None:
    await handle(desk.request(method))
    assert await compare() == 0
    assert drift(desk) == [None]
    before = desk.query("SELECT checked_at FROM payment.vendor_check")
    assert await compare() == 0
    assert desk.query("SELECT checked_at FROM payment.vendor_check") == before


async def test_refunded_payment_agrees(desk: Desk, stripe_url: str) -> None:
    await handle(desk.request("pm_card_visa"))
    await handle(refund(desk, 1_000))
    assert await compare() == 0
    assert drift(desk) == [None]


async def test_payment_that_succeeded_unheard_is_taken_and_announced(
    desk: Desk, stripe_url: str
) -> None:
    await handle(desk.request("pm_card_threeDSecure2Required"))
    assert desk.row()["status"] == "REQUIRES_ACTION"
    async with httpx.AsyncClient(base_url=stripe_url) as client:
        path = f"/_control/payment_intents/{desk.row()['intent_id']}/complete"
        assert (await client.post(path)).is_success
    assert await compare() == 0
    assert desk.row()["status"] == "CAPTURED"
    assert ("payment_settled.v1", 1, "captured", None) in desk.outcomes()
    assert drift(desk) == [None]


async def test_refund_that_we_did_not_make_is_drift_until_a_person_has_looked(
    desk: Desk, stripe_url: str
) -> None:
    await handle(desk.request("pm_card_visa"))
    async with httpx.AsyncClient(base_url=stripe_url, auth=(KEY, "")) as client:
        body = {"payment_intent": desk.row()["intent_id"], "amount": "500"}
        assert (await client.post("/v1/refunds", data=body)).is_success
    assert await compare() == 1
    assert await compare() == 1
    assert drift(desk) == ["refunded"]
    assert desk.row()["refunded_minor"] == 0


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (f"captured_minor = {TOTAL - 1}", "captured"),
        ("intent_id = 'pi_of_another_account'", "missing"),
    ],
)
async def test_row_that_says_something_else_is_drift(
    change: str, expected: str, desk: Desk, stripe_url: str
) -> None:
    await handle(desk.request("pm_card_visa"))
    desk.query(f"UPDATE payment.payment SET {change}, version = version + 1, cause = 'test'")  # noqa: S608 -- ours
    assert await compare() == 1
    assert drift(desk) == [expected]


async def test_payment_with_a_refund_on_its_way_is_left_alone(desk: Desk, stripe_url: str) -> None:
    await handle(desk.request("pm_card_visa"))
    desk.query(
        "INSERT INTO payment.refund (payment_id, refund_number, amount_minor, reason, status)"
        " SELECT payment_id, 1, 500, 'goodwill', 'REQUESTED' FROM payment.payment"
    )
    desk.query("UPDATE payment.payment SET refunded_minor = 500, version = 9, cause = 'test'")
    assert await compare() == 0
    assert drift(desk) == []


@dataclass
class Slow:
    """Somebody else is faster than what is made of its answer."""

    vendor: FakeVendor
    meanwhile: Callable[[], Awaitable[object]]

    async def look_up(self, intent_id: str) -> Seen | None:
        seen = Seen(self.vendor.intents[intent_id], 0)
        await self.meanwhile()
        return seen


async def test_repair_undoes_nothing_that_was_faster(desk: Desk) -> None:
    payment = await desk.pay("pm_3ds")
    desk.vendor.complete_action(payment.intent_id or "")

    async def webhook_and_refund() -> None:
        await desk.see(payment)
        await refunding.refund_payment(refund(desk, TOTAL), desk.vendor)

    vendor = Slow(desk.vendor, webhook_and_refund)
    await reconciling.compare_with_vendor(vendor, quiet_seconds=0)
    row = desk.row()
    assert (row["status"], row["refunded_minor"]) == ("REFUNDED", TOTAL)
    assert [each[2] for each in desk.outcomes()] == [None, "captured", "refunded"]
