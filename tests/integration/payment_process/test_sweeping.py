"""One payment that the vendor cannot be asked about keeps no other from being settled."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import pytest

from payment_process.deposits import service as deposits
from payment_process.domain import Intent, IntentStatus, Payment
from payment_process.refunding import service as refunding
from payment_process.refunding.domain import Refund, RefundStatus, VendorRefund
from shared.contracts.messages import Purpose, RefundRequestedV1
from shared.contracts.money import Money
from shared.errors import Unavailable
from tests.integration.payment_process.conftest import TOTAL, Desk
from tests.integration.payment_process.fake_vendor import FakeVendor

MINUTE = 60


@dataclass
class StubbornVendor(FakeVendor):
    """Knows nothing of ``silent``, however often it is asked."""

    silent: set[str] = field(default_factory=set)

    async def retrieve(self, intent_id: str) -> Intent:
        self._check(intent_id)
        return await super().retrieve(intent_id)

    async def capture(self, payment: Payment) -> Intent:
        self._check(payment.intent_id)
        return await super().capture(payment)

    async def find_refund(self, payment: Payment, refund: Refund) -> VendorRefund | None:
        self._check(payment.intent_id)
        return await super().find_refund(payment, refund)

    def _check(self, intent_id: str | None) -> None:
        if intent_id in self.silent:
            raise Unavailable("no answer about this one")


@pytest.fixture
def desks(another_desk: Callable[[], Desk]) -> list[Desk]:
    vendor, desks = StubbornVendor(), [another_desk() for _ in range(3)]
    for desk in desks:
        desk.vendor = vendor
        desk.vendor.clock = desk.clock
    return desks


def age(desk: Desk, first: Payment) -> None:
    """Everything is a minute older, and ``first`` the oldest."""
    for table in ("payment", "refund"):
        desk.query(
            f"UPDATE payment.{table} SET updated_at = updated_at"  # noqa: S608 -- two names
            " - CASE WHEN payment_id = %s THEN interval '2 minutes' ELSE interval '1 minute' END"
            + (", version = version + 1, cause = 'test'" if table == "payment" else ""),
            first.payment_id,
        )


async def sweep_around(desk: Desk, first: Payment, sweep: Callable[[], Awaitable[object]]) -> None:
    """A run in which ``first``, the oldest, fails; it is told that it did."""
    vendor = desk.vendor
    assert isinstance(vendor, StubbornVendor)
    vendor.silent = {first.intent_id or ""}
    age(desk, first)
    with pytest.raises(Unavailable, match="this one"):
        await sweep()
    vendor.silent = set()


def statuses(desk: Desk, purpose: Purpose) -> list[str]:
    rows = desk.query("SELECT status FROM payment.payment WHERE purpose = %s", purpose.value)
    return sorted(row["status"] for row in rows)


async def test_payments_behind_it_are_settled(desks: list[Desk]) -> None:
    desk = desks[0]
    payments = [await each.pay("pm_3ds") for each in desks]
    for payment in payments:
        desk.vendor.complete_action(payment.intent_id or "")
    await sweep_around(desk, payments[0], lambda: desk.tick(MINUTE))
    assert statuses(desk, Purpose.PREPAY) == ["CAPTURED", "CAPTURED", "REQUIRES_ACTION"]
    await desk.tick(MINUTE)
    assert statuses(desk, Purpose.PREPAY) == ["CAPTURED"] * 3


async def test_deposits_behind_it_are_captured(desks: list[Desk]) -> None:
    desk = desks[0]
    held = [await each.hold() for each in desks]
    desk.vendor.fail("capture", "lost_request", "lost_request", "lost_request")
    for each in desks:
        with pytest.raises(Unavailable):
            await each.capture()
    await sweep_around(desk, held[0], lambda: deposits.resolve(desk.vendor, desk.clock))
    assert statuses(desk, Purpose.DEPOSIT) == ["AUTHORIZED", "CAPTURED", "CAPTURED"]
    await desk.tend()
    assert statuses(desk, Purpose.DEPOSIT) == ["CAPTURED"] * 3


async def test_refunds_behind_it_are_given(desks: list[Desk]) -> None:
    desk = desks[0]
    payments = [await each.pay() for each in desks]
    desk.vendor.next_refund = RefundStatus.PENDING
    for each in desks:
        message = RefundRequestedV1(
            rental_id=each.rental_id,
            refund_number=1,
            amount=Money(amount=TOTAL, currency="BRL"),
            reason="cancelled",
        )
        await refunding.refund_payment(message, desk.vendor)
    for payment in payments:
        desk.vendor.finish_refund((payment.intent_id or "", 1), succeeds=True)
    await sweep_around(desk, payments[0], lambda: refunding.resolve_unsettled(desk.vendor))
    assert statuses(desk, Purpose.PREPAY) == ["CAPTURED", "REFUNDED", "REFUNDED"]
    age(desk, payments[0])
    await refunding.resolve_unsettled(desk.vendor)
    assert statuses(desk, Purpose.PREPAY) == ["REFUNDED"] * 3
    assert {each.status for each in desk.vendor.intents.values()} == {IntentStatus.SUCCEEDED}
