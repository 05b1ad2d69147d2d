"""Pix and boleto: what the payer sees, and what becomes of the payment."""

import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from stripe import InvalidRequestError, StripeClient

from infra.local.standins.stripe.vouchers import crc16

Pay = Callable[..., Any]
PIX: Any = {"payment_method_data": {"type": "pix"}}
BOLETO: Any = {
    "payment_method_data": {
        "type": "boleto",
        "boleto": {"tax_id": "111.444.777-35"},
        "billing_details": {
            "name": "Ana Souza",
            "email": "ana@example.com",
            "address": {
                "line1": "Rua A, 1",
                "city": "São Paulo",
                "state": "SP",
                "postal_code": "01001-000",
                "country": "BR",
            },
        },
    }
}


def test_pix_shows_a_valid_code_and_is_paid_on_its_page(
    sdk: StripeClient, pay: Pay, endpoint: Any
) -> None:
    intent = pay(None, payment_method_options={"pix": {"expires_after_seconds": 3600}}, **PIX)
    assert intent.status == "requires_action"
    shown = intent.next_action.pix_display_qr_code
    assert 3590 <= shown.expires_at - time.time() <= 3600
    assert shown.data.startswith("000201")
    assert shown.data[-4:] == f"{crc16(shown.data[:-4].encode()):04X}"
    assert "5406123.00" in shown.data
    assert httpx.get(shown.image_url_svg).headers["content-type"] == "image/svg+xml"
    assert httpx.get(shown.image_url_png).content.startswith(b"\x89PNG")
    page = httpx.get(shown.hosted_instructions_url)
    assert shown.data in page.text
    assert httpx.post(shown.hosted_instructions_url, data={"answer": "pay"}).status_code == 200
    endpoint.wait_for("payment_intent.succeeded")
    assert endpoint.types() == [
        "payment_intent.created",
        "payment_intent.requires_action",
        "charge.pending",
        "payment_intent.processing",
        "charge.succeeded",
        "payment_intent.succeeded",
    ]
    paid = sdk.v1.payment_intents.retrieve(intent.id)
    assert (paid.status, paid.amount_received) == ("succeeded", 12300)
    assert str(paid.latest_charge).startswith("py_")


def test_pix_expires_by_itself_and_the_intent_can_be_paid_otherwise(
    sdk: StripeClient, pay: Pay, endpoint: Any, control: Any
) -> None:
    intent = pay(None, **PIX)
    control.step(intent.id, "expire")
    endpoint.wait_for("payment_intent.payment_failed")
    expired: Any = sdk.v1.payment_intents.retrieve(intent.id)
    assert expired.status == "requires_payment_method"
    assert expired.last_payment_error.code == "payment_intent_payment_attempt_expired"
    paid = sdk.v1.payment_intents.confirm(intent.id, {"payment_method": "pm_card_visa"})
    assert paid.status == "succeeded"


def test_processing_payment_cannot_be_canceled(
    options: dict[str, Any], request: pytest.FixtureRequest
) -> None:
    options["settle_seconds"] = 30
    pay, control = request.getfixturevalue("pay"), request.getfixturevalue("control")
    intent = pay(None, **PIX)
    assert control.step(intent.id, "pay")["status"] == "processing"
    sdk: StripeClient = request.getfixturevalue("sdk")
    with pytest.raises(InvalidRequestError) as refused:
        sdk.v1.payment_intents.cancel(intent.id)
    assert refused.value.code == "payment_intent_unexpected_state"


def test_canceled_pix_cannot_be_paid(sdk: StripeClient, pay: Pay) -> None:
    intent = pay(None, **PIX)
    sdk.v1.payment_intents.cancel(intent.id)
    page = intent.next_action.pix_display_qr_code.hosted_instructions_url
    assert httpx.post(page, data={"answer": "pay"}).status_code == 410
    assert sdk.v1.payment_intents.retrieve(intent.id).status == "canceled"


def test_boleto_has_a_number_a_page_and_a_pdf(
    sdk: StripeClient, pay: Pay, endpoint: Any, control: Any
) -> None:
    intent = pay(None, payment_method_options={"boleto": {"expires_after_days": 2}}, **BOLETO)
    shown = intent.next_action.boleto_display_details
    assert len(shown.number) == 47
    assert shown.number.endswith("0000012300")
    assert 86_400 < shown.expires_at - time.time() < 3 * 86_400
    assert httpx.get(shown.pdf).content.startswith(b"%PDF")
    assert shown.number in httpx.get(shown.hosted_voucher_url).text
    control.step(intent.id, "pay")
    endpoint.wait_for("payment_intent.succeeded")
    charge: Any = sdk.v1.charges.list({"payment_intent": intent.id}).data[0]
    assert charge.payment_method_details.boleto.tax_id == "111.444.777-35"


@pytest.mark.parametrize(
    ("params", "param"),
    [
        ({**PIX, "currency": "usd"}, "payment_method"),
        ({**PIX, "capture_method": "manual"}, "payment_method"),
        ({**PIX, "allowed_payment_method_types": ["card"]}, "payment_method"),
        ({**PIX, "off_session": True}, "off_session"),
        (
            {**PIX, "payment_method_options": {"pix": {"expires_after_seconds": 5}}},
            "payment_method_options[pix][expires_after_seconds]",
        ),
        (
            {"payment_method_data": {"type": "boleto", "boleto": {"tax_id": "111"}}},
            "boleto[tax_id]",
        ),
        (
            {"payment_method_data": {"type": "boleto", "boleto": {"tax_id": "11144477735"}}},
            "payment_method_data[billing_details][email]",
        ),
    ],
)
def test_voucher_that_stripe_would_refuse_is_refused(
    sdk: StripeClient, pay: Pay, params: Any, param: str
) -> None:
    with pytest.raises(InvalidRequestError) as refused:
        pay(None, **params)
    assert refused.value.param == param
    assert sdk.v1.payment_intents.list().data == []
