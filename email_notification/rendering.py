"""Templates to e-mails: money, dates and words as the renter's language writes them.

A template is a pair of bodies and a subject in ``templates/<locale>``; what all share is in
``layout.html``, ``layout.txt`` and that locale's ``words.json``.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from email_notification.domain import Email, Locale, Rental
from shared.contracts.messages import EmailRequestedV1
from shared.contracts.money import Money

if TYPE_CHECKING:
    from jinja2 import Environment

FOLDER = Path(__file__).with_name("templates")
WHEN: dict[Locale, str] = {
    "pt-BR": "EEEE, d 'de' MMMM 'de' y, HH:mm",
    "en": "EEEE, d MMMM y, HH:mm",
}


@dataclass(frozen=True, slots=True)
class _Formats:
    """How one locale writes things; its methods are the templates' filters."""

    locale: Locale

    @property
    def _babel(self) -> str:
        return self.locale.replace("-", "_")

    def money(self, value: Money) -> str:
        from babel.numbers import (  # noqa: PLC0415 -- import budget: with the first e-mail
            format_currency,
            get_currency_precision,
        )

        amount = Decimal(value.amount).scaleb(-get_currency_precision(value.currency))
        return format_currency(amount, value.currency, locale=self._babel)

    def number(self, value: float) -> str:
        from babel.numbers import format_decimal  # noqa: PLC0415 -- as above

        return format_decimal(value, locale=self._babel)

    def when(self, at: datetime, timezone: str) -> str:
        """The wall clock of ``timezone``, the day of the week included."""
        from babel.dates import format_datetime  # noqa: PLC0415 -- as above

        zone = ZoneInfo(timezone)
        return format_datetime(at.astimezone(zone), WHEN[self.locale], locale=self._babel)


def render(
    request: EmailRequestedV1,
    rental: Rental,
    recipient_email: str,
    public_base_url: str,
    manage_token: str,
    message: str | None = None,
) -> Email:
    """Write the e-mail that ``request`` asks for, in the renter's language.

    ``manage_token`` goes into the link's fragment, which browsers keep to themselves: it reaches
    no server's log and no ``Referer``. ``message`` is what the branch wrote.
    """
    words = _words(rental.locale)
    base_url = public_base_url.rstrip("/")
    context = {
        "rental": rental,
        "words": words,
        "amount": request.amount,
        "message_lines": (message or "").splitlines(),
        "decline": _decline(words, request.decline_code),
        "manage_url": f"{base_url}{rental.manage_path}#token={manage_token}",
        "search_url": f"{base_url}/",
        "locale": rental.locale,
    }
    fill = partial(_fill, rental.locale, request.template.value, context)
    return Email(
        message_id=request.message_id,
        rental_id=request.rental_id,
        template=request.template,
        locale=rental.locale,
        recipient_name=_one_line(rental.recipient_name),
        recipient_email=recipient_email,
        subject=_one_line(fill("subject")),
        html=fill("html"),
        text=re.sub(r"\n{3,}", "\n\n", fill("txt")).strip() + "\n",
        written_at=datetime.now(UTC),
    )


def _one_line(text: str) -> str:
    """Keep a header a header, whatever a value holds: a line break would start another."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _fill(locale: Locale, template: str, context: dict[str, Any], extension: str) -> str:
    return _environment(locale).get_template(f"{locale}/{template}.{extension}").render(context)


@cache
def _environment(locale: Locale) -> "Environment":
    from jinja2 import (  # noqa: PLC0415 -- as above
        Environment,
        FileSystemLoader,
        StrictUndefined,
        select_autoescape,
    )

    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=select_autoescape(["html"], default=False),  # a plain text shows as it is
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    formats = _Formats(locale)
    filters: dict[str, Callable[..., str]] = {
        "money": formats.money,
        "number": formats.number,
        "when": formats.when,
    }
    environment.filters.update(filters)
    return environment


@cache
def _words(locale: Locale) -> dict[str, Any]:
    words: dict[str, Any] = json.loads((FOLDER / locale / "words.json").read_text("utf-8"))
    return words


def _decline(words: dict[str, Any], code: str | None) -> str:
    """Why the bank said no. A code that is not listed, such as ``stolen_card``, tells nothing."""
    reasons: dict[str, str] = words["declines"]
    return reasons.get(code or "", reasons["other"])
