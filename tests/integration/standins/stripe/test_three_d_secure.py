"""3-D Secure: the bank's page, what it leads to, and payments while the renter is away."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from stripe import CardError, StripeClient

Pay = Callable[..., Any]
BACK: Any = {"return_url": "https://rental.example/back?r=1"}
REDIRECTS: Any = {**BACK, "automatic_payment_methods": {"enabled": True}}


def challenge(intent: Any) -> str:
    assert intent.status == "requires_action"
    assert intent.next_action.type == "redirect_to_url"
    return str(intent.next_action.redirect_to_url.url)


def answer(page: str, choice: str) -> httpx.Response:
    return httpx.post(page, data={"answer": choice})


def test_completed_challenge_pays_and_leads_back(
    sdk: StripeClient, pay: Pay, endpoint: Any
) -> None:
    intent = pay("pm_card_threeDSecure2Required", **REDIRECTS)
    assert intent.latest_charge is None
    page = challenge(intent)
    shown = httpx.get(page)
    assert shown.headers["content-type"].startswith("text/html")
    assert "Complete" in shown.text
    assert "123.00 BRL" in shown.text
    back = answer(page, "complete")
    assert back.status_code == 303
    target = urlsplit(back.headers["location"])
    assert target.netloc == "rental.example"
    told = parse_qs(target.query)
    assert told["r"] == ["1"]
    assert told["payment_intent"] == [intent.id]
    assert told["payment_intent_client_secret"] == [intent.client_secret]
    assert told["redirect_status"] == ["succeeded"]
    paid = sdk.v1.payment_intents.retrieve(intent.id, {"expand": ["latest_charge"]})
    assert paid.status == "succeeded"
    charge: Any = paid.latest_charge
    assert charge.payment_method_details.card.three_d_secure.result == "authenticated"
    endpoint.wait_for("payment_intent.succeeded")
    assert endpoint.types()[1] == "payment_intent.requires_action"
    assert answer(page, "complete").status_code == 410
    assert httpx.get(page).status_code == 410


def test_failed_challenge_leaves_the_intent_to_another_card(
    sdk: StripeClient, pay: Pay, endpoint: Any
) -> None:
    intent = pay("pm_card_threeDSecure2Required", **REDIRECTS)
    back = answer(challenge(intent), "fail")
    assert "redirect_status=failed" in back.headers["location"]
    failed = sdk.v1.payment_intents.retrieve(intent.id)
    assert failed.status == "requires_payment_method"
    error: Any = failed.last_payment_error
    assert error.code == "payment_intent_authentication_failure"
    endpoint.wait_for("payment_intent.payment_failed")
    assert sdk.v1.payment_intents.confirm(intent.id, {"payment_method": "pm_card_visa"}).status == (
        "succeeded"
    )


def test_authenticated_card_may_still_be_declined(sdk: StripeClient, pay: Pay) -> None:
    intent = pay("pm_card_threeDSecureRequiredChargeDeclined", **REDIRECTS)
    back = answer(challenge(intent), "complete")
    assert "redirect_status=failed" in back.headers["location"]
    failed: Any = sdk.v1.payment_intents.retrieve(intent.id)
    assert failed.last_payment_error.code == "card_declined"


def test_without_return_url_the_script_shows_the_page(pay: Pay, sdk: StripeClient) -> None:
    intent = pay("pm_card_threeDSecure2Required")
    assert intent.next_action.type == "use_stripe_sdk"
    page = intent.next_action.use_stripe_sdk.stripe_js
    done = answer(page, "complete")
    assert done.status_code == 200
    assert "postMessage" in done.text
    assert sdk.v1.payment_intents.retrieve(intent.id).status == "succeeded"


def test_manual_confirmation_is_confirmed_again_by_the_server(pay: Pay, sdk: StripeClient) -> None:
    intent = pay("pm_card_threeDSecure2Required", confirmation_method="manual", **REDIRECTS)
    answer(challenge(intent), "complete")
    waiting = sdk.v1.payment_intents.retrieve(intent.id)
    assert waiting.status == "requires_confirmation"
    assert sdk.v1.payment_intents.confirm(intent.id).status == "succeeded"


def test_canceled_intent_closes_its_page(pay: Pay, sdk: StripeClient) -> None:
    intent = pay("pm_card_threeDSecure2Required", **REDIRECTS)
    sdk.v1.payment_intents.cancel(intent.id)
    assert answer(challenge(intent), "complete").status_code == 410
    assert sdk.v1.payment_intents.retrieve(intent.id).status == "canceled"


def test_authorisation_survives_the_challenge(pay: Pay, sdk: StripeClient) -> None:
    intent = pay("pm_card_threeDSecure2Required", capture_method="manual", **REDIRECTS)
    answer(challenge(intent), "complete")
    assert sdk.v1.payment_intents.retrieve(intent.id).status == "requires_capture"


@pytest.mark.parametrize(
    "method", ["pm_card_authenticationRequired", "pm_card_authenticationRequiredOnSetup"]
)
def test_card_that_wants_its_holder_is_declined_off_session(
    sdk: StripeClient, pay: Pay, method: str
) -> None:
    customer = sdk.v1.customers.create({"email": "ana@example.com"}).id
    saved = sdk.v1.payment_methods.attach(method, {"customer": customer}).id
    with pytest.raises(CardError) as refused:
        pay(saved, customer=customer, off_session=True)
    error: Any = refused.value.error
    assert error.code == "authentication_required"
    assert error.payment_intent.status == "requires_payment_method"
    assert error.payment_method.id == saved


def test_card_set_up_once_pays_off_session(sdk: StripeClient, pay: Pay) -> None:
    customer = sdk.v1.customers.create({"email": "ana@example.com"}).id
    first = pay(
        "pm_card_authenticationRequiredOnSetup",
        customer=customer,
        setup_future_usage="off_session",
        **REDIRECTS,
    )
    answer(challenge(first), "complete")
    card = sdk.v1.payment_intents.retrieve(first.id).payment_method
    later = pay(card, customer=customer, off_session=True)
    assert later.status == "succeeded"
    assert [each.id for each in sdk.v1.customers.payment_methods.list(customer).data] == [card]


def test_error_on_requires_action_declines_instead(pay: Pay) -> None:
    with pytest.raises(CardError) as refused:
        pay("pm_card_threeDSecure2Required", error_on_requires_action=True)
    assert refused.value.code == "authentication_required"
