"""What a dispute does to its payment, in every state of both."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from payment_process.disputing.domain import MONEY_IS_GONE, OPEN, Dispute, is_news, weigh
from payment_process.disputing.domain import DisputeStatus as D
from payment_process.domain import CHARGED, LEGAL, Status
from payment_process.stripe_answers import dispute_from
from tests.unit.payment_process.test_domain import payment

CAPTURED = payment(Status.CAPTURED)
AT = datetime(2026, 11, 22, 10, tzinfo=UTC)


def seen(status: D) -> Dispute:
    return Dispute("du_1", "pi_1", status, "fraudulent", 1000, "BRL", AT)


@pytest.mark.parametrize("status", list(D))
def test_only_a_dispute_that_took_the_money_disputes_the_payment(status: D) -> None:
    after = weigh(CAPTURED, [status], 0).status
    assert after is (Status.DISPUTED if status in MONEY_IS_GONE else Status.CAPTURED)


@pytest.mark.parametrize(
    ("settled", "status"),
    [(0, Status.CAPTURED), (400, Status.PARTIALLY_REFUNDED), (1000, Status.REFUNDED)],
)
def test_a_dispute_that_is_won_leaves_the_payment_as_its_refunds_say(
    settled: int, status: Status
) -> None:
    disputed = replace(CAPTURED, status=Status.DISPUTED)
    assert weigh(disputed, [D.WON], settled).status is status


def test_one_of_two_disputes_that_is_lost_keeps_the_payment_disputed() -> None:
    assert weigh(CAPTURED, [D.WON, D.LOST], 0).status is Status.DISPUTED


@pytest.mark.parametrize("status", sorted(set(Status) - CHARGED))
def test_a_payment_that_is_not_charged_cannot_be_disputed(status: Status) -> None:
    other = replace(CAPTURED, status=status)
    assert weigh(other, [D.LOST], 0) == other


def test_every_change_that_a_dispute_makes_is_legal() -> None:
    for before in CHARGED:
        for status in D:
            for settled in (0, 400, 1000):
                after = weigh(replace(CAPTURED, status=before), [status], settled).status
                assert after is before or after in LEGAL[before]


@pytest.mark.parametrize(
    ("recorded", "status", "news"),
    [
        (None, D.WARNING_CLOSED, True),
        (D.NEEDS_RESPONSE, D.UNDER_REVIEW, True),
        (D.UNDER_REVIEW, D.NEEDS_RESPONSE, False),
        (D.WARNING_UNDER_REVIEW, D.NEEDS_RESPONSE, True),
        (D.LOST, D.UNDER_REVIEW, False),
        (D.LOST, D.WON, True),
        (D.WON, D.WON, False),
    ],
)
def test_what_was_read_before_what_is_recorded_is_no_news(
    recorded: D | None, status: D, *, news: bool
) -> None:
    assert is_news(recorded, seen(status)) is news


def test_every_word_of_stripes_is_read() -> None:
    data = {
        "id": "du_1",
        "payment_intent": "pi_1",
        "reason": "fraudulent",
        "amount": 1000,
        "currency": "brl",
        "created": int(AT.timestamp()),
        "evidence_details": {"due_by": int(AT.timestamp()) + 60},
    }
    for status in D:
        found = dispute_from(data | {"status": status.value})
        assert replace(found, evidence_due_at=None) == seen(status)
        assert found.evidence_due_at is not None
    assert dispute_from(data | {"status": "won", "evidence_details": None}).evidence_due_at is None
    assert OPEN | {D.WON, D.LOST, D.PREVENTED, D.WARNING_CLOSED} == set(D)
