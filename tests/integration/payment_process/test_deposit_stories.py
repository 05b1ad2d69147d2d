"""Whatever befalls a deposit in whatever order: it is taken once or not at all, and nothing stays.

The renter's bank is asked at the end: no authorisation is left open, and what was captured is what
was asked for, from one intent, and what the rental was told.
"""

import asyncio
from contextlib import suppress
from dataclasses import dataclass

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from payment_process import service
from payment_process.domain import IllegalTransition, IntentStatus
from shared.database import close_pools
from shared.errors import Unavailable
from tests.integration.payment_process.conftest import Desk
from tests.integration.payment_process.fake_vendor import Call, Crash, Fault

TAKEN = 25_000
HOUR, DAY = 3_600, 86_400
CALLS: tuple[Call, ...] = ("create_intent", "confirm", "capture", "retrieve", "cancel")
FAULTS: tuple[Fault, ...] = (
    "unavailable", "lost_request", "lost_answer", "crash_before", "crash_after",
)  # fmt: skip


@dataclass(frozen=True)
class Break:
    call: Call
    fault: Fault


# What may be done to a deposit beside its one end, which RentProcess asks for once.
ACTIONS = st.one_of(
    st.builds(Break, st.sampled_from(CALLS), st.sampled_from(FAULTS)),
    st.sampled_from(["ask", "event", "lapse", "hour", "days", "hand_over"]),
)
STORIES = st.lists(st.lists(ACTIONS, min_size=1, max_size=3), min_size=1, max_size=6)


async def _perform(desk: Desk, action: object, number: int, ending: str) -> None:
    held = [i for i in desk.vendor.intents.values() if i.status is IntentStatus.REQUIRES_CAPTURE]
    match action:
        case Break(call, fault):
            desk.vendor.fail(call, fault)
        case "ask":
            await desk.authorise()
        case "event" if desk.vendor.intents:
            name = list(desk.vendor.intents)[-1]
            await service.receive_event(f"{desk.rental_id}:{number}", "any", name, desk.vendor)
        case "lapse" if held:
            desk.vendor.lapse(held[0].intent_id)
        case "hour" | "days":
            await desk.tick(31)
            await desk.tend(HOUR if action == "hour" else 6.5 * DAY)
        case "hand_over":
            await _end(desk, ending)


async def _end(desk: Desk, ending: str) -> None:
    await (desk.capture(TAKEN) if ending == "capture" else desk.release())


async def _tell(database: str, story: list[list[object]], ending: str, *, held: bool) -> Desk:
    desk = Desk(database)
    try:
        desk.query("DELETE FROM payment.outbox")
        desk.query("TRUNCATE payment.payment CASCADE")
        await desk.pay(save_method=True)
        if held:
            await desk.authorise()
        for number, together in enumerate(story):
            await asyncio.gather(
                *(_swallow(_perform(desk, action, number, ending)) for action in together)
            )
        desk.vendor.faults.clear()
        for _ in range(2):
            with suppress(LookupError, Unavailable):
                await _end(desk, ending)
            await desk.tick(901)
            await desk.tend()
        desk.query("UPDATE payment.payment SET expires_at = now(), version = version + 1")
        for _ in range(2):
            await desk.tick(901)
            await desk.tend()
    finally:
        await close_pools()
    return desk


async def _swallow(doing: object) -> None:
    """What the host does with a failed delivery: nothing now, another delivery later."""
    with suppress(Crash, Unavailable, IllegalTransition, LookupError):
        await doing  # type: ignore[misc]  # every action is a coroutine


@settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(story=STORIES, ending=st.sampled_from(["capture", "release"]), held=st.booleans())
def test_any_story_of_a_deposit_ends_taken_once_or_released_and_told(
    database: str, story: list[list[object]], ending: str, *, held: bool
) -> None:
    desk = asyncio.run(_tell(database, story, ending, held=held))
    taken = [amount for status, amount in desk.deposits() if status == "CAPTURED"]
    at_vendor = [i.received_minor for i in desk.vendor.intents.values() if i.received_minor][1:]
    assert at_vendor == taken
    assert taken in ([], [TAKEN])
    if ending == "release":
        assert taken == []
    still = [i for i in desk.vendor.intents.values() if i.status is IntentStatus.REQUIRES_CAPTURE]
    assert still == [], "an authorisation was left open"
    ends = [(outcome, amount) for outcome, amount in desk.told() if outcome != "authorized"]
    ends = [end for end in ends if end[0] != "declined"]
    assert ends.count(("captured", TAKEN)) == len(taken)
    assert len(ends) <= 1 + len(taken)
