"""One attempt to pay a PaymentIntent: which method, may it be used, and what comes of it."""

from dataclasses import dataclass

from infra.local.standins.stripe import payment_methods, vouchers
from infra.local.standins.stripe.card_payment import pay_by_card
from infra.local.standins.stripe.errors import Json, StripeError, invalid, missing, unexpected_state
from infra.local.standins.stripe.ledger import Attempt
from infra.local.standins.stripe.money import check_url
from infra.local.standins.stripe.vendor import Stripe

CONFIRMABLE = ("requires_payment_method", "requires_confirmation", "requires_action")
ONLY_BRL = ("boleto", "pix")
CARD_OPTIONS = {
    "installments": None,
    "mandate_options": None,
    "network": None,
    "request_three_d_secure": "automatic",
}
PLANS = (3, 6, 9, 12)  # instalments that the stand-in's bank offers
RETURN_URL = (
    "This PaymentIntent is configured to accept payment methods enabled in your Dashboard. Because "
    "some of these payment methods might redirect your customer off of your page, you must provide "
    "a `return_url`. If you don't want to accept redirect-based payment methods, set "
    "`automatic_payment_methods[enabled]` to `true` and "
    "`automatic_payment_methods[allow_redirects]` to `never` when creating Setup Intents and "
    "Payment Intents."
)


def choose_types(intent: Json, params: Json) -> None:
    """The account's methods that fit the currency, less what the caller leaves out."""
    for name in ("allowed_payment_method_types", "excluded_payment_method_types"):
        intent[name] = params.get(name, intent[name])
    fitting = ["boleto", "card", "pix"] if intent["currency"] == "brl" else ["card"]
    if intent["capture_method"] == "manual":
        fitting = ["card"]  # neither Pix nor boleto can be authorised first
    allowed = intent["allowed_payment_method_types"]
    excluded = intent["excluded_payment_method_types"] or ()
    types = [kind for kind in fitting if (not allowed or kind in allowed) and kind not in excluded]
    if not types:
        raise invalid(
            "No valid payment method types for this Payment Intent. Please ensure that you have "
            "activated payment methods compatible with your chosen currency and capture method.",
            "allowed_payment_method_types" if allowed else None,
            "payment_intent_invalid_parameter",
        )
    intent["payment_method_types"] = types


def choose_method(stripe: Stripe, intent: Json, params: Json) -> None:
    """Set the method; refuse one that may not be used here."""
    if "payment_method" in params and "payment_method_data" in params:
        message = "You may only specify one of these parameters: payment_method,"
        raise invalid(f"{message} payment_method_data.", "payment_method", "parameters_exclusive")
    if "payment_method" in params:
        method = payment_methods.use(stripe, params["payment_method"])
    elif "payment_method_data" in params:
        method = payment_methods.add_other(stripe, params["payment_method_data"])
    else:
        return
    check_usable(stripe, intent, method)
    intent["payment_method"] = method["id"]
    if intent["status"] == "requires_payment_method":
        intent["status"] = "requires_confirmation"


def check_usable(stripe: Stripe, intent: Json, method: Json) -> None:
    if method["type"] not in intent["payment_method_types"]:
        raise invalid(
            f"The PaymentMethod provided ({method['type']}) is not allowed for this PaymentIntent."
            " Please attach a PaymentMethod of one of the following types: "
            f"{', '.join(intent['payment_method_types'])}.",
            "payment_method",
            "payment_intent_incompatible_payment_method",
        )
    owner = method["customer"]
    if owner is not None and owner != intent["customer"]:
        raise invalid(
            f"The customer does not have a payment method with the ID {method['id']}. The payment "
            "method must be attached to the customer.",
            "payment_method",
        )
    if method["id"] in stripe.ledger.used_up:
        raise invalid(payment_methods.REUSED, "payment_method", "payment_method_unexpected_state")


def choose_options(intent: Json, params: Json) -> None:
    current, sent = intent["payment_method_options"], params.get("payment_method_options", {})
    defaults: Json = {
        "boleto": {"expires_after_days": 3},
        "card": CARD_OPTIONS,
        "pix": {"expires_after_seconds": 86_400, "expires_at": None},
    }
    for kind in sent:
        if kind not in intent["payment_method_types"]:
            message = f"payment_method_options[{kind}] does not go with this PaymentIntent's"
            raise invalid(f"{message} payment method types.", f"payment_method_options[{kind}]")
    options = {
        kind: {**defaults[kind], **current.get(kind, {}), **sent.get(kind, {})}
        for kind in intent["payment_method_types"]
    }
    if "pix" in sent:
        vouchers.check_pix_options(options["pix"], sent["pix"])
    wanted = sent.get("card", {}).get("installments")
    if wanted is not None:
        options["card"]["installments"] = _installments(intent, wanted)
    intent["payment_method_options"] = options


