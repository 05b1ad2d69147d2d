"""Crashes and lost answers at every step: charged once, told once."""

import asyncio

import pytest

from payment_process.domain import Status
from tests.integration.payment_process.conftest import Desk
from tests.integration.payment_process.fake_vendor import Call, Crash, Fault

CAPTURED = [("payment_settled.v1", 1, "captured", None)]
CALLS: tuple[Call, ...] = ("create_intent", "confirm")
LOST: tuple[Fault, ...] = ("lost_request",) * 9
FAULTS: tuple[Fault, ...] = (
    "unavailable",
    "lost_request",
    "lost_answer",
    "crash_before",
    "crash_after",
)


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("call", CALLS)
async def test_fault_at_any_call_still_charges_once(desk: Desk, call: Call, fault: Fault) -> None:
    desk.vendor.fail(call, fault)
    await desk.deliver_until_taken(desk.request())
    assert desk.vendor.charged == 1
    assert desk.outcomes() == CAPTURED


@pytest.mark.parametrize("second", FAULTS)
@pytest.mark.parametrize("first", FAULTS)
async def test_two_faults_at_confirmation_still_charge_once(
    desk: Desk, first: Fault, second: Fault
) -> None:
    desk.vendor.fail("confirm", first, second)
    await desk.deliver_until_taken(desk.request())
    if desk.row()["status"] != "CAPTURED":
        await desk.tick(31)
    assert desk.vendor.charged == 1
    assert desk.outcomes() == CAPTURED


@pytest.mark.parametrize("fault", FAULTS)
async def test_declined_attempt_with_a_fault_is_told_once(desk: Desk, fault: Fault) -> None:
    desk.vendor.fail("confirm", fault)
    await desk.deliver_until_taken(desk.request("pm_declined"))
    assert desk.outcomes() == [("payment_settled.v1", 1, "declined", "insufficient_funds")]
    assert desk.emails() == [("payment_failed",)]


async def test_lost_answer_is_resolved_in_the_same_delivery(desk: Desk) -> None:
    desk.vendor.fail("confirm", "lost_answer")
    payment = await desk.pay()
    assert payment.status is Status.CAPTURED
    audit = desk.query("SELECT status FROM payment.payment_event ORDER BY event_number")
    assert [each["status"] for each in audit] == ["CREATED", "PROCESSING", "UNKNOWN", "CAPTURED"]


async def test_unknown_outcome_is_no_failure_and_is_left_by_retrieving(desk: Desk) -> None:
    desk.vendor.fail("confirm", "lost_answer").fail("retrieve", "unavailable")
    with pytest.raises(Exception, match="down"):
        await desk.pay()
    assert desk.row()["status"] == "UNKNOWN"
    assert desk.outcomes() == []
    await desk.tick(31)
    assert desk.outcomes() == CAPTURED
    assert desk.vendor.calls["confirm"] == 1


async def test_earlier_decline_is_not_taken_for_the_lost_answer_of_the_next(desk: Desk) -> None:
    await desk.pay("pm_declined")
    desk.vendor.fail("confirm", "crash_before")
    message = desk.request("pm_good", attempt=2)
    with pytest.raises(Crash):
        await desk.deliver(message)
    await desk.see(await desk.deliver(message))
    assert desk.outcomes()[1:] == [("payment_settled.v1", 2, "captured", None)]


async def test_confirmation_that_never_lands_lets_the_renter_try_again(desk: Desk) -> None:
    desk.vendor.fail("confirm", *LOST)
    await desk.pay()
    assert desk.row()["status"] == "UNKNOWN"
    await desk.tick(61)
    assert desk.outcomes() == [("payment_settled.v1", 1, "declined", "processing_error")]
    desk.vendor.fail("confirm")
    await desk.pay(attempt=2)
    assert desk.vendor.charged == 1


async def test_unknown_payment_of_an_ended_hold_is_canceled_not_confirmed(desk: Desk) -> None:
    desk.vendor.fail("confirm", *LOST)
    await desk.pay()
    calls = desk.vendor.calls["confirm"]
    await desk.tick(3600)
    assert desk.row()["status"] == "VOIDED"
    assert desk.vendor.calls["confirm"] == calls


async def test_message_delivered_many_times_at_once_charges_once(desk: Desk) -> None:
    message = desk.request()
    results = await asyncio.gather(
        *(desk.deliver(message) for _ in range(20)), return_exceptions=True
    )
    assert [r for r in results if isinstance(r, BaseException)] == []
    assert desk.vendor.charged == 1
    assert desk.outcomes() == CAPTURED
    assert len(desk.vendor.intents) == 1
