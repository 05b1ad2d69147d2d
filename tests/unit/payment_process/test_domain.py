"""The payment's state machine: every status against everything that can be seen or asked."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any
from uuid import uuid4

import pytest

from payment_process import domain
from payment_process.domain import (
    CHARGED,
    LEGAL,
    UNDECIDED,
    IllegalTransition,
    Intent,
    IntentStatus,
    Payment,
    Status,
)
from shared.contracts.messages import PaymentMethod, PaymentRequestedV1, Purpose
from shared.contracts.money import Money

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
FINAL = {Status.VOIDED, Status.AUTH_EXPIRED}
IN_FLIGHT = {Status.PROCESSING, Status.UNKNOWN}


def payment(status: Status = Status.CREATED, **more: Any) -> Payment:
    values: dict[str, Any] = {
        "payment_id": uuid4(),
        "rental_id": uuid4(),
        "purpose": Purpose.PREPAY,
        "sequence": 1,
        "reference": "7K3MZQ2A",
        "status": status,
        "attempt": 1,
        "amount_minor": 1000,
        "currency": "BRL",
        "method": PaymentMethod.CARD,
        "payment_method_id": "pm_1",
        "off_session": False,
        "expires_at": NOW + timedelta(minutes=15),
        "traceparent": None,
        "intent_id": "pi_1",
        "captured_minor": 1000 if status in CHARGED else 0,
    }
    return Payment(**values | more)


def intent(status: IntentStatus, **more: Any) -> Intent:
    received = 1000 if status is IntentStatus.SUCCEEDED else 0
    return Intent("pi_1", status, received_minor=received, **more)


def request(attempt: int, amount_minor: int = 1000, currency: str = "BRL") -> PaymentRequestedV1:
    return PaymentRequestedV1(
        rental_id=uuid4(),
        reference="7K3MZQ2A",
        attempt=attempt,
        amount=Money(amount=amount_minor, currency=currency),
        method=PaymentMethod.CARD,
        payment_method_id="pm_2",
        expires_at=NOW + timedelta(minutes=15),
    )


def situations() -> list[tuple[Payment, Intent, int | None]]:
    """Every status, with and without a confirmation on its way, against every vendor's answer."""
    return [
        (payment(status, confirm_began_at=began_at), intent(seen), answered)
        for status, seen, answered in product(Status, IntentStatus, (None, 1))
        for began_at in ((None, NOW) if status in IN_FLIGHT else (None,))
    ]


@pytest.mark.parametrize(("before", "seen", "answered"), situations())
def test_whatever_is_seen_leads_only_along_legal_transitions(
    before: Payment, seen: Intent, answered: int | None
) -> None:
    if before.status in FINAL and seen.status is IntentStatus.SUCCEEDED:
        with pytest.raises(IllegalTransition):
            domain.observe(before, seen, answered_attempt=answered)
        return
    if before.status in CHARGED and seen.status is IntentStatus.CANCELED:
        with pytest.raises(IllegalTransition):
            domain.observe(before, seen, answered_attempt=answered)
        return
    after = domain.observe(before, seen, answered_attempt=answered)
    assert after.status is before.status or after.status in LEGAL[before.status]
    assert (after.captured_minor > 0) == (after.status in CHARGED)
    assert after.status in IN_FLIGHT or after.confirm_began_at is None
    assert domain.observe(after, seen, answered_attempt=answered) == after, "seen twice, done once"


@pytest.mark.parametrize("status", sorted(UNDECIDED))
def test_money_that_was_taken_is_always_recorded(status: Status) -> None:
    pending = NOW if status in IN_FLIGHT else None
    before = payment(status, confirm_began_at=pending)
    after = domain.observe(before, intent(IntentStatus.SUCCEEDED))
    assert (after.status, after.captured_minor) == (Status.CAPTURED, 1000)


@pytest.mark.parametrize("status", sorted(IN_FLIGHT))
@pytest.mark.parametrize(
    "seen",
    [
        IntentStatus.REQUIRES_PAYMENT_METHOD,
        IntentStatus.REQUIRES_CONFIRMATION,
        IntentStatus.REQUIRES_ACTION,
    ],
)
def test_unconfirmed_intent_says_nothing_about_a_confirmation_on_its_way(
    status: Status, seen: IntentStatus
) -> None:
    before = payment(status, confirm_began_at=NOW)
    assert domain.observe(before, intent(seen, decline_code="older")) == before


def test_answer_to_an_earlier_attempt_says_nothing_about_this_one() -> None:
    before = payment(Status.PROCESSING, attempt=2, confirm_began_at=NOW)
    declined = intent(IntentStatus.REQUIRES_PAYMENT_METHOD, decline_code="generic_decline")
    assert domain.observe(before, declined, answered_attempt=1) == before
    assert domain.observe(before, declined, answered_attempt=2).status is Status.DECLINED


