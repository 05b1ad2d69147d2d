"""Currencies and amounts, as far as Stripe checks them (https://docs.stripe.com/currencies)."""

import re

from infra.local.standins.stripe.errors import Json, StripeError, invalid

CURRENCIES = frozenset(
    """
    aed ars aud bgn bob brl cad chf clp cny cop crc czk dkk dop egp eur
    gbp gtq hkd hnl huf idr ils inr jpy kes krw mad mxn myr nok nzd pen
    php pln pyg qar ron sar sek sgd thb try twd uah usd uyu vnd xaf xof
    zar
    """.split()  # noqa: SIM905 - fifty lines as a list
)
MINIMUM = {"usd": 50, "eur": 50, "brl": 50, "gbp": 30, "mxn": 1000, "cad": 50, "chf": 50}
MAXIMUM = 99_999_999
ZERO_DECIMAL = frozenset({"clp", "jpy", "krw", "pyg", "vnd", "xaf", "xof"})


def check_currency(currency: str) -> str:
    if currency.lower() not in CURRENCIES:
        known = ", ".join(sorted(CURRENCIES))
        raise invalid(
            f"Invalid currency: {currency}. Stripe currently supports these currencies: {known}",
            "currency",
        )
    return currency.lower()


def check_amount(amount: int, currency: str) -> None:
    smallest = MINIMUM.get(currency, 50)
    if amount < smallest:
        message = f"Amount must be at least {written(smallest, currency)}"
        raise invalid(message, "amount", "amount_too_small")
    if amount > MAXIMUM:
        message = f"Amount must be no more than {written(MAXIMUM, currency)}"
        raise invalid(message, "amount", "amount_too_large")


def written(amount: int, currency: str) -> str:
    if currency in ZERO_DECIMAL:
        return f"{amount} {currency}"
    return f"{amount / 100:.2f} {currency}"


def check_email(email: str | None, param: str) -> None:
    if email and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", email):
        raise invalid(f"Invalid email address: {email}", param, "email_invalid")


def check_url(url: str | None, param: str) -> None:
    if url is not None and not re.fullmatch(r"[a-z][a-z0-9+.-]*://[^\s/?#]+\S*", url):
        raise invalid("Not a valid URL", param, "url_invalid")


def check_suffix(params: Json) -> None:
    """Characters that no bank statement may show."""
    for name in ("statement_descriptor", "statement_descriptor_suffix"):
        text = params.get(name)
        if text and re.search(r"[<>\\'\"*]", text):
            message = f"The {name} must not contain any of the characters < > \\ ' \" *"
            raise StripeError(400, message, param=name, code="invalid_characters")
