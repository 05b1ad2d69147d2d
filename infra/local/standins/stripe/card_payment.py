"""Paying by card: 3-D Secure, the issuer's answer, and keeping the card for later."""

from secrets import token_hex

from infra.local.standins.stripe import charges
from infra.local.standins.stripe.cards import Decline, TestCard
from infra.local.standins.stripe.disputes import open_dispute
from infra.local.standins.stripe.errors import Json, StripeError
from infra.local.standins.stripe.payment_methods import save_to_customer
from infra.local.standins.stripe.vendor import Stripe

AUTHENTICATE = Decline(
    "authentication_required",
    "authentication_required",
    "Your card was declined. This transaction requires authentication.",
)
NOT_AUTHENTICATED = (
    "We are unable to authenticate your payment method. Please choose a different payment method "
    "and try again."
)


def pay_by_card(stripe: Stripe, intent: Json, method: Json, params: Json) -> None:
    """Raises StripeError 402 for a decline, which then stands in the intent too."""
    away = params.get("off_session", "false") != "false"
    if not _must_authenticate(stripe, intent, method, away=away):
        _ask_issuer(stripe, intent, method)
    elif away or params.get("error_on_requires_action"):
        decline(stripe, intent, method, AUTHENTICATE)
    else:
        _challenge(stripe, intent, for_script=params.get("use_stripe_sdk", False))


def _must_authenticate(stripe: Stripe, intent: Json, method: Json, *, away: bool) -> bool:
    if stripe.ledger.attempt(intent).authenticated:
        return False
    card = stripe.ledger.cards[method["id"]]
    asked = intent["payment_method_options"]["card"]["request_three_d_secure"]
    if asked in ("any", "challenge") and not away and card.authentication:
        return True
    if card.authentication == "unless_set_up":
        return not (away and method["id"] in stripe.ledger.set_up)
    if card.authentication == "on_session":
        return not away
    return card.authentication in ("off_session", "required")


def _challenge(stripe: Stripe, intent: Json, *, for_script: bool) -> None:
    attempt = stripe.ledger.attempt(intent)
    attempt.challenge = token_hex(16)
    url = f"{stripe.options.base_url}/authenticate/{intent['id']}/{attempt.challenge}"
    if attempt.return_url and not for_script:
        redirect = {"return_url": attempt.return_url, "url": url}
        action: Json = {"type": "redirect_to_url", "redirect_to_url": redirect}
    else:
        hint = {"type": "three_d_secure_redirect", "stripe_js": url}
        action = {"type": "use_stripe_sdk", "use_stripe_sdk": hint}
    intent.update(status="requires_action", next_action=action, latest_charge=None)
    stripe.emit("payment_intent.requires_action", intent)


def _ask_issuer(stripe: Stripe, intent: Json, method: Json) -> None:
    card = stripe.ledger.cards[method["id"]]
    if card.decline is not None:
        decline(stripe, intent, method, card.decline)
    charge = charges.add(stripe, intent, method)
    _keep_card(stripe, intent, method)
    options = intent["payment_method_options"]["card"]
    by_hand = intent["capture_method"] == "manual" or options.get("capture_method") == "manual"
    at_once = intent["capture_method"] == "automatic"
    intent.update(latest_charge=charge["id"], next_action=None)
    if by_hand:
        intent.update(status="requires_capture", amount_capturable=intent["amount"])
        charges.succeed(stripe, charge, capture=False, at_once=False)
        stripe.emit("payment_intent.amount_capturable_updated", intent)
    else:
        intent.update(status="succeeded", amount_received=intent["amount"])
        charges.succeed(stripe, charge, capture=True, at_once=at_once)
        stripe.emit("payment_intent.succeeded", intent)
    maybe_dispute(stripe, charge, card)


def _keep_card(stripe: Stripe, intent: Json, method: Json) -> None:
    usage = intent["setup_future_usage"]
    own = intent["payment_method_options"]["card"].get("setup_future_usage")
    usage = None if own == "none" else own or usage
    if usage == "off_session":
        stripe.ledger.set_up.add(method["id"])
    if method["customer"] is None:
        if usage and intent["customer"]:
            save_to_customer(stripe, method, intent["customer"])
        else:
            stripe.ledger.used_up.add(method["id"])


def maybe_dispute(stripe: Stripe, charge: Json, card: TestCard) -> None:
    if card.dispute and charge["captured"]:
        stripe.later(stripe.options.settle_seconds, open_dispute, stripe, charge, card.dispute)


def decline(stripe: Stripe, intent: Json, method: Json, no: Decline) -> None:
    """Write the decline to the intent and raise it."""
    charge = charges.add(stripe, intent, method)
    error = StripeError(
        402,
        no.message,
        kind="card_error",
        code=no.code,
        decline_code=no.decline_code,
        charge=charge["id"],
        payment_method=dict(method),
    )
    intent["latest_charge"] = charge["id"]
    charges.fail(stripe, charge, no)
    fail(stripe, intent, error)
    error.fields["payment_intent"] = dict(intent)
    raise error


def fail(stripe: Stripe, intent: Json, error: StripeError) -> None:
    """The attempt is over; the intent waits for another method."""
    stripe.ledger.attempt(intent).challenge = None
    intent.update(
        status="requires_payment_method",
        payment_method=None,
        next_action=None,
        last_payment_error=dict(error.fields),
    )
    stripe.emit("payment_intent.payment_failed", intent)


def finish_challenge(stripe: Stripe, intent: Json, *, passed: bool) -> None:
    """The renter has answered the bank's page."""
    attempt = stripe.ledger.attempt(intent)
    attempt.challenge = None
    method = stripe.ledger.method(intent["payment_method"])
    if not passed:
        code = "payment_intent_authentication_failure"
        fail(
            stripe,
            intent,
            StripeError(402, NOT_AUTHENTICATED, code=code, payment_method=dict(method)),
        )
        return
    attempt.authenticated = True
    if intent["confirmation_method"] == "manual":
        intent.update(status="requires_confirmation", next_action=None)
        return
    try:
        _ask_issuer(stripe, intent, method)
    except StripeError:
        return  # the decline stands in the intent and in its events