def test_why_it_was_declined_is_kept_when_it_is_given_up() -> None:
    declined = payment(Status.DECLINED, decline_code="insufficient_funds")
    given_up = domain.observe(declined, intent(IntentStatus.CANCELED))
    assert (given_up.status, given_up.decline_code) == (Status.VOIDED, "insufficient_funds")
    left_lying = domain.observe(payment(Status.REQUIRES_ACTION), intent(IntentStatus.CANCELED))
    assert (left_lying.status, left_lying.decline_code) == (Status.VOIDED, None)


def test_another_payments_intent_is_refused() -> None:
    with pytest.raises(IllegalTransition):
        domain.observe(payment(), replace(intent(IntentStatus.SUCCEEDED), intent_id="pi_2"))


def test_unknown_outcome_is_left_only_by_what_the_vendor_says() -> None:
    unknown = payment(Status.UNKNOWN, confirm_began_at=NOW)
    assert domain.lose_sight(unknown) == unknown
    assert domain.request_cancel(unknown, NOW).status is Status.UNKNOWN
    with pytest.raises(IllegalTransition):
        domain.begin_attempt(unknown, request(2))


@pytest.mark.parametrize("status", sorted(Status))
def test_new_attempt_begins_only_after_a_decline_or_an_open_action(status: Status) -> None:
    before = payment(status)
    if status in domain.RETRYABLE:
        after = domain.begin_attempt(before, request(2))
        assert (after.status, after.attempt) == (Status.CREATED, 2)
        assert after.intent_id == before.intent_id
        assert after.payment_method_id == "pm_2"
    elif status in UNDECIDED:
        with pytest.raises(IllegalTransition):
            domain.begin_attempt(before, request(2))
    else:
        assert domain.begin_attempt(before, request(2)) == before


@pytest.mark.parametrize("status", sorted(Status))
def test_repeated_attempt_changes_nothing(status: Status) -> None:
    before = payment(status)
    assert domain.begin_attempt(before, request(1)) == before


@pytest.mark.parametrize("asked", [request(2, amount_minor=999), request(2, currency="USD")])
def test_attempt_may_not_change_the_amount(asked: PaymentRequestedV1) -> None:
    with pytest.raises(IllegalTransition):
        domain.begin_attempt(payment(Status.DECLINED), asked)


@pytest.mark.parametrize(
    ("more", "moment"),
    [
        ({}, NOW + timedelta(minutes=15)),
        ({"cancel_requested_at": NOW}, NOW),
        ({"expires_at": None}, NOW),
        ({"intent_id": "pi_other"}, NOW),
    ],
)
def test_confirmation_is_refused_after_the_hold_and_after_a_cancel(
    more: dict[str, Any], moment: datetime
) -> None:
    with pytest.raises(IllegalTransition):
        domain.begin_confirmation(payment(**more), "pi_1", moment)


def test_confirmation_is_written_down_before_it_is_sent() -> None:
    after = domain.begin_confirmation(payment(intent_id=None), "pi_1", NOW)
    assert (after.status, after.intent_id, after.confirm_began_at) == ("PROCESSING", "pi_1", NOW)


@pytest.mark.parametrize("status", sorted(Status))
def test_cancel_voids_at_once_only_what_has_no_intent(status: Status) -> None:
    with_intent = domain.request_cancel(payment(status), NOW)
    assert with_intent.status is status
    if status is Status.CREATED:
        without = domain.request_cancel(payment(status, intent_id=None), NOW)
        assert without.status is Status.VOIDED


@pytest.mark.parametrize(("asked", "expected"), [(None, Status.AUTH_EXPIRED), (NOW, Status.VOIDED)])
def test_authorisation_that_lapses_is_told_from_one_that_was_released(
    asked: datetime | None, expected: Status
) -> None:
    held = payment(Status.AUTHORIZED, cancel_requested_at=asked)
    assert domain.observe(held, intent(IntentStatus.CANCELED)).status is expected


def test_secrets_do_not_show_in_a_log() -> None:
    shown = repr(payment(client_secret="pi_1_secret_x", next_action={"url": "https://bank"}))
    assert "secret_x" not in shown
    assert "bank" not in shown


@pytest.mark.parametrize("end", [IntentStatus.SUCCEEDED, IntentStatus.CANCELED])
def test_client_secret_is_kept_only_while_the_renter_needs_it(end: IntentStatus) -> None:
    begun = payment(Status.PROCESSING, confirm_began_at=NOW)
    asked = intent(IntentStatus.REQUIRES_ACTION, client_secret="pi_1_secret", next_action={"a": 1})
    waiting = domain.observe(begun, asked, answered_attempt=1)
    assert waiting.client_secret == "pi_1_secret"
    ended = domain.observe(waiting, intent(end, client_secret="pi_1_secret"))
    assert (ended.client_secret, ended.next_action) == (None, None)
