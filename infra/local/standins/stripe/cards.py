"""Stripe's documented test cards (https://docs.stripe.com/testing) and what each does.

A card is reached by its number, by ``pm_card_<name>`` or by ``tok_<name>``.
"""

import hashlib
from dataclasses import dataclass
from typing import Literal

GENERIC = "Your card was declined."


@dataclass(frozen=True)
class Decline:
    """What the issuer says no with; ``decline_code`` is None where Stripe sends none."""

    code: str
    decline_code: str | None
    message: str = GENERIC


@dataclass(frozen=True)
class TestCard:
    """``authentication``: when 3-D Secure is asked for.

    ``off_session`` means also when the renter is away, ``unless_set_up`` only until the card was
    saved for later, ``on_session`` only while the renter is there, ``optional`` if requested.
    """

    number: str
    brand: str = "visa"
    country: str = "US"
    funding: str = "credit"
    decline: Decline | None = None
    authentication: (
        Literal["off_session", "unless_set_up", "on_session", "optional", "required"] | None
    ) = None
    attaches: bool = True
    cvc_check: str = "pass"
    risk: Literal["normal", "elevated", "highest"] = "normal"
    dispute: str | None = None
    refund: Literal["succeeds", "fails", "pends"] = "succeeds"
    three_ds_supported: bool = True

    @property
    def last4(self) -> str:
        return self.number[-4:]

    @property
    def fingerprint(self) -> str:
        """The same for the same number, whoever uses it."""
        return hashlib.sha256(f"fingerprint:{self.number}".encode()).hexdigest()[:16]


def _declined(decline_code: str, message: str = GENERIC) -> Decline:
    return Decline("card_declined", decline_code, message)


INSUFFICIENT = _declined("insufficient_funds", "Your card has insufficient funds.")
EXPIRED = Decline("expired_card", None, "Your card has expired.")
BAD_CVC = Decline("incorrect_cvc", None, "Your card's security code is incorrect.")
PROCESSING = Decline(
    "processing_error",
    None,
    "An error occurred while processing your card. Try again in a little bit.",
)

CARDS: dict[str, TestCard] = {
    "visa": TestCard("4242424242424242"),
    "visa_debit": TestCard("4000056655665556", funding="debit"),
    "mastercard": TestCard("5555555555554444", "mastercard"),
    "mastercard_debit": TestCard("5200828282828210", "mastercard", funding="debit"),
    "mastercard_prepaid": TestCard("5105105105105100", "mastercard", funding="prepaid"),
    "amex": TestCard("378282246310005", "amex", three_ds_supported=False),
    "discover": TestCard("6011111111111117", "discover"),
    "diners": TestCard("3056930009020004", "diners"),
    "jcb": TestCard("3566002020360505", "jcb"),
    "unionpay": TestCard("6200000000000005", "unionpay"),
    "br": TestCard("4000000760000002", country="BR"),
    "us": TestCard("4242424242424242"),
    "mx": TestCard("4000004840008001", country="MX"),
    "chargeDeclined": TestCard(
        "4000000000000002", decline=_declined("generic_decline"), attaches=False
    ),
    "chargeDeclinedInsufficientFunds": TestCard(
        "4000000000009995", decline=INSUFFICIENT, attaches=False
    ),
    "chargeDeclinedLostCard": TestCard(
        "4000000000009987", decline=_declined("lost_card"), attaches=False
    ),
    "chargeDeclinedStolenCard": TestCard(
        "4000000000009979", decline=_declined("stolen_card"), attaches=False
    ),
    "chargeDeclinedExpiredCard": TestCard("4000000000000069", decline=EXPIRED, attaches=False),
    "chargeDeclinedIncorrectCvc": TestCard(
        "4000000000000127", decline=BAD_CVC, attaches=False, cvc_check="fail"
    ),
    "chargeDeclinedProcessingError": TestCard(
        "4000000000000119", decline=PROCESSING, attaches=False
    ),
    "visa_chargeDeclinedVelocityLimitExceeded": TestCard(
        "4000000000006975",
        decline=_declined("card_velocity_exceeded"),
        attaches=False,
    ),
    "chargeCustomerFail": TestCard("4000000000000341", decline=_declined("generic_decline")),
    "radarBlock": TestCard("4100000000000019", decline=_declined("fraudulent"), risk="highest"),
    "riskLevelElevated": TestCard("4000000000009235", risk="elevated"),
    "cvcCheckFail": TestCard("4000000000000101", decline=BAD_CVC, cvc_check="fail"),
    "bypassPending": TestCard("4000000000000077"),
    "createDispute": TestCard("4000000000000259", dispute="fraudulent"),
    "createDisputeProductNotReceived": TestCard("4000000000002685", dispute="product_not_received"),
    "createDisputeInquiry": TestCard("4000000000001976", dispute="general"),
    "refundFail": TestCard("4000000000005126", refund="fails"),
    "pendingRefund": TestCard("4000000000007726", refund="pends"),
    "threeDSecure2Required": TestCard("4000000000003220", authentication="required"),
    "threeDSecureRequired": TestCard("4000000000003063", authentication="required"),
    "threeDSecureRequiredChargeDeclined": TestCard(
        "4000008400001629",
        authentication="required",
        decline=_declined("generic_decline"),
    ),
    "threeDSecureOptional": TestCard("4000000000003055", authentication="optional"),
    "authenticationRequiredOnSetup": TestCard("4000002500003155", authentication="unless_set_up"),
    "authenticationRequired": TestCard("4000002760003184", authentication="off_session"),
    "authenticationRequiredSetupForOffSession": TestCard(
        "4000003800000446", authentication="on_session"
    ),
    "authenticationRequiredChargeDeclinedInsufficientFunds": TestCard(
        "4000008260003178", authentication="off_session", decline=INSUFFICIENT
    ),
}
BY_NUMBER = {card.number: card for card in CARDS.values()}


def passes_luhn(number: str) -> bool:
    digits = [int(digit) for digit in reversed(number)]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[1::2]]
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0
