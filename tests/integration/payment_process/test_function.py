"""The triggers: what comes from a queue is handled, comes again, or is kept for an operator."""

import json
from typing import Any

import azure.functions as func
import pytest
from pydantic import ValidationError

from payment_process import function, service
from payment_process.domain import IllegalTransition
from shared import database as pools
from shared.errors import Unavailable
from tests.integration.payment_process.conftest import Desk


class Message(func.QueueMessage):
    """A queue message as the worker hands it over."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    @property
    def id(self) -> str | None:
        return "message-1"

    @property
    def dequeue_count(self) -> int | None:
        return 1

    def get_body(self) -> bytes:
        return self._body


def trigger(builder: Any) -> Any:
    """The coroutine behind a registered function."""
    return builder._function.get_user_function()


@pytest.mark.parametrize(
    "change",
    [
        {"type": "payment_requested.v9"},
        {"amount": {"amount": 1.5, "currency": "BRL"}},
        {"amount": {"amount": 1, "currency": "real"}},
        {"rental_id": "not-a-uuid"},
        {"expires_at": "2026-01-01T00:00:00"},
        {"attempt": 0},
    ],
)
async def test_faulty_message_is_raised_and_leaves_no_trace(
    desk: Desk, change: dict[str, Any]
) -> None:
    body = json.loads(desk.request().model_dump_json()) | change
    with pytest.raises(ValidationError):
        await trigger(function.payment_process)(Message(json.dumps(body).encode()))
    assert desk.query("SELECT payment_id FROM payment.payment") == []


@pytest.mark.parametrize("body", [b"", b"nonsense", b"\xff\xfe", b"[]"])
async def test_unreadable_message_is_raised(body: bytes) -> None:
    with pytest.raises(ValidationError):
        await trigger(function.payment_process)(Message(body))


async def test_poison_message_is_kept_once_as_it_came(desk: Desk) -> None:
    for _ in range(2):
        await trigger(function.payment_process_poison)(Message(b'{"type": "nonsense"}'))
    kept = desk.query("SELECT queue, body FROM payment.dead_letter")
    assert kept == [{"queue": "payment-requests", "body": '{"type": "nonsense"}'}]


async def test_vendor_out_of_reach_raises_so_that_the_message_comes_again(desk: Desk) -> None:
    body = desk.request().model_dump_json().encode()
    with pytest.raises(Unavailable):
        await trigger(function.payment_process)(Message(body))
    assert desk.row()["status"] == "CREATED"


async def test_switched_off_payments_decline_without_asking_the_vendor(desk: Desk) -> None:
    await service.refuse_payment(desk.request(), "payments_off")
    assert desk.outcomes() == [("payment_settled.v1", 1, "declined", "payments_off")]
    await desk.deliver(desk.request())
    assert desk.vendor.calls.total() == 0
    await desk.pay(attempt=2)
    assert desk.row()["status"] == "CAPTURED"


async def test_one_contradictory_payment_does_not_hold_up_the_others(desk: Desk) -> None:
    await desk.pay("pm_3ds")
    other = Desk(desk.database, vendor=desk.vendor)
    payment = await other.pay("pm_3ds")
    desk.query(
        "UPDATE payment.payment SET intent_id = 'pi_other', version = version + 1"
        " WHERE rental_id = %s",
        desk.rental_id,
    )
    desk.vendor.intents["pi_other"] = desk.vendor.intents[payment.intent_id or ""]
    desk.vendor.complete_action(payment.intent_id or "")
    with pytest.raises(IllegalTransition, match="not its intent"):
        await other.tick(31)
    rows = desk.query("SELECT status FROM payment.payment ORDER BY status")
    assert [row["status"] for row in rows] == ["CAPTURED", "REQUIRES_ACTION"]


async def test_card_payment_takes_three_transactions(desk: Desk) -> None:
    """Row; intent and "being confirmed"; answer. The relay's delete, for many at once, is extra."""
    pool = await pools._get_pool("payment")
    before = pool.get_stats().get("requests_num", 0)
    await desk.pay(save_method=True)
    assert pool.get_stats()["requests_num"] - before == 3
