"""Paying by card: create, confirm, decline, capture, cancel, and the events of each."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from stripe import CardError, InvalidRequestError, StripeClient

NEVER_REDIRECTS: Any = {"enabled": True, "allow_redirects": "never"}
Pay = Callable[..., Any]


def test_intent_is_created_unconfirmed_then_confirmed(sdk: StripeClient, endpoint: Any) -> None:
    intent = sdk.v1.payment_intents.create(
        {
            "amount": 12300,
            "currency": "brl",
            "automatic_payment_methods": NEVER_REDIRECTS,
            "description": "Rental R-1",
            "receipt_email": "ana@example.com",
            "metadata": {"rental": "R-1"},
        }
    )
    assert intent.status == "requires_payment_method"
    assert intent.capture_method == "automatic_async"
    assert intent.payment_method_types == ["boleto", "card", "pix"]
    intent = sdk.v1.payment_intents.confirm(intent.id, {"payment_method": "pm_card_visa"})
    assert intent.status == "succeeded"
    assert intent.amount_received == 12300
    endpoint.wait_for("charge.updated")
    assert endpoint.types() == [
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.succeeded",
        "charge.updated",
    ]
    read = sdk.v1.payment_intents.retrieve(
        intent.id, {"expand": ["latest_charge.balance_transaction", "payment_method"]}
    )
    charge: Any = read.latest_charge
    assert charge.captured
    assert charge.balance_transaction.amount == 12300
    assert charge.metadata["rental"] == "R-1"


def test_intent_with_a_method_waits_for_confirmation(sdk: StripeClient) -> None:
    intent = sdk.v1.payment_intents.create(
        {"amount": 500, "currency": "brl", "payment_method": "pm_card_visa"}
    )
    assert intent.status == "requires_confirmation"
    done = sdk.v1.payment_intents.confirm(intent.id, {"return_url": "https://example.com/back"})
    assert done.status == "succeeded"


DECLINES = [
    ("pm_card_chargeDeclined", "card_declined", "generic_decline"),
    ("pm_card_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds"),
    ("pm_card_chargeDeclinedLostCard", "card_declined", "lost_card"),
    ("pm_card_chargeDeclinedExpiredCard", "expired_card", None),
    ("pm_card_chargeDeclinedIncorrectCvc", "incorrect_cvc", None),
    ("pm_card_chargeDeclinedProcessingError", "processing_error", None),
    ("pm_card_radarBlock", "card_declined", "fraudulent"),
]


@pytest.mark.parametrize(("method", "code", "decline_code"), DECLINES)
def test_declined_card_is_a_402_and_the_intent_waits_for_another(
    sdk: StripeClient, endpoint: Any, method: str, code: str, decline_code: str | None
) -> None:
    intent = sdk.v1.payment_intents.create(
        {"amount": 12300, "currency": "brl", "automatic_payment_methods": NEVER_REDIRECTS}
    )
    with pytest.raises(CardError) as refused:
        sdk.v1.payment_intents.confirm(intent.id, {"payment_method": method})
    error: Any = refused.value.error
    assert (error.code, error.decline_code) == (code, decline_code)
    assert refused.value.http_status == 402
    assert error.payment_intent.status == "requires_payment_method"
    assert error.payment_intent.payment_method is None
    assert error.payment_intent.last_payment_error.code == code
    charge = sdk.v1.charges.retrieve(error.charge)
    assert (charge.status, charge.paid, charge.failure_code) == ("failed", False, code)
    endpoint.wait_for("payment_intent.payment_failed")
    assert endpoint.types()[1:] == ["charge.failed", "payment_intent.payment_failed"]
    again = sdk.v1.payment_intents.confirm(intent.id, {"payment_method": "pm_card_mastercard"})
    assert again.status == "succeeded"
    assert again.last_payment_error is None


def test_authorisation_is_captured_partly_and_the_rest_released(
    sdk: StripeClient, pay: Pay, endpoint: Any
) -> None:
    intent = pay(capture_method="manual")
    assert (intent.status, intent.amount_capturable) == ("requires_capture", 12300)
    charge: Any = sdk.v1.charges.retrieve(intent.latest_charge)
    assert not charge.captured
    assert charge.payment_method_details.card.capture_before > charge.created + 6 * 86_400
    with pytest.raises(InvalidRequestError) as refused:
        sdk.v1.payment_intents.capture(intent.id, {"amount_to_capture": 12301})
    assert refused.value.code == "amount_too_large"
    done = sdk.v1.payment_intents.capture(intent.id, {"amount_to_capture": 10000})
    assert (done.status, done.amount_capturable, done.amount_received) == ("succeeded", 0, 10000)
    endpoint.wait_for("payment_intent.succeeded")
    assert endpoint.types() == [
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.amount_capturable_updated",
        "charge.captured",
        "payment_intent.succeeded",
    ]
    with pytest.raises(InvalidRequestError) as twice:
        sdk.v1.payment_intents.capture(intent.id)
    assert twice.value.code == "payment_intent_unexpected_state"


def test_canceled_authorisation_goes_back_and_cannot_be_captured(
    sdk: StripeClient, pay: Pay
) -> None:
    intent = pay(capture_method="manual")
    done = sdk.v1.payment_intents.cancel(
        intent.id, {"cancellation_reason": "requested_by_customer"}
    )
    assert (done.status, done.amount_capturable) == ("canceled", 0)
    assert done.canceled_at
    charge = sdk.v1.charges.retrieve(intent.latest_charge)
    assert (charge.refunded, charge.amount_refunded) == (True, 12300)
    for call in (sdk.v1.payment_intents.capture, sdk.v1.payment_intents.confirm):
        with pytest.raises(InvalidRequestError) as refused:
            call(intent.id)
        assert refused.value.code == "payment_intent_unexpected_state"
        error: Any = refused.value.error
        assert error.payment_intent.status == "canceled"


def test_lapsed_authorisation_is_canceled_by_stripe(pay: Pay, control: Any, endpoint: Any) -> None:
    intent = pay(capture_method="manual")
    lapsed = control.step(intent.id, "expire")
    assert (lapsed["status"], lapsed["cancellation_reason"]) == ("canceled", "automatic")
    endpoint.wait_for("payment_intent.canceled")
    assert "charge.expired" in endpoint.types()


def test_succeeded_intent_is_final(sdk: StripeClient, pay: Pay) -> None:
    intent = pay()
    for call in (sdk.v1.payment_intents.confirm, sdk.v1.payment_intents.cancel):
        with pytest.raises(InvalidRequestError) as refused:
            call(intent.id)
        assert refused.value.code == "payment_intent_unexpected_state"
    with pytest.raises(InvalidRequestError):
        sdk.v1.payment_intents.update(intent.id, {"amount": 1})
    described = sdk.v1.payment_intents.update(intent.id, {"description": "later"})
    assert described.description == "later"


def test_amount_may_change_until_it_is_paid(sdk: StripeClient) -> None:
    intent = sdk.v1.payment_intents.create(
        {"amount": 500, "currency": "brl", "automatic_payment_methods": NEVER_REDIRECTS}
    )
    sdk.v1.payment_intents.update(intent.id, {"amount": 700, "payment_method": "pm_card_visa"})
    paid = sdk.v1.payment_intents.confirm(intent.id)
    assert paid.amount_received == 700


def test_method_pays_once_unless_attached(sdk: StripeClient, pay: Pay) -> None:
    used = pay().payment_method
    with pytest.raises(InvalidRequestError) as refused:
        pay(used)
    assert refused.value.param == "payment_method"


@pytest.mark.parametrize(
    ("method", "asked", "days", "status"),
    [
        ("pm_card_visa", True, 30, "enabled"),
        ("pm_card_visa", False, 7, "disabled"),
        ("pm_card_jcb", True, 7, "disabled"),
    ],
)
def test_authorisation_holds_longer_where_it_is_asked_for_and_offered(
    sdk: StripeClient, pay: Pay, *, method: str, asked: bool, days: int, status: str
) -> None:
    options = {"request_extended_authorization": "if_available"} if asked else {}
    held = pay(method, capture_method="manual", payment_method_options={"card": options})
    charge: Any = sdk.v1.charges.retrieve(held.latest_charge)
    card = charge.payment_method_details.card
    assert card.extended_authorization.status == status
    assert card.capture_before == pytest.approx(time.time() + days * 86_400, abs=60)
