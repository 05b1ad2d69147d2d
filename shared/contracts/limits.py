"""What is too much: how often something may be tried, and which amounts may be charged.

One table for a person to read; RentProcess and PaymentProcess each apply the rows that they can
see. Radar, at Stripe, judges every card payment beside it: these rows are the plain ones that hold
whatever it thinks.

========  =======================  =========  ==================================  ==============
per       most                     within     counted                             answer
========  =======================  =========  ==================================  ==============
rental    5                        its life   RentProcess, each attempt           not_payable
email     LIMIT_EMAIL_PER_HOUR     an hour    RentProcess, booking and attempt    rate_limited
address   LIMIT_ADDRESS_PER_HOUR   an hour    RentProcess, booking and attempt    rate_limited
card      LIMIT_CARD_PER_HOUR      an hour    PaymentProcess, before confirming   declined
========  =======================  =========  ==================================  ==============
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from shared.contracts.money import Money

Subject = Literal["email", "address", "card"]
HOUR_SECONDS = 3600

# Declined five times, the rental fails (domain rules); the page shows how many are left.
MAXIMUM_ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class TryRule:
    """At most the number in ``setting`` (0: as many as you like) in each window of the clock."""

    per: Subject
    setting: str
    window_seconds: int
    answer: str


TRIES: Mapping[Subject, TryRule] = MappingProxyType(
    {
        "email": TryRule("email", "limit_email_per_hour", HOUR_SECONDS, "rate_limited"),
        # An office or a hotel books from one address.
        "address": TryRule("address", "limit_address_per_hour", HOUR_SECONDS, "rate_limited"),
        # Stripe's own word for it (docs.stripe.com/declines/codes).
        "card": TryRule("card", "limit_card_per_hour", HOUR_SECONDS, "card_velocity_exceeded"),
    }
)


@dataclass(frozen=True, slots=True)
class AmountRule:
    """Minor units, both ends allowed."""

    minimum: int
    maximum: int


# The least that Stripe charges at all (docs.stripe.com/currencies), and the most that is taken
# online: above it a person should look at the renter, at the counter.
AMOUNTS: Mapping[str, AmountRule] = MappingProxyType(
    {
        "BRL": AmountRule(50, 5_000_000),
        "EUR": AmountRule(50, 1_000_000),
        "USD": AmountRule(50, 1_000_000),
        "GBP": AmountRule(30, 1_000_000),
        "MXN": AmountRule(1_000, 20_000_000),
    }
)
# What a way of paying narrows further: R$ 5.00 to R$ 49,999.99 (docs.stripe.com/payments/boleto).
METHOD_AMOUNTS: Mapping[tuple[str, str], AmountRule] = MappingProxyType(
    {("boleto", "BRL"): AmountRule(500, 4_999_999)}
)
# Vouchers of Brazil: no other currency can be paid by them.
METHOD_CURRENCIES: Mapping[str, str] = MappingProxyType({"pix": "BRL", "boleto": "BRL"})

AmountFault = Literal["amount_too_small", "amount_too_large", "currency_not_supported"]


def fault_of_amount(method: str, amount: Money) -> AmountFault | None:
    """Why this cannot be charged online this way; the codes are also the declines' codes."""
    rule = AMOUNTS.get(amount.currency)
    wanted = METHOD_CURRENCIES.get(method, amount.currency)
    if rule is None or wanted != amount.currency:
        return "currency_not_supported"
    narrowed = METHOD_AMOUNTS.get((method, amount.currency), rule)
    if amount.amount < max(rule.minimum, narrowed.minimum):
        return "amount_too_small"
    if amount.amount > min(rule.maximum, narrowed.maximum):
        return "amount_too_large"
    return None
