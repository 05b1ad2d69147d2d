"""The parameters of Stripe's calls, each a function of the payment's row alone.

An idempotency key is good only with the parameters that it was first used with: what is sent
again after a crash must be the same, so nothing here reads a clock.
"""

from typing import Any

from payment_process.domain import Payment
from payment_process.payer.domain import Payer
from payment_process.refunding.domain import Refund
from shared.contracts.messages import PaymentMethod, Purpose
from shared.settings import Settings

DAY_SECONDS = 86_400
# A boleto is good until the end of its last day, and its money is told one working day later: over
# a weekend that is three days, which the hold has to outlast.
CLEARING_DAYS = 3


def create_request(payment: Payment) -> Any:
    """An intent without a method: it moves no money until it is confirmed."""
    customer = {"customer": payment.customer_id} if payment.customer_id else {}
    return customer | {
        "amount": payment.amount_minor,
        "currency": payment.currency.lower(),
        "allowed_payment_method_types": _methods(payment),
        "capture_method": "manual" if payment.purpose is Purpose.DEPOSIT else "automatic",
        "metadata": {
            "rental_id": str(payment.rental_id),
            "payment_id": str(payment.payment_id),
            "purpose": payment.purpose.value,
            "reference": payment.reference or "",
            "traceparent": payment.traceparent or "",
        },
    }


def confirm_request(payment: Payment, settings: Settings, payer: Payer | None = None) -> Any:
    """The attempt's own method; where to come back to from 3-D Secure; a boleto's payer."""
    params: dict[str, Any] = {
        "allowed_payment_method_types": _methods(payment),
        # Stripe asks for it also where nobody is there to be sent anywhere.
        "return_url": f"{settings.public_base_url}/rentals/{payment.reference}",
    }
    if payment.off_session:
        params["off_session"] = True
    if payment.purpose is Purpose.DEPOSIT:
        params["expand"] = ["latest_charge"]
    return params | _method(payment, settings, payer)


def _payer(payer: Payer | None) -> dict[str, Any]:
    """Name, e-mail, address and tax id are required (docs.stripe.com/payments/boleto)."""
    if payer is None:
        return {}
    billing = {"name": payer.name, "email": payer.email, "address": payer.address}
    found: dict[str, Any] = {"billing_details": billing}
    if payer.tax_id is not None:
        found["boleto"] = {"tax_id": payer.tax_id}
    return found


def capture_request(payment: Payment) -> Any:
    """A part of what is authorised or all of it; Stripe releases the rest."""
    return {"amount_to_capture": payment.capture_minor}


def customer_request(payment: Payment) -> Any:
    """Whom the card is kept under: a rental, and no word about who rents."""
    return {"metadata": {"rental_id": str(payment.rental_id)}}


def cancel_options() -> Any:
    return {"cancellation_reason": "abandoned"}


def refund_request(payment: Payment, refund: Refund) -> Any:
    return {
        "payment_intent": payment.intent_id,
        "amount": refund.amount_minor,
        "reason": "requested_by_customer",
        "metadata": {
            "payment_id": str(payment.payment_id),
            "rental_id": str(payment.rental_id),
            "refund_number": str(refund.refund_number),
            "traceparent": refund.traceparent or "",
        },
    }


def _methods(payment: Payment) -> list[str]:
    return [(payment.method or PaymentMethod.CARD).value]


def _method(payment: Payment, settings: Settings, payer: Payer | None) -> dict[str, Any]:
    if payment.method is PaymentMethod.PIX and payment.expires_at is not None:
        # The code dies with the hold.
        expires_at = int(payment.expires_at.timestamp())
        return {
            "payment_method_data": {"type": "pix"},
            "payment_method_options": {"pix": {"expires_at": expires_at}},
        }
    if payment.method is PaymentMethod.BOLETO:
        days = max(0, settings.hold_boleto_seconds // DAY_SECONDS - CLEARING_DAYS)
        return {
            "payment_method_data": {"type": "boleto", **_payer(payer)},
            "payment_method_options": {"boleto": {"expires_after_days": days}},
        }
    return {"payment_method": payment.payment_method_id} | _card_options(payment)


def _card_options(payment: Payment) -> dict[str, Any]:
    """On the card alone: Pix and boleto, which a retry may choose, cannot be kept."""
    card: dict[str, Any] = {}
    if payment.customer_id and payment.save_method and not payment.off_session:
        card["setup_future_usage"] = "off_session"
    if payment.purpose is Purpose.DEPOSIT:
        card["request_extended_authorization"] = "if_available"
    return {"payment_method_options": {"card": card}} if card else {}
