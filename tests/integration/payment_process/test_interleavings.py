"""Whatever happens in whatever order: at the end the ledger, the row and the answers agree.

The worker (``Pay``, ``cancel``), webhooks (``event``, ``Quarrel``), the renter (``act``, ``fail``),
an operator (``GiveBack``), the clock (``tick``, ``expire``), and a network that breaks (``Break``).
"""

import asyncio
from collections.abc import Awaitable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from payment_process import service
from payment_process.disputing import service as disputing
from payment_process.disputing.domain import MONEY_IS_GONE, Dispute, DisputeStatus
from payment_process.domain import IllegalTransition, IntentStatus
from payment_process.refunding import service as refunding
from shared.contracts.messages import RefundRequestedV1
from shared.contracts.money import Money
from shared.database import close_pools
from shared.errors import Unavailable
from tests.integration.payment_process.conftest import TOTAL, Desk
from tests.integration.payment_process.fake_vendor import Call, Crash, Fault

METHODS = ("pm_good", "pm_declined", "pm_3ds")
FAULTS: tuple[Fault, ...] = (
    "unavailable",
    "lost_request",
    "lost_answer",
    "crash_before",
    "crash_after",
)
CALLS: tuple[Call, ...] = ("create_intent", "confirm", "retrieve", "cancel")

COURSE = (
    DisputeStatus.WARNING_NEEDS_RESPONSE,
    DisputeStatus.WARNING_UNDER_REVIEW,
    DisputeStatus.NEEDS_RESPONSE,
    DisputeStatus.UNDER_REVIEW,
    DisputeStatus.WARNING_CLOSED,
    DisputeStatus.PREVENTED,
    DisputeStatus.WON,
    DisputeStatus.LOST,
)
ENDS_AT = 4


@dataclass(frozen=True)
class Pay:
    method: str
    attempt: int


@dataclass(frozen=True)
class Break:
    call: Call
    fault: Fault


@dataclass(frozen=True)
class Do:
    what: str


@dataclass(frozen=True)
class GiveBack:
    """An operator's favour. The number makes it happen once, however often it is delivered."""

    number: int


@dataclass(frozen=True)
class Quarrel:
    """What the bank says of a dispute at this moment."""

    status: DisputeStatus


ACTIONS = st.one_of(
    st.builds(Pay, st.sampled_from(METHODS), st.integers(1, 3)),
    st.builds(Break, st.sampled_from(CALLS), st.sampled_from(FAULTS)),
    st.builds(GiveBack, st.integers(1, 3)),
    st.builds(Quarrel, st.sampled_from(DisputeStatus)),
    st.sampled_from([Do("cancel"), Do("event"), Do("act"), Do("fail"), Do("tick"), Do("expire")]),
)
# Each inner list happens at once.
STORIES = st.lists(st.lists(ACTIONS, min_size=1, max_size=3), min_size=1, max_size=8)


async def _perform(desk: Desk, action: object, number: int) -> None:
    intents = list(desk.vendor.intents)
    match action:
        case Pay(method, attempt):
            await desk.pay(method, attempt)
        case Break(call, fault):
            desk.vendor.fail(call, fault)
        case Do("cancel"):
            await desk.cancel()
        case Do("event") if intents:
            await service.receive_event(
                f"{desk.rental_id}:{number}", "any", intents[-1], desk.vendor
            )
        case Do("act" | "fail" as result) if intents:
            _finish(desk, intents[-1], succeeds=result == "act")
        case GiveBack(refund_number) if desk.vendor.charged:
            await refunding.refund_payment(_favour(desk, refund_number), desk.vendor)
        case Quarrel(status) if intents and desk.vendor.charges[intents[-1]]:
            await _quarrel(desk, intents[-1], status, number)
        case Do("tick"):
            await desk.tick(31)
        case Do("expire"):
            await desk.tick(901)


def _finish(desk: Desk, intent_id: str, *, succeeds: bool) -> None:
    if desk.vendor.intents[intent_id].status is IntentStatus.REQUIRES_ACTION:
        desk.vendor.complete_action(intent_id, succeeds=succeeds)


async def _quarrel(desk: Desk, intent_id: str, status: DisputeStatus, number: int) -> None:
    """A bank goes forward only; its events come in any order."""
    known = desk.vendor.disputes.get("du_1")
    if known is None or COURSE.index(known.status) < min(COURSE.index(status), ENDS_AT):
        desk.vendor.disputes["du_1"] = _dispute(intent_id, status)
    event = (f"{desk.rental_id}:dispute:{number}", "charge.dispute.updated")
    await disputing.receive_event(event, "du_1", desk.vendor)


def _favour(desk: Desk, number: int) -> RefundRequestedV1:
    amount = Money(amount=TOTAL // 2 + 1, currency="BRL")  # two of them are more than was paid
    return RefundRequestedV1(
        rental_id=desk.rental_id, refund_number=number, amount=amount, reason="goodwill"
    )


def _dispute(intent_id: str, status: DisputeStatus) -> Dispute:
    return Dispute("du_1", intent_id, status, "fraudulent", TOTAL, "BRL", datetime.now(UTC))


async def _tell(database: str, story: list[list[object]]) -> Desk:
    desk = Desk(database)
    try:
        desk.query("DELETE FROM payment.outbox")
        desk.query("TRUNCATE payment.payment CASCADE")
        for number, together in enumerate(story):
            await asyncio.gather(*(_swallow(_perform(desk, action, number)) for action in together))
        desk.vendor.faults.clear()
        await _swallow(desk.cancel())
        for _ in range(3):
            await desk.tick(901)
        await refunding.resolve_unsettled(desk.vendor)
        for dispute in list(desk.vendor.disputes.values()):
            await disputing.record(dispute, "timer")
    finally:
        await close_pools()
    return desk


async def _swallow(doing: Awaitable[object]) -> None:
    """What the host does with a failed delivery: nothing now, another delivery later."""
    with suppress(Crash, Unavailable, IllegalTransition):
        await doing


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(STORIES)
def test_any_story_ends_charged_once_and_told_or_void(
    database: str, story: list[list[object]]
) -> None:
    desk = asyncio.run(_tell(database, story))
    row = desk.row()
    settled = [outcome for _, _, outcome, _ in desk.outcomes() if outcome in {"captured", "voided"}]
    assert desk.vendor.charged <= 1
    assert row["status"] == _expected(desk)
    assert row["refunded_minor"] == sum(desk.vendor.refunds.values()) <= row["captured_minor"]
    assert row["captured_minor"] == TOTAL * desk.vendor.charged
    assert settled == ["captured" if desk.vendor.charged else "voided"]
    for _, attempt, outcome, code in desk.outcomes():
        if outcome == "declined" and code == "processing_error":
            assert f"{row['payment_id']}:{attempt}" not in desk.vendor.keys, "it was made"
        elif outcome == "declined":
            assert code in {"insufficient_funds", "payment_intent_authentication_failure"}
    live = [i for i in desk.vendor.intents.values() if i.status is not IntentStatus.CANCELED]
    assert len(live) <= 1


def _expected(desk: Desk) -> str:
    """What the vendor's books say that the row must say."""
    if not desk.vendor.charged:
        return "VOIDED"
    if any(each.status in MONEY_IS_GONE for each in desk.vendor.disputes.values()):
        return "DISPUTED"
    returned = sum(desk.vendor.refunds.values())
    if returned == 0:
        return "CAPTURED"
    return "REFUNDED" if returned == TOTAL else "PARTIALLY_REFUNDED"
