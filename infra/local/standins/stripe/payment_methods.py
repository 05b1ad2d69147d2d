"""Cards, Pix and boleto as payment methods: made, listed, attached and detached."""

import re
import time

from stdnum.br import cnpj, cpf

from infra.local.standins.stripe import shapes
from infra.local.standins.stripe.cards import BY_NUMBER, CARDS, TestCard, passes_luhn
from infra.local.standins.stripe.errors import Json, StripeError, invalid, missing
from infra.local.standins.stripe.ledger import merge_metadata
from infra.local.standins.stripe.vendor import Stripe

TEST_ID = re.compile(r"(?:pm_card|tok)_(\w+)")
REUSED = (
    "This PaymentMethod was previously used without being attached to a Customer or was detached "
    "from a Customer, and may not be used again."
)


def create(stripe: Stripe, params: Json) -> Json:
    if params["type"] == "card":
        sent = params.get("card")
        if sent is None:
            raise missing("card")
        card = _sent_card(stripe, sent)
        return _add_card(stripe, card, params, sent)
    return add_other(stripe, params)


def add_other(stripe: Stripe, params: Json) -> Json:
    """A Pix or boleto method; ``payment_method_data`` of an intent comes here too."""
    kind = params["type"]
    method = shapes.payment_method(kind, params.get("billing_details"))
    if kind == "boleto":
        tax_id = params.get("boleto", {}).get("tax_id")
        if tax_id is None:
            raise missing("boleto[tax_id]")
        if not (cpf.is_valid(tax_id) or cnpj.is_valid(tax_id)):
            raise invalid("Invalid Brazilian tax ID", "boleto[tax_id]", "tax_id_invalid")
        method["boleto"] = {"tax_id": tax_id}
    else:
        method["pix"] = {}
    return _store(stripe, method, params)


def use(stripe: Stripe, name: str) -> Json:
    """The method of that id; a documented test id makes a new one of its card."""
    known = TEST_ID.fullmatch(name)
    card = CARDS.get(known[1]) if known and name.startswith("pm_card_") else None
    if card is None:
        return stripe.ledger.method(name)
    return _add_card(stripe, card, {}, {})


def _store(stripe: Stripe, method: Json, params: Json) -> Json:
    method["metadata"] = merge_metadata({}, params.get("metadata", {}))
    method["allow_redisplay"] = params.get("allow_redisplay", "unspecified")
    stripe.ledger.methods[method["id"]] = method
    return method


def _sent_card(stripe: Stripe, sent: Json) -> TestCard:
    if "token" in sent:
        known = TEST_ID.fullmatch(sent["token"])
        card = CARDS.get(known[1]) if known else None
        if card is None:
            message = f"No such token: '{sent['token']}'"
            raise invalid(message, "card[token]", "resource_missing")
        return card
    if "number" not in sent:
        raise missing("card[number]")
    if not stripe.context.get("publishable") and not stripe.options.raw_card_numbers:
        raise StripeError(
            402,
            "Sending credit card numbers directly to the Stripe API is generally unsafe. To "
            "continue processing use Stripe.js, the Stripe mobile bindings, or Stripe Elements.",
        )
    return _checked_number(sent)


def _card_error(code: str, message: str, param: str) -> StripeError:
    return StripeError(402, message, kind="card_error", code=code, param=param)


def _checked_number(sent: Json) -> TestCard:
    number = re.sub(r"[\s-]", "", sent["number"])
    if not number.isdigit() or not passes_luhn(number):
        raise _card_error("incorrect_number", "Your card number is incorrect.", "number")
    month, year, today = sent.get("exp_month"), sent.get("exp_year"), time.gmtime()
    if month is None or not 1 <= month <= 12:  # noqa: PLR2004 - months
        message = "Your card's expiration month is invalid."
        raise _card_error("invalid_expiry_month", message, "exp_month")
    if year is None or (_full_year(year), month) < (today.tm_year, today.tm_mon):
        message = "Your card's expiration year is invalid."
        raise _card_error("invalid_expiry_year", message, "exp_year")
    if "cvc" in sent and not re.fullmatch(r"\d{3,4}", sent["cvc"]):
        raise _card_error("invalid_cvc", "Your card's security code is invalid.", "cvc")
    card = BY_NUMBER.get(number)
    if card is None:
        message = (
            "Your card was declined. Your request was in test mode, but used a non test card. "
            "For a list of valid test cards, visit: https://stripe.com/docs/testing."
        )
        raise StripeError(
            402,
            message,
            kind="card_error",
            code="card_declined",
            decline_code="test_mode_live_card",
        )
    return card


