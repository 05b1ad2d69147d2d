"""A list that takes so many a minute gives each its turn: what waits for long keeps nobody back."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from payment_process import repository, service
from payment_process.deposits import service as deposits
from payment_process.disputing import service as disputing
from payment_process.disputing.domain import Dispute
from payment_process.disputing.domain import DisputeStatus as D
from payment_process.domain import Payment
from payment_process.reconciling import service as reconciling
from payment_process.reconciling.domain import Seen
from payment_process.refunding import service as refunding
from payment_process.refunding.domain import RefundStatus
from payment_process.unmatched import repository as unmatched
from shared.contracts.messages import RefundRequestedV1
from shared.contracts.money import Money
from shared.database import connect
from shared.errors import Unavailable
from tests.integration.payment_process.conftest import TOTAL, Desk
from tests.integration.payment_process.fake_vendor import FakeVendor, Fault

DAY = 86_400
MINUTE = 60
LOST: tuple[Fault, ...] = ("lost_request", "lost_request")


@pytest.fixture
def desks(another_desk: Callable[[], Desk]) -> list[Desk]:
    """Three rentals under one vendor; the first is the oldest."""
    vendor, desks = FakeVendor(), [another_desk() for _ in range(3)]
    for desk in desks:
        desk.vendor = vendor
        desk.vendor.clock = desk.clock
    return desks


def statuses(desks: list[Desk], purpose: str = "PREPAY") -> list[str]:
    rows = desks[0].query("SELECT rental_id, status, purpose FROM payment.payment ORDER BY renewal")
    found = {row["rental_id"]: row["status"] for row in rows if row["purpose"] == purpose}
    return [found[desk.rental_id] for desk in desks]


async def test_who_waits_for_the_renter_comes_after_who_waits_for_us(
    desks: list[Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "RESOLVE_LIMIT", 1)
    for desk in desks[:2]:
        await desk.pay("pm_3ds")
    desks[0].vendor.fail("confirm", *LOST)
    await desks[2].pay()
    assert statuses(desks) == ["REQUIRES_ACTION", "REQUIRES_ACTION", "UNKNOWN"]
    await desks[0].tick(MINUTE / 2)
    assert statuses(desks)[2] == "CAPTURED"


async def test_of_those_that_wait_each_is_looked_at_in_its_turn(
    desks: list[Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "RESOLVE_LIMIT", 1)
    payments = [await desk.pay("pm_3ds") for desk in desks]
    desks[0].vendor.complete_action(payments[2].intent_id or "")
    for _ in desks:
        await desks[0].tick(MINUTE)
    assert statuses(desks) == ["REQUIRES_ACTION", "REQUIRES_ACTION", "CAPTURED"]


async def test_a_look_is_no_change_and_any_other_change_needs_a_version(desk: Desk) -> None:
    await desk.pay("pm_3ds")
    await desk.tick(MINUTE)
    before = desk.query("SELECT count(*) FROM payment.payment_event")
    for _ in range(2):
        async with connect("payment") as connection:
            assert len(await repository.take_unsettled(connection, 30, 9)) == 1
    assert desk.query("SELECT count(*) FROM payment.payment_event") == before
    with pytest.raises(psycopg.errors.UniqueViolation, match="payment_event"):
        desk.query("UPDATE payment.payment SET looked_at = now(), intent_id = 'pi_else'")


async def test_refunds_that_take_weeks_keep_no_other_from_being_told(
    desks: list[Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refunding, "RESOLVE_LIMIT", 1)
    vendor = desks[0].vendor
    vendor.next_refund = RefundStatus.PENDING
    for desk in desks:
        payment = await desk.pay()
        await refunding.refund_payment(giving_back(desk), vendor)
    vendor.finish_refund((payment.intent_id or "", 1), succeeds=True)
    desks[0].query("UPDATE payment.refund SET updated_at = updated_at - interval '1 minute'")
    for _ in desks:
        await refunding.resolve_unsettled(vendor)
    assert statuses(desks) == ["CAPTURED", "CAPTURED", "REFUNDED"]


def giving_back(desk: Desk) -> RefundRequestedV1:
    amount = Money(amount=TOTAL, currency="BRL")
    return RefundRequestedV1(
        rental_id=desk.rental_id, refund_number=1, amount=amount, reason="cancelled"
    )


async def test_deposits_past_renewing_keep_no_other_from_being_renewed(
    desks: list[Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deposits, "LIMIT", 1)
    for desk in desks:
        await desk.hold()
    desks[0].query(
        "UPDATE payment.payment SET customer_id = NULL, version = version + 1,"
        " capture_before = capture_before - interval '1 hour'"
        " WHERE purpose = 'DEPOSIT' AND rental_id <> %s",
        desks[2].rental_id,
    )
    for desk in desks:
        desk.now += timedelta(days=6.5)
    for _ in desks:
        await desks[2].tend(MINUTE)
    assert desks[2].deposits().count(("VOIDED", 0)) == 1, "the renewal has taken its place"
    assert statuses(desks, "DEPOSIT") == ["AUTHORIZED"] * 3


@dataclass
class Bank:
    """Lists disputes; one of them cannot be read."""

    disputes: dict[str, Dispute] = field(default_factory=dict)
    unreadable: str = ""

    def say(self, dispute_id: str, payment: Payment, status: D) -> None:
        opened, total = datetime.now(UTC), payment.amount_minor
        dispute = Dispute(dispute_id, payment.intent_id, status, "general", total, "BRL", opened)
        self.disputes[dispute_id] = dispute

    async def retrieve_dispute(self, dispute_id: str) -> Dispute:
        if dispute_id == self.unreadable:
            raise ValueError("a status that nobody here has heard of")
        return self.disputes[dispute_id]

    async def list_disputes(self, opened_after: datetime) -> list[str]:
        found = self.disputes.values()
        return [each.dispute_id for each in found if each.opened_at > opened_after]


async def test_disputes_that_are_argued_for_months_keep_no_others_end_unknown(
    desks: list[Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disputing, "OPEN_LIMIT", 1)
    bank, later = Bank(), datetime.now(UTC) + timedelta(days=40)
    for number, desk in enumerate(desks):
        bank.say(f"du_{number}", await desk.pay(), D.NEEDS_RESPONSE)
    await disputing.look_around(bank, datetime.now(UTC))
    bank.disputes["du_2"] = replace(bank.disputes["du_2"], status=D.WON)
    for _ in desks:
        assert await disputing.look_around(bank, later) == 1
    assert statuses(desks) == ["DISPUTED", "DISPUTED", "CAPTURED"]


async def test_a_dispute_that_cannot_be_read_hides_no_other(desks: list[Desk]) -> None:
    bank = Bank(unreadable="du_0")
    for number, desk in enumerate(desks):
        bank.say(f"du_{number}", await desk.pay(), D.NEEDS_RESPONSE)
    with pytest.raises(ValueError, match="nobody here has heard of"):
        await disputing.look_around(bank, datetime.now(UTC))
    assert statuses(desks) == ["CAPTURED", "DISPUTED", "DISPUTED"]


@dataclass
class Silent:
    """Says how intents stand, but for one."""

    vendor: FakeVendor
    about: str

    async def look_up(self, intent_id: str) -> Seen | None:
        if intent_id == self.about:
            raise Unavailable("no answer about this one")
        return Seen(self.vendor.intents[intent_id], 0)


async def test_payments_that_cannot_be_compared_keep_no_other_from_being_compared(
    desks: list[Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reconciling, "LIMIT", 1)
    payments = [await desk.pay() for desk in desks]
    vendor = Silent(desks[0].vendor, payments[0].intent_id or "")
    with pytest.raises(Unavailable):
        await reconciling.compare_with_vendor(vendor, quiet_seconds=0)
    for _ in desks[1:]:
        assert await reconciling.compare_with_vendor(vendor, quiet_seconds=0) == 0
    rows = desks[0].query("SELECT payment_id FROM payment.vendor_check WHERE version > 0")
    assert {row["payment_id"] for row in rows} == {each.payment_id for each in payments[1:]}
    with pytest.raises(Unavailable):  # it comes again
        await reconciling.compare_with_vendor(vendor, quiet_seconds=0)


async def test_what_nobody_waits_for_is_looked_up_in_turns(desk: Desk) -> None:
    for number in range(3):
        made: list[Any] = [f"pi_{number}", uuid4(), uuid4(), desk.now]
        desk.query(
            "INSERT INTO payment.unmatched_intent (intent_id, rental_id, payment_id, made_at,"
            " status, currency) VALUES (%s, %s, %s, %s, 'succeeded', 'BRL')",
            *made,
        )
    taken = []
    for _ in range(3):
        async with connect("payment") as connection:
            taken += await unmatched.take_open(connection, 1)
    assert sorted(taken) == ["pi_0", "pi_1", "pi_2"]


async def test_events_are_forgotten_when_the_vendor_cannot_send_them_again(desk: Desk) -> None:
    desk.query(
        "INSERT INTO payment.webhook_event (event_id, type, received_at)"
        " SELECT 'evt_' || days, 'any', %s - days * interval '1 day' FROM"
        " generate_series(30, 40, 5) AS days",
        desk.now,
    )
    assert await service.forget_events(desk.now + timedelta(hours=1)) == 2
    assert desk.query("SELECT event_id FROM payment.webhook_event") == [{"event_id": "evt_30"}]
