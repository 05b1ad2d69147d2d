"""Events reach the endpoint signed, again after a refusal, and out of order when asked."""

import time
from collections.abc import Callable
from typing import Any

from stripe import StripeClient

Pay = Callable[..., Any]


def test_event_names_its_request_and_is_settled_when_taken(
    sdk: StripeClient, pay: Pay, endpoint: Any
) -> None:
    intent = pay()
    [event] = endpoint.wait_for("payment_intent.succeeded")
    assert event.data.object.id == intent.id
    assert event.api_version == "2026-10-28.endive"
    assert event.request.id.startswith("req_")
    assert event.request.idempotency_key
    assert event.pending_webhooks == 1
    read = sdk.v1.events.retrieve(event.id)
    assert read.type == event.type
    deadline = time.monotonic() + 2
    while sdk.v1.events.retrieve(event.id).pending_webhooks and time.monotonic() < deadline:
        time.sleep(0.01)
    assert sdk.v1.events.retrieve(event.id).pending_webhooks == 0
    named = sdk.v1.events.list({"type": "payment_intent.*"}).data
    assert {each.type for each in named} == {"payment_intent.created", "payment_intent.succeeded"}


def test_refused_delivery_is_tried_again(pay: Pay, endpoint: Any) -> None:
    endpoint.answers = [500, 503, 404, 500]
    pay()
    endpoint.wait_for("payment_intent.succeeded")
    endpoint.wait_for("payment_intent.created")
    endpoint.wait_for("charge.succeeded")


def test_endpoint_that_never_takes_is_given_up(
    options: dict[str, Any], request: Any, endpoint: Any
) -> None:
    options.update(webhook_attempts=2, webhook_retry_seconds=0.01)
    sdk, control = request.getfixturevalue("sdk"), request.getfixturevalue("control")
    endpoint.answers = [500] * 2
    sdk.v1.customers.create({"email": "ana@example.com"})
    deadline = time.monotonic() + 3
    while not control.webhooks(mode="deliver")["failed"] and time.monotonic() < deadline:
        time.sleep(0.01)
    assert control.webhooks(mode="deliver")["failed"] == 1
    assert endpoint.events == []


def test_held_events_come_when_released(pay: Pay, endpoint: Any, control: Any) -> None:
    control.webhooks(mode="hold")
    pay()
    time.sleep(0.1)
    assert endpoint.events == []
    assert control.webhooks(mode="deliver")["mode"] == "deliver"
    endpoint.wait_for("payment_intent.succeeded")


def test_duplicates_carry_the_same_id(pay: Pay, endpoint: Any, control: Any) -> None:
    control.webhooks(mode="duplicate")
    pay()
    first, second = endpoint.wait_for("payment_intent.succeeded", 2)
    assert first.id == second.id
    control.webhooks(mode="deliver")
    control.webhooks(resend=first.id)
    endpoint.wait_for("payment_intent.succeeded", 3)


def test_reordered_events_come_backwards(pay: Pay, endpoint: Any, control: Any) -> None:
    control.webhooks(mode="reorder")
    pay()
    endpoint.wait_for("payment_intent.created")
    types = endpoint.types()
    assert types.index("payment_intent.succeeded") < types.index("payment_intent.created")
