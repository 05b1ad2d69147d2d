"""Whatever befalls a deposit in whatever order: it is taken once or not at all, and nothing stays.

The renter's bank is asked at the end, and so is whoever was told. What must have happened is
worked out from what the rental had been told and what the bank held when the story's end was asked
for the last time, not from what the code under test wrote down.
"""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Literal

from hypothesis import HealthCheck, event, example, given, settings
from hypothesis import strategies as st

from payment_process import service
from payment_process.domain import IntentStatus
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
Ending = Literal["capture", "release"]


@dataclass(frozen=True)
class Break:
    call: Call
    fault: Fault


# What may be done to a deposit beside its one end, which RentProcess asks for once.
ACTIONS = st.one_of(
    st.builds(Break, st.sampled_from(CALLS), st.sampled_from(FAULTS)),
    st.sampled_from(["ask", "event", "lapse", "hour", "days", "hand_over"]),
)
Story = list[list[Any]]
INTERRUPTED_RENEWAL: Story = [[Break("confirm", "crash_before")], ["days"], ["hand_over"]]
STORIES = st.lists(st.lists(ACTIONS, min_size=1, max_size=3), min_size=1, max_size=6)


@dataclass(frozen=True)
class End:
    """How a story ended, and what the last try of its end had to work with."""

    desk: Desk
    stood: bool  # the rental had been told so last, and the bank held it
    charged_before: bool
    held: int  # authorisations at the bank, when nothing failed any more


def _at_bank(desk: Desk, status: IntentStatus) -> list[str]:
    return [each.intent_id for each in desk.vendor.intents.values() if each.status is status]


async def _perform(desk: Desk, action: object, number: int, ending: Ending) -> None:
    held = _at_bank(desk, IntentStatus.REQUIRES_CAPTURE)
    match action:
        case Break(call, fault):
            desk.vendor.fail(call, fault)
        case "ask":
            await desk.authorise()
        case "event" if desk.vendor.intents:
            name = list(desk.vendor.intents)[-1]
            await service.receive_event(f"{desk.rental_id}:{number}", "any", name, desk.vendor)
        case "lapse" if held:
            desk.vendor.lapse(held[0])
        case "hour" | "days":
            await desk.tick(31)
            await desk.tend(HOUR if action == "hour" else 6.5 * DAY)
        case "hand_over":
            await _end(desk, ending)


async def _end(desk: Desk, ending: Ending) -> None:
    await (desk.capture(TAKEN) if ending == "capture" else desk.release())


async def _tell(database: str, story: Story, ending: Ending, *, held: bool) -> End:
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
        return await _bring_to_its_end(desk, ending)
    finally:
        await close_pools()


async def _bring_to_its_end(desk: Desk, ending: Ending) -> End:
    """No faults any more: what was sent is delivered until it is taken, and the timer runs."""
    await desk.deliver_until_taken(desk.deposit_request())
    for _ in range(2):
        await desk.tick(31)
        await desk.tend()
    held = len(_at_bank(desk, IntentStatus.REQUIRES_CAPTURE))
    told = [outcome for outcome, _ in desk.told()]
    stood = told[-1:] == ["authorized"] and held > 0
    charged_before = desk.vendor.charged > 1
    for _ in range(2):
        with suppress(Unavailable):  # not authorised yet: it comes again
            await _end(desk, ending)
        await desk.tick(901)
        await desk.tend()
    desk.query("UPDATE payment.payment SET expires_at = now(), version = version + 1")
    for _ in range(2):
        await desk.tick(901)
        await desk.tend()
    return End(desk, stood, charged_before, held)


async def _swallow(doing: Coroutine[Any, Any, None]) -> None:
    """What the host does with a failed delivery: nothing now, another delivery later.

    A capture that overtakes its deposit finds none. What contradicts itself is not swallowed.
    """
    with suppress(Crash, Unavailable, LookupError):
        await doing


@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(story=STORIES, ending=st.sampled_from(["capture", "release"]), held=st.booleans())
@example(story=[["event"]], ending="capture", held=True)
@example(story=[["hand_over"]], ending="release", held=False)
@example(story=[["days"], ["hand_over"]], ending="capture", held=True)
@example(story=INTERRUPTED_RENEWAL, ending="capture", held=True)
@example(story=INTERRUPTED_RENEWAL, ending="release", held=True)
@example(story=[[Break("capture", "crash_after")], ["hand_over"]], ending="capture", held=True)
@example(story=[[Break("capture", "lost_request")], ["hand_over"]], ending="capture", held=True)
@example(story=[[Break("cancel", "lost_answer")], ["days"]], ending="capture", held=True)
@example(story=[["lapse"], ["event"]], ending="capture", held=True)
def test_any_story_of_a_deposit_ends_taken_once_or_released_and_told(
    database: str, story: Story, ending: Ending, *, held: bool
) -> None:
    end = asyncio.run(_tell(database, story, ending, held=held))
    desk = end.desk
    must_be_taken = ending == "capture" and (end.stood or end.charged_before)
    event(f"{ending}, {'taken' if must_be_taken else 'not taken'}")
    expected = [TAKEN] if must_be_taken else []
    statuses = [status for status, _ in desk.deposits()]
    assert end.held <= 1, "the bank held what had been renewed, too"
    assert [amount for status, amount in desk.deposits() if status == "CAPTURED"] == expected
    assert set(statuses) <= {"CAPTURED", "VOIDED", "AUTH_EXPIRED"}, "a payment was left open"
    assert _taken_at_bank(desk) == expected
    assert desk.vendor.charged == 1 + len(expected), "the price once, the deposit once at most"
    assert _at_bank(desk, IntentStatus.REQUIRES_CAPTURE) == [], "an authorisation was left open"
    ends = [told for told in desk.told() if told[0] not in {"authorized", "declined"}]
    assert ends == ([("captured", TAKEN)] if expected else [("voided", 0)])
    assert desk.emails() == [("payment_receipt",)] * len(expected)


def _taken_at_bank(desk: Desk) -> list[int]:
    """Of the deposit: the price was paid before it, by the first intent."""
    return [each.received_minor for each in desk.vendor.intents.values() if each.received_minor][1:]
