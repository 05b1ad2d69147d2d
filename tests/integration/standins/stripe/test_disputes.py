"""Disputes: opened, answered, decided as Stripe's test mode decides, told by events."""

from pathlib import Path
from typing import Any

import pytest
from stripe import InvalidRequestError, StripeClient

from tests.integration.standins.stripe.conftest import Pay
from tests.integration.standins.vendor_check import assert_true_to_vendor


def answer(sdk: StripeClient, dispute_id: str, text: str) -> str:
    evidence: Any = {"uncategorized_text": text}
    return sdk.v1.disputes.update(dispute_id, {"evidence": evidence}).status


@pytest.mark.parametrize(
    ("text", "status", "moved"),
    [("winning_evidence", "won", [-12300, 12300]), ("losing_evidence", "lost", [-12300])],
)
def test_evidence_decides_and_a_won_dispute_gives_the_money_back(
    sdk: StripeClient, pay: Pay, endpoint: Any, recording: Path, text: str, status: str,
    moved: list[int],
) -> None:  # fmt: skip
    pay("pm_card_createDispute")
    [told] = endpoint.wait_for("charge.dispute.created")
    assert answer(sdk, told.data.object.id, text) == "under_review"
    [closed] = endpoint.wait_for("charge.dispute.closed")
    assert closed.data.object.status == status
    dispute = sdk.v1.disputes.retrieve(told.data.object.id)
    assert (dispute.status, dispute.evidence_details.submission_count) == (status, 1)
    assert [each.amount for each in dispute.balance_transactions] == moved
    with pytest.raises(InvalidRequestError):
        answer(sdk, dispute.id, text)
    assert_true_to_vendor(recording, exchanges=6)


def test_an_inquiry_takes_no_money_until_it_is_escalated(
    sdk: StripeClient, pay: Pay, endpoint: Any
) -> None:
    pay("pm_card_createDisputeInquiry")
    [told] = endpoint.wait_for("charge.dispute.created")
    assert told.data.object.status == "warning_needs_response"
    assert told.data.object.balance_transactions == []
    answer(sdk, told.data.object.id, "escalate_inquiry_evidence")
    endpoint.wait_for("charge.dispute.funds_withdrawn")
    found = sdk.v1.disputes.retrieve(told.data.object.id)
    assert (found.status, len(found.balance_transactions)) == ("needs_response", 1)


def test_giving_in_loses_at_once(sdk: StripeClient, pay: Pay, endpoint: Any) -> None:
    pay("pm_card_createDispute")
    [told] = endpoint.wait_for("charge.dispute.created")
    assert sdk.v1.disputes.close(told.data.object.id).status == "lost"
    endpoint.wait_for("charge.dispute.closed")
    with pytest.raises(InvalidRequestError):
        sdk.v1.disputes.close(told.data.object.id)


def test_staged_evidence_is_not_submitted(sdk: StripeClient, pay: Pay, endpoint: Any) -> None:
    pay("pm_card_createDispute")
    [told] = endpoint.wait_for("charge.dispute.created")
    staged = sdk.v1.disputes.update(
        told.data.object.id, {"evidence": {"customer_name": "Ana"}, "submit": False}
    )
    assert (staged.status, staged.evidence_details.has_evidence) == ("needs_response", True)