def _full_year(year: int) -> int:
    return year if year > 99 else 2000 + year  # noqa: PLR2004 - Stripe takes two digits too


def _add_card(stripe: Stripe, card: TestCard, params: Json, sent: Json) -> Json:
    method = shapes.payment_method("card", params.get("billing_details"))
    postal = method["billing_details"]["address"]["postal_code"]
    method["card"] = {
        "brand": card.brand,
        "checks": {
            "address_line1_check": None,
            "address_postal_code_check": "unchecked" if postal else None,
            "cvc_check": "unchecked" if "cvc" in sent or "number" not in sent else None,
        },
        "country": card.country,
        "display_brand": card.brand,
        "exp_month": sent.get("exp_month", 12),
        "exp_year": _full_year(sent.get("exp_year", time.gmtime().tm_year + 1)),
        "fingerprint": card.fingerprint,
        "funding": card.funding,
        "generated_from": None,
        "last4": card.last4,
        "networks": {"available": [card.brand], "preferred": None},
        "regulated_status": "unregulated",
        "three_d_secure_usage": {"supported": card.three_ds_supported},
        "wallet": None,
    }
    stripe.ledger.cards[method["id"]] = card
    return _store(stripe, method, params)


def retrieve(stripe: Stripe, _params: Json, name: str) -> Json:
    return stripe.ledger.method(name, in_path=True)


def update(stripe: Stripe, params: Json, name: str) -> Json:
    method = stripe.ledger.method(name, in_path=True)
    if method["customer"] is None:
        raise invalid(
            "You must save this PaymentMethod to a customer before you can update it.",
            code="payment_method_unexpected_state",
        )
    if "billing_details" in params:
        current = {**method["billing_details"], **params["billing_details"]}
        method["billing_details"] = shapes.billing_details(current)
    method.get("card", {}).update(params.get("card", {}))
    method["metadata"] = merge_metadata(method["metadata"], params.get("metadata", {}))
    method["allow_redisplay"] = params.get("allow_redisplay", method["allow_redisplay"])
    stripe.emit("payment_method.updated", method)
    return method


def attach(stripe: Stripe, params: Json, name: str) -> Json:
    if "customer" not in params:
        raise missing("customer")
    customer = stripe.ledger.customer(params["customer"])
    method = use(stripe, name) if name.startswith("pm_card_") else retrieve(stripe, {}, name)
    if method["customer"] not in (None, customer["id"]):
        raise invalid("The payment method you provided has already been attached to a customer.")
    if method["id"] in stripe.ledger.used_up:
        raise invalid(REUSED, "payment_method", "payment_method_unexpected_state")
    if method["type"] == "pix":
        raise invalid("Payment methods of type pix cannot be attached to customers.")
    card = stripe.ledger.cards.get(method["id"])
    if card and not card.attaches and card.decline:
        no = card.decline
        raise StripeError(
            402, no.message, kind="card_error", code=no.code, decline_code=no.decline_code
        )
    if method["customer"] is None:
        save_to_customer(stripe, method, customer["id"])
    return method


def save_to_customer(stripe: Stripe, method: Json, customer: str) -> None:
    method["customer"] = customer
    if "card" in method:
        method["card"]["checks"]["cvc_check"] = "pass"
    stripe.emit("payment_method.attached", method)


def detach(stripe: Stripe, _params: Json, name: str) -> Json:
    method = retrieve(stripe, {}, name)
    if method["customer"] is None:
        raise invalid(
            "The payment method you provided is not attached to a customer so detachment is "
            "impossible."
        )
    previous = {"customer": method["customer"]}
    method["customer"] = None
    stripe.ledger.used_up.add(name)
    stripe.emit("payment_method.detached", method, previous)
    return method
