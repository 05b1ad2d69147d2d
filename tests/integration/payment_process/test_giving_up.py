"""Cancels: before, during and after the charge; and what the vendor's events may change."""

import asyncio

import pytest

from payment_process import service
from payment_process.domain import Status
from shared.errors import Unavailable
from tests.integration.payment_process.conftest import Desk
from tests.integration.payment_process.fake_vendor import Crash

CAPTURED = ("payment_settled.v1", 1, "captured", None)


async def test_cancel_that_overtakes_its_request_leaves_a_tombstone(desk: Desk) -> None:
    await desk.cancel()
    await desk.pay()
    assert desk.row()["status"] == "VOIDED"
    assert desk.vendor.calls.total() == 0
    assert desk.outcomes() == [("payment_settled.v1", 0, "voided", None)]


async def test_cancel_after_decline_makes_the_intent_unpayable(desk: Desk) -> None:
    payment = await desk.pay("pm_declined")
    await desk.cancel()
    assert desk.vendor.intents[payment.intent_id or ""].status == "canceled"
    assert desk.outcomes()[-1] == ("payment_settled.v1", 1, "voided", None)
    await desk.pay(attempt=2)
    assert desk.vendor.charged == 0


async def test_cancel_after_capture_changes_nothing(desk: Desk) -> None:
    await desk.pay()
    await desk.cancel()
    assert desk.outcomes() == [CAPTURED]


async def test_cancel_that_finds_a_paid_intent_tells_of_the_late_success(desk: Desk) -> None:
    payment = await desk.pay("pm_3ds")
    desk.vendor.complete_action(payment.intent_id or "")
    await desk.cancel()
    assert desk.outcomes()[-1] == CAPTURED


async def test_cancel_while_vendor_is_down_forbids_new_attempts_and_comes_back(desk: Desk) -> None:
    await desk.pay("pm_declined")
    desk.vendor.fail("cancel", "unavailable")
    with pytest.raises(Unavailable):
        await desk.cancel()
    await desk.pay(attempt=2)
    assert desk.vendor.charged == 0
    assert desk.row()["status"] == "VOIDED"


async def test_cancel_and_request_at_once_end_paid_or_void(desk: Desk) -> None:
    message = desk.request()
    results = await asyncio.gather(desk.deliver(message), desk.cancel(), return_exceptions=True)
    assert [r for r in results if isinstance(r, BaseException)] == []
    expected = {"CAPTURED": 1, "VOIDED": 0}
    assert desk.vendor.charged == expected[desk.row()["status"]]
    assert len(desk.outcomes()) == 1


async def test_event_has_its_effect_once(desk: Desk) -> None:
    payment = await desk.pay("pm_3ds")
    desk.vendor.complete_action(payment.intent_id or "")
    for _ in range(3):
        await desk.see(payment, "evt_same")
    assert desk.outcomes()[1:] == [CAPTURED]
    assert desk.vendor.calls["retrieve"] == 1


async def test_event_before_the_answer_is_recorded_announces_once(desk: Desk) -> None:
    message = desk.request()
    desk.vendor.fail("confirm", "crash_after")
    with pytest.raises(Crash):
        await desk.deliver(message)
    (intent_id,) = desk.vendor.intents
    await service.receive_event("evt_1", "payment_intent.succeeded", intent_id, desk.vendor)
    assert desk.outcomes() == [CAPTURED]
    await desk.deliver(message)
    assert desk.outcomes() == [CAPTURED]


async def test_events_of_unknown_intents_have_no_effect(desk: Desk) -> None:
    payment = await desk.pay("pm_3ds")
    await service.receive_event("evt_1", "payment_intent.succeeded", "pi_else", desk.vendor)
    assert desk.row()["status"] == payment.status
    assert desk.vendor.calls["retrieve"] == 0


async def test_lost_event_is_made_up_by_the_timer(desk: Desk) -> None:
    payment = await desk.pay("pm_3ds")
    desk.vendor.complete_action(payment.intent_id or "")
    await desk.tick(31)
    assert desk.row()["status"] == Status.CAPTURED
