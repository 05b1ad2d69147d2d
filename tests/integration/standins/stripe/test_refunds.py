"""Refunds and disputes: never more goes back than was taken."""

from collections.abc import Callable
from typing import Any

import pytest
from stripe import InvalidRequestError, StripeClient

Pay = Callable[..., Any]


def test_refunds_in_parts_until_nothing_is_left(
    sdk: StripeClient, pay: Pay, endpoint: Any, control: Any
) -> None:
    intent = pay()
    first = sdk.v1.refunds.create(
        {"payment_intent": intent.id, "amount": 2300, "reason": "requested_by_customer"}
    )
    assert (first.status, first.amount) == ("succeeded", 2300)
    with pytest.raises(InvalidRequestError) as over:
        sdk.v1.refunds.create({"payment_intent": intent.id, "amount": 10001})
    assert over.value.param == "amount"
    assert "greater than unrefunded amount" in str(over.value)
    rest = sdk.v1.refunds.create({"charge": intent.latest_charge}, {"idempotency_key": "rest"})
    assert rest.amount == 10000
    with pytest.raises(InvalidRequestError) as again:
        sdk.v1.refunds.create({"payment_intent": intent.id})
    assert again.value.code == "charge_already_refunded"
    charge = sdk.v1.charges.retrieve(intent.latest_charge)
    assert (charge.refunded, charge.amount_refunded) == (True, 12300)
    endpoint.wait_for("charge.refunded", 2)
    listed = sdk.v1.refunds.list({"payment_intent": intent.id}).data
    assert [refund.id for refund in listed] == [rest.id, first.id]
    assert control.ledger()["totals"][intent.id] == {
        "captured": 12300,
        "captured_charges": 1,
        "refunded": 12300,
    }


def test_only_what_was_captured_goes_back(sdk: StripeClient, pay: Pay) -> None:
    intent = pay(capture_method="manual")
    with pytest.raises(InvalidRequestError):
        sdk.v1.refunds.create({"payment_intent": intent.id})
    sdk.v1.payment_intents.capture(intent.id, {"amount_to_capture": 5000})
    with pytest.raises(InvalidRequestError):
        sdk.v1.refunds.create({"payment_intent": intent.id, "amount": 5001})
    assert sdk.v1.refunds.create({"payment_intent": intent.id}).amount == 5000


def test_declined_and_unpaid_intents_have_nothing_to_refund(sdk: StripeClient) -> None:
    intent = sdk.v1.payment_intents.create({"amount": 500, "currency": "brl"})
    with pytest.raises(InvalidRequestError) as refused:
        sdk.v1.refunds.create({"payment_intent": intent.id})
    assert refused.value.http_status == 400


def test_refund_may_fail_or_take_time(sdk: StripeClient, pay: Pay, endpoint: Any) -> None:
    bounced = sdk.v1.refunds.create({"payment_intent": pay("pm_card_refundFail").id})
    assert bounced.status == "succeeded"
    endpoint.wait_for("refund.failed")
    failed = sdk.v1.refunds.retrieve(bounced.id)
    assert (failed.status, failed.failure_reason) == ("failed", "expired_or_canceled_card")
    slow = sdk.v1.refunds.create({"payment_intent": pay("pm_card_pendingRefund").id})
    assert slow.status == "pending"
    [updated] = endpoint.wait_for("refund.updated")
    assert updated.data.object.status == "succeeded"


def test_pix_goes_back_later(sdk: StripeClient, pay: Pay, endpoint: Any, control: Any) -> None:
    intent = pay(None, payment_method_data={"type": "pix"})
    control.step(intent.id, "pay")
    endpoint.wait_for("payment_intent.succeeded")
    refund = sdk.v1.refunds.create({"payment_intent": intent.id})
    assert refund.status == "pending"
    assert refund.id.startswith("pyr_")
    endpoint.wait_for("refund.updated")


def test_disputed_charge_tells_and_cannot_be_refunded(
    sdk: StripeClient, pay: Pay, endpoint: Any
) -> None:
    intent = pay("pm_card_createDispute")
    [told] = endpoint.wait_for("charge.dispute.created")
    dispute = told.data.object
    assert (dispute.reason, dispute.amount) == ("fraudulent", 12300)
    assert dispute.payment_intent == intent.id
    assert sdk.v1.disputes.retrieve(dispute.id).status == "needs_response"
    with pytest.raises(InvalidRequestError) as refused:
        sdk.v1.refunds.create({"payment_intent": intent.id})
    assert refused.value.code == "charge_disputed"
