"""Which authorisation of a deposit is captured, renewed, tried again, given up."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from payment_process.announcements import announce
from payment_process.deposits import domain
from payment_process.domain import (
    Intent,
    IntentStatus,
    Payment,
    Status,
    observe,
    request_cancel,
)
from shared.contracts.messages import Purpose
from tests.unit.payment_process.test_domain import payment

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
HELD = 70_000


def held(**more: Any) -> Payment:
    return replace(
        payment(),
        payment_id=uuid4(),
        purpose=Purpose.DEPOSIT,
        status=Status.AUTHORIZED,
        amount_minor=HELD,
        intent_id="pi_1",
        customer_id="cus_1",
        payment_method_id="pm_1",
        capture_before=NOW + timedelta(hours=12),
        **more,
    )


def test_newest_that_stands_is_captured_and_what_was_begun_before_all() -> None:
    old, new = held(), held(renewal=1)
    assert domain.choose_captured([old, new], 1) is new
    begun = domain.begin_capture(old, 1)
    assert domain.choose_captured([begun, new], 1) is begun
    with pytest.raises(ValueError, match="another amount"):
        domain.choose_captured([begun, new], 2)


@pytest.mark.parametrize("status", sorted(set(Status) - {Status.AUTHORIZED}))
def test_nothing_but_an_authorisation_is_captured(status: Status) -> None:
    assert domain.choose_captured([replace(held(), status=status)], 1) is None


def test_what_is_given_up_is_not_captured_nor_the_other_way_round() -> None:
    given_up = request_cancel(held(), NOW)
    assert domain.begin_capture(given_up, 1) == given_up
    begun = domain.begin_capture(held(), 25_000)
    assert request_cancel(begun, NOW) == begun


@pytest.mark.parametrize("amount", [0, -1, HELD + 1])
def test_amount_outside_the_deposit_is_a_defect(amount: int) -> None:
    with pytest.raises(ValueError, match="not within"):
        domain.begin_capture(held(), amount)


def test_capture_is_recorded_with_what_was_received() -> None:
    begun = domain.begin_capture(held(), 25_000)
    waiting = Intent("pi_1", IntentStatus.REQUIRES_CAPTURE)
    assert observe(begun, waiting) == begun, "an older look changes nothing"
    captured = observe(begun, Intent("pi_1", IntentStatus.SUCCEEDED, received_minor=25_000))
    assert (captured.status, captured.captured_minor) == (Status.CAPTURED, 25_000)


def test_renewal_is_asked_of_the_kept_card_and_lives_until_the_old_one_lapses() -> None:
    old = held()
    renewed, renewal = domain.open_renewal(old)
    assert renewed.replaced_by == renewal.payment_id
    assert (renewal.status, renewal.renewal, renewal.intent_id) == (Status.CREATED, 1, None)
    assert (renewal.off_session, renewal.payment_method_id) == (True, "pm_1")
    assert renewal.expires_at == old.capture_before
    assert not domain.may_renew(renewed), "once"


@pytest.mark.parametrize(
    "lacking",
    [
        {"customer_id": None},
        {"payment_method_id": None},
        {"cancel_requested_at": NOW},
        {"capture_minor": 1},
        {"status": Status.AUTH_EXPIRED},
    ],
)
def test_what_has_no_kept_card_or_no_future_is_not_renewed(lacking: dict[str, Any]) -> None:
    assert domain.may_renew(held())
    assert not domain.may_renew(replace(held(), **lacking))


def test_declined_renewal_is_tried_three_times_and_not_after_its_end() -> None:
    _, renewal = domain.open_renewal(held())
    declined = replace(renewal, status=Status.DECLINED, intent_id="pi_2")
    again = domain.try_again(declined, NOW)
    assert (again.status, again.attempt) == (Status.CREATED, 2)
    assert domain.try_again(replace(declined, attempt=3), NOW).status is Status.DECLINED
    assert domain.try_again(declined, NOW + timedelta(days=1)) == declined


@pytest.mark.parametrize("status", Status)
def test_old_authorisation_goes_only_when_its_renewal_stands_or_has_ended(status: Status) -> None:
    renewed, renewal = domain.open_renewal(held())
    goes = domain.is_superseded(renewed, replace(renewal, status=status))
    waiting = {
        Status.CREATED, Status.PROCESSING, Status.UNKNOWN, Status.REQUIRES_ACTION, Status.DECLINED,
    }  # fmt: skip
    assert goes is (status not in waiting)


def test_end_of_what_was_replaced_is_nobodys_news_but_its_capture_is() -> None:
    renewed, _ = domain.open_renewal(held())
    assert announce(renewed, replace(renewed, status=Status.VOIDED)) == []
    assert announce(renewed, replace(renewed, status=Status.AUTH_EXPIRED)) == []
    taken = replace(renewed, status=Status.CAPTURED, captured_minor=1)
    assert len(announce(renewed, taken)) == 2, "the rental's answer, the renter's receipt"
