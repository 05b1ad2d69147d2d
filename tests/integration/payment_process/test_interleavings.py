"""Whatever happens in whatever order: at the end the ledger, the row and the answers agree."""

import asyncio
from collections.abc import Awaitable
from contextlib import suppress
from dataclasses import dataclass

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from payment_process import service
from payment_process.domain import IllegalTransition, IntentStatus
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


ACTIONS = st.one_of(
    st.builds(Pay, st.sampled_from(METHODS), st.integers(1, 3)),
    st.builds(Break, st.sampled_from(CALLS), st.sampled_from(FAULTS)),
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
            if desk.vendor.intents[intents[-1]].status is IntentStatus.REQUIRES_ACTION:
                desk.vendor.complete_action(intents[-1], succeeds=result == "act")
        case Do("tick"):
            await desk.tick(31)
        case Do("expire"):
            await desk.tick(901)


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
    assert row["status"] == ("CAPTURED" if desk.vendor.charged else "VOIDED")
    assert row["captured_minor"] == TOTAL * desk.vendor.charged
    assert settled == [row["status"].lower()]
    for _, attempt, outcome, code in desk.outcomes():
        if outcome == "declined" and code == "processing_error":
            assert f"{row['payment_id']}:{attempt}" not in desk.vendor.keys, "it was made"
        elif outcome == "declined":
            assert code in {"insufficient_funds", "payment_intent_authentication_failure"}
    live = [i for i in desk.vendor.intents.values() if i.status is not IntentStatus.CANCELED]
    assert len(live) <= 1
