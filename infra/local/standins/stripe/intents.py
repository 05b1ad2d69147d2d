"""PaymentIntents: made, changed, captured and canceled. ``attempts`` confirms them."""

from infra.local.standins.stripe import accepted, attempts, charges, shapes
from infra.local.standins.stripe.card_payment import maybe_dispute
from infra.local.standins.stripe.errors import Json, invalid, unexpected_state
from infra.local.standins.stripe.ledger import merge_metadata, now
from infra.local.standins.stripe.money import (
    check_amount,
    check_currency,
    check_email,
    check_suffix,
)
from infra.local.standins.stripe.vendor import Stripe

UNPAID = ("requires_payment_method", "requires_confirmation", "requires_action")
PLAIN = ("description", "statement_descriptor", "statement_descriptor_suffix", "transfer_group")


def create(stripe: Stripe, params: Json) -> Json:
    if not params.get("confirm"):
        _refuse_confirm_only(params)
    currency = check_currency(params["currency"])
    check_amount(params["amount"], currency)
    intent = shapes.payment_intent(params["amount"], currency)
    automatic = params.get("automatic_payment_methods", {"enabled": True})
    if automatic["enabled"]:
        redirects = automatic.get("allow_redirects", "always")
        intent["automatic_payment_methods"] = {"allow_redirects": redirects, "enabled": True}
    intent["confirmation_method"] = params.get("confirmation_method", "automatic")
    apply(stripe, intent, params)
    if not params.get("confirm"):
        _add(stripe, intent)
        return intent
    prepared = attempts.prepare(stripe, intent, intent, params)
    _add(stripe, intent)
    attempts.carry_out(stripe, intent, prepared, params)
    return intent


def _refuse_confirm_only(params: Json) -> None:
    for name in accepted.CONFIRM_ONLY:
        if name in params:
            raise invalid(f"`{name}` can only be passed when `confirm` is true.", name)


def _add(stripe: Stripe, intent: Json) -> None:
    stripe.ledger.intents[intent["id"]] = intent
    stripe.emit("payment_intent.created", intent)


def apply(stripe: Stripe, intent: Json, params: Json) -> None:
    """Set what create, update and confirm have in common.

    Raises:
        StripeError: before anything was changed.
    """
    check_email(params.get("receipt_email"), "receipt_email")
    check_suffix(params)
    draft = dict(intent)
    if "customer" in params:
        draft["customer"] = stripe.ledger.customer(params["customer"])["id"]
    for name in ("capture_method", "currency", *PLAIN):
        draft[name] = params.get(name, draft[name])
    for name in ("receipt_email", "setup_future_usage"):
        draft[name] = params.get(name, draft[name]) or None
    if "shipping" in params:
        unset = shapes.unset("carrier", "phone", "tracking_number")
        sent = params["shipping"]
        draft["shipping"] = {**unset, **sent, "address": shapes.address(sent["address"])}
    draft["metadata"] = merge_metadata(intent["metadata"], params.get("metadata", {}))
    attempts.choose_types(draft, params)
    attempts.choose_method(stripe, draft, params)
    attempts.choose_options(draft, params)
    intent.update(draft)


def retrieve(stripe: Stripe, params: Json, name: str) -> Json:
    intent = stripe.ledger.intent(name)
    check_secret(intent, params.get("client_secret"))
    return intent


def check_secret(intent: Json, secret: str | None) -> None:
    if secret is not None and secret != intent["client_secret"]:
        message = "The client_secret provided does not match the client_secret associated with"
        code = "payment_intent_invalid_parameter"
        raise invalid(f"{message} the PaymentIntent.", "client_secret", code)


def update(stripe: Stripe, params: Json, name: str) -> Json:
    intent = stripe.ledger.intent(name)
    if "currency" in params:
        check_currency(params["currency"])
    if "amount" in params:
        currency = str(params.get("currency", intent["currency"]))
        check_amount(params["amount"], currency)
    changing = {*params} - {"metadata", "description", "receipt_email", "expand"}
    if changing and intent["status"] not in UNPAID:
        field = min(changing)
        raise unexpected_state(
            f"This PaymentIntent's {field} could not be updated because it has a status of "
            f"{intent['status']}. You may only update the {field} of a PaymentIntent with one of "
            f"the following statuses: {', '.join(UNPAID)}.",
            intent,
        )
    apply(stripe, intent, params)
    intent["amount"] = params.get("amount", intent["amount"])
    if changing & {"amount", "currency", "payment_method", "payment_method_data"}:
        attempts.start_over(stripe, intent)
    return intent


def confirm(stripe: Stripe, params: Json, name: str) -> Json:
    intent = stripe.ledger.intent(name)
    check_secret(intent, params.get("client_secret"))
    attempts.check_confirmable(intent)
    draft = dict(intent)
    apply(stripe, draft, params)
    prepared = attempts.prepare(stripe, intent, draft, params)
    attempts.carry_out(stripe, intent, prepared, params)
    return intent


def capture(stripe: Stripe, params: Json, name: str) -> Json:
    intent = stripe.ledger.intent(name)
    if intent["status"] != "requires_capture":
        raise unexpected_state(
            "This PaymentIntent could not be captured because it has a status of "
            f"{intent['status']}. Only a PaymentIntent with one of the following statuses may be "
            "captured: requires_capture.",
            intent,
        )
    amount: int = params.get("amount_to_capture") or intent["amount_capturable"]
    if amount > intent["amount_capturable"]:
        raise invalid(
            f"The payment intent you attempted to capture has an amount_capturable of "
            f"{intent['amount_capturable']}, but you attempted to capture {amount}.",
            "amount_to_capture",
            "amount_too_large",
        )
    if params.get("final_capture") is False:
        raise invalid("Multicapture is not available for this PaymentIntent.", "final_capture")
    check_suffix(params)
    intent["metadata"] = merge_metadata(intent["metadata"], params.get("metadata", {}))
    charge = stripe.ledger.charge(intent["latest_charge"])
    charges.take(stripe, charge, amount)
    intent.update(status="succeeded", amount_capturable=0, amount_received=amount)
    stripe.emit("payment_intent.succeeded", intent)
    maybe_dispute(stripe, charge, stripe.ledger.cards[charge["payment_method"]])
    return intent


def cancel(stripe: Stripe, params: Json, name: str) -> Json:
    intent = stripe.ledger.intent(name)
    may = ("requires_payment_method", "requires_capture", *UNPAID[1:])
    if intent["status"] not in may:
        raise unexpected_state(
            f"You cannot cancel this PaymentIntent because it has a status of {intent['status']}. "
            "Only a PaymentIntent with one of the following statuses may be canceled: "
            f"{', '.join(may)}.",
            intent,
        )
    end(stripe, intent, params.get("cancellation_reason"))
    return intent


def end(stripe: Stripe, intent: Json, reason: str | None, *, expired: bool = False) -> None:
    """Cancel; an authorisation goes back to the card."""
    if intent["status"] == "requires_capture":
        charge = stripe.ledger.charge(intent["latest_charge"])
        charges.give_back(stripe, charge, expired=expired)
    stripe.ledger.attempt(intent).challenge = None
    intent.update(
        status="canceled",
        amount_capturable=0,
        canceled_at=now(),
        cancellation_reason=reason,
        next_action=None,
    )
    stripe.emit("payment_intent.canceled", intent)