def _installments(intent: Json, wanted: Json) -> Json:
    plan = wanted.get("plan")
    if plan is not None and (plan.get("count") not in PLANS or plan.get("interval") != "month"):
        param = "payment_method_options[card][installments][plan]"
        raise invalid("The selected installment plan is not available.", param)
    offered = [{"count": n, "interval": "month", "type": "fixed_count"} for n in PLANS]
    known = offered if intent["payment_method"] else None
    return {"available_plans": known, "enabled": wanted.get("enabled", True), "plan": plan}


def start_over(stripe: Stripe, intent: Json) -> None:
    """A changed intent must be confirmed anew; its open challenge or voucher is void."""
    stripe.ledger.attempts[intent["id"]] = Attempt()
    if intent["status"] == "requires_action":
        intent.update(status="requires_confirmation", next_action=None)


@dataclass(frozen=True)
class Prepared:
    """A confirmation that Stripe will not refuse as invalid."""

    draft: Json
    method: Json
    attempt: Attempt


def prepare(stripe: Stripe, intent: Json, draft: Json, params: Json) -> Prepared:
    """Check everything; ``draft`` is the intent with the parameters applied.

    Raises:
        StripeError: 400, and nothing was changed.
    """
    check_url(params.get("return_url"), "return_url")
    if draft["payment_method"] is None:
        raise unexpected_state(
            "You cannot confirm this PaymentIntent because it's missing a payment method. You can "
            "either update the PaymentIntent with a payment method and then confirm it again, or "
            "confirm it again directly with a payment method or ConfirmationToken.",
            intent,
        )
    method = stripe.ledger.method(draft["payment_method"])
    check_usable(stripe, draft, method)
    before = stripe.ledger.attempts.get(intent["id"], Attempt())
    _check_confirmation(draft, method, params, before.return_url)
    return Prepared(draft, method, _attempt(before, intent, draft, params))


def carry_out(stripe: Stripe, intent: Json, prepared: Prepared, params: Json) -> None:
    """Try to pay.

    Raises:
        StripeError: 402, with the decline written to the intent.
    """
    stripe.ledger.attempts[intent["id"]] = prepared.attempt
    fresh = {"status": "requires_confirmation", "next_action": None, "last_payment_error": None}
    intent.update({**prepared.draft, **fresh})
    if prepared.method["type"] == "card":
        pay_by_card(stripe, intent, prepared.method, params)
    else:
        vouchers.issue(stripe, intent, prepared.method, prepared.attempt)


def check_confirmable(intent: Json) -> None:
    status = intent["status"]
    if status in CONFIRMABLE:
        return
    reason = (
        "it has already succeeded after being previously confirmed."
        if status == "succeeded"
        else f"it has a status of {status}. Only a PaymentIntent with one of the following "
        f"statuses may be confirmed: {', '.join(CONFIRMABLE[1:])}."
    )
    raise unexpected_state(f"You cannot confirm this PaymentIntent because {reason}", intent)


def _check_confirmation(intent: Json, method: Json, params: Json, earlier_url: str | None) -> None:
    automatic = intent["automatic_payment_methods"]
    known_url = params.get("return_url") or earlier_url
    if automatic and automatic["allow_redirects"] == "always" and not known_url:
        raise StripeError(400, RETURN_URL, param="return_url")
    away = params.get("off_session", "false") != "false"
    if away and method["type"] != "card":
        raise invalid(f"Payments of type {method['type']} cannot be off-session.", "off_session")
    if away and params.get("setup_future_usage"):
        raise invalid("setup_future_usage cannot be used with off_session.", "setup_future_usage")
    if method["type"] == "card" and intent["statement_descriptor"]:
        message = "statement_descriptor is not supported for card payments. Please use"
        raise invalid(f"{message} statement_descriptor_suffix instead.", "statement_descriptor")
    if method["type"] == "boleto":
        _check_boleto(method["billing_details"])


def _check_boleto(billing: Json) -> None:
    address = billing["address"]
    needed = {name: billing[name] for name in ("email", "name")}
    needed |= {f"address[{n}]": address[n] for n in ("city", "line1", "postal_code", "state")}
    for name, value in needed.items():
        if not value:
            raise missing(f"payment_method_data[billing_details][{name}]")


def _attempt(before: Attempt, intent: Json, draft: Json, params: Json) -> Attempt:
    """A new attempt; an authentication counts only for the method that was authenticated."""
    same = before.authenticated and draft["payment_method"] == intent["payment_method"]
    return Attempt(
        return_url=params.get("return_url") or before.return_url,
        authenticated=same and intent["confirmation_method"] == "manual",
    )
