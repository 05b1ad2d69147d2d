"""Who is told what, once, when a payment changes."""

import json
from typing import Any

import pytest

from payment_process.announcements import announce
from payment_process.domain import Status
from shared.contracts.messages import PaymentMethod, Purpose
from tests.unit.payment_process.test_domain import payment


def told(before: Status, after: Status, **more: Any) -> list[tuple[str, str]]:
    """Queue and outcome, template or type of each message."""
    found = []
    for envelope in announce(payment(before, **more), payment(after, **more)):
        body = json.loads(envelope.body)
        found.append((envelope.queue, body.get("outcome") or body.get("template") or body["type"]))
    return found


RESULT, EMAIL = "payment-results", "email-requests"
ACTION = (RESULT, "payment_action_required.v1")


@pytest.mark.parametrize(
    ("status", "purpose", "expected"),
    [
        (Status.CAPTURED, Purpose.PREPAY, [(RESULT, "captured")]),
        (Status.CAPTURED, Purpose.ADDITIONAL, [(RESULT, "captured"), (EMAIL, "payment_receipt")]),
        (Status.AUTHORIZED, Purpose.DEPOSIT, [(RESULT, "authorized")]),
        (Status.DECLINED, Purpose.PREPAY, [(RESULT, "declined"), (EMAIL, "payment_failed")]),
        (Status.DECLINED, Purpose.DEPOSIT, [(RESULT, "declined")]),
        (Status.VOIDED, Purpose.PREPAY, [(RESULT, "voided")]),
        (Status.UNKNOWN, Purpose.PREPAY, []),
        (Status.REQUIRES_ACTION, Purpose.PREPAY, [ACTION]),
    ],
)
def test_change_is_told_to_those_concerned(
    status: Status, purpose: Purpose, expected: list[tuple[str, str]]
) -> None:
    assert told(Status.PROCESSING, status, purpose=purpose) == expected


@pytest.mark.parametrize("method", [PaymentMethod.PIX, PaymentMethod.BOLETO])
def test_code_to_pay_with_later_is_mailed(method: PaymentMethod) -> None:
    found = told(Status.PROCESSING, Status.REQUIRES_ACTION, method=method)
    assert found == [ACTION, (EMAIL, "payment_action_required")]


@pytest.mark.parametrize("status", sorted(Status))
def test_unchanged_status_is_not_told_again(status: Status) -> None:
    assert told(status, status) == []


@pytest.mark.parametrize("status", [Status.PARTIALLY_REFUNDED, Status.REFUNDED, Status.DISPUTED])
def test_what_follows_a_charge_is_not_told_as_a_charge(status: Status) -> None:
    assert told(Status.CAPTURED, status) == []
    assert told(status, Status.CAPTURED) == []


def test_every_message_carries_the_trace_of_its_cause() -> None:
    parent = "00-" + "a" * 32 + "-" + "b" * 16 + "-01"
    declined = payment(Status.DECLINED, traceparent=parent, decline_code="lost_card")
    bodies = [json.loads(e.body) for e in announce(payment(Status.PROCESSING), declined)]
    assert {body["traceparent"] for body in bodies} == {parent}
    assert {body["decline_code"] for body in bodies} == {"lost_card"}
