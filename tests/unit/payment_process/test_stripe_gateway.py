"""Stripe's words into ours, without a socket."""

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
import stripe

from payment_process.domain import IntentStatus, UnknownOutcome
from payment_process.refunding.domain import RefundStatus
from payment_process.stripe_answers import intent_from, refund_from
from payment_process.stripe_requests import confirm_request, create_request
from payment_process.stripe_transport import _translated
from shared.contracts.messages import PaymentMethod, Purpose
from shared.errors import Unavailable
from shared.settings import Settings
from tests.plugins.environment import ENVIRONMENT
from tests.unit.payment_process.test_domain import payment


def settings() -> Settings:
    return Settings.model_validate(ENVIRONMENT)


def unreachable(cause: Exception) -> stripe.APIConnectionError:
    error: stripe.APIConnectionError = stripe.APIConnectionError("network")  # type: ignore[no-untyped-call]  # the SDK's own gap
    error.__cause__ = cause
    return error


SENT: list[stripe.StripeError] = [
    unreachable(httpx.ReadTimeout("")),
    unreachable(httpx.WriteTimeout("")),
    unreachable(httpx.RemoteProtocolError("")),
    unreachable(httpx.ReadError("")),
    stripe.APIError("busy", http_status=500),
    stripe.APIError("gateway", http_status=502),
    stripe.APIError("in progress", http_status=409),
    stripe.IdempotencyError("parameters", http_status=400),
]
NOT_DONE: list[stripe.StripeError] = [
    unreachable(httpx.ConnectError("")),
    unreachable(httpx.ConnectTimeout("")),
    unreachable(httpx.PoolTimeout("")),
    stripe.RateLimitError("slow down", http_status=429),
    stripe.AuthenticationError("key", http_status=401),
    stripe.PermissionError("key", http_status=403),
]


@pytest.mark.parametrize("error", SENT, ids=repr)
def test_confirmation_that_may_have_arrived_is_unknown(error: stripe.StripeError) -> None:
    assert isinstance(_translated(error, moves_money=True), UnknownOutcome)


@pytest.mark.parametrize("error", NOT_DONE, ids=repr)
def test_confirmation_that_was_not_done_may_be_repeated(error: stripe.StripeError) -> None:
    assert isinstance(_translated(error, moves_money=True), Unavailable)


@pytest.mark.parametrize("error", SENT + NOT_DONE, ids=repr)
def test_call_that_moves_no_money_has_no_unknown_outcome(error: stripe.StripeError) -> None:
    assert isinstance(_translated(error, moves_money=False), Unavailable)


@pytest.mark.parametrize("status", sorted(IntentStatus))
def test_every_status_of_stripe_is_understood(status: str) -> None:
    assert intent_from({"id": "pi_1", "status": status}).status == status


def test_reason_of_a_decline_is_the_banks_before_stripes() -> None:
    failure = {"code": "card_declined", "decline_code": "lost_card"}
    data = {"id": "pi_1", "status": "requires_payment_method", "last_payment_error": failure}
    assert intent_from(data).decline_code == "lost_card"


def test_authorisation_tells_until_when_it_holds() -> None:
    card = {"capture_before": 1_800_000_000}
    data: dict[str, Any] = {
        "id": "pi_1",
        "status": "requires_capture",
        "latest_charge": {"payment_method_details": {"card": card}},
    }
    assert intent_from(data).capture_before == datetime.fromtimestamp(1_800_000_000, UTC)


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("succeeded", RefundStatus.SUCCEEDED),
        ("pending", RefundStatus.PENDING),
        ("requires_action", RefundStatus.PENDING),
        ("failed", RefundStatus.FAILED),
        ("canceled", RefundStatus.FAILED),
    ],
)
def test_every_refund_status_is_understood(status: str, expected: RefundStatus) -> None:
    assert refund_from({"id": "re_1", "status": status}).status is expected


@pytest.mark.parametrize("method", list(PaymentMethod))
def test_repeated_request_is_the_same_to_the_letter(method: PaymentMethod) -> None:
    row = payment(method=method)
    assert create_request(row) == create_request(row)
    assert confirm_request(row, settings()) == confirm_request(row, settings())


def test_deposit_is_authorised_and_not_captured() -> None:
    assert create_request(payment(purpose=Purpose.DEPOSIT))["capture_method"] == "manual"
    assert create_request(payment())["capture_method"] == "automatic"


def test_intent_names_the_rental_and_nobody() -> None:
    row = payment()
    metadata = create_request(row)["metadata"]
    assert metadata["rental_id"] == str(row.rental_id)
    assert metadata["payment_id"] == str(row.payment_id)
    assert "traceparent" in metadata


def test_renter_comes_back_to_the_rental_from_three_d_secure() -> None:
    params = confirm_request(payment(), settings())
    assert params["return_url"] == "http://localhost:7071/rentals/7K3MZQ2A"


def test_off_session_charge_asks_nobody() -> None:
    params = confirm_request(payment(off_session=True), settings())
    assert params["off_session"] is True
    assert params["return_url"], "Stripe asks for it all the same"


def test_payment_method_types_are_never_sent() -> None:
    """Stripe removed the parameter in 2026-09-30.endive and answers 400."""
    row = payment()
    sent = create_request(row).keys() | confirm_request(row, settings()).keys()
    assert "payment_method_types" not in sent


def test_nothing_asks_stripe_for_instalments() -> None:
    card = payment(method=PaymentMethod.CARD)
    assert "installments" not in f"{create_request(card)} {confirm_request(card, settings())}"
