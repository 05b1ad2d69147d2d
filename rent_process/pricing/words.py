"""The words that stand on a price: they are frozen with the offer, in the renter's language.

A line's code says the same in any language: who reads it later in another one is told in that.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

Locale = Literal["pt-BR", "en"]
TEXTS: dict[Locale, dict[str, str]] = {
    "pt-BR": {
        "month": "Diárias: mês de 30 dias",
        "week": "Diárias: semana de 7 dias",
        "day": "Diárias",
        "weekend": "Diárias de fim de semana",
        "hour": "Horas extras",
        "tier": "Desconto a partir de {days} diárias ({percent}%)",
        "promotion": "Código promocional {code}",
        "drop": "Taxa de retorno em outra agência",
        "young": "Condutor jovem",
        "licence": "Taxa de licenciamento do veículo",
        "airport": "Taxa de serviço",
        "tax": "Impostos",
        "policy": "Cancelamento grátis até {hours} h antes da retirada; depois, {percent}% do "
        "total, no máximo uma diária.",
    },
    "en": {
        "month": "Month of 30 days",
        "week": "Week of 7 days",
        "day": "Rental days",
        "weekend": "Weekend days",
        "hour": "Extra hours",
        "tier": "Discount from {days} days on ({percent}%)",
        "promotion": "Promo code {code}",
        "drop": "One-way fee",
        "young": "Young driver",
        "licence": "Vehicle licence fee",
        "airport": "Service fee",
        "tax": "Taxes",
        "policy": "Free cancellation until {hours} h before pick-up; after that {percent}% of the "
        "total, at most one day's rate.",
    },
}


Values = Mapping[str, str | int]
# By a purpose, the names of what is sold by a code of its own, in every language.
Names = Mapping[str, Mapping[str, dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Label:
    """What a line is, and how that is said in one language."""

    code: str
    text: str
    values: dict[str, str | int] | None = None


def label_of(code: str, locale: Locale, values: dict[str, str | int] | None = None) -> Label:
    return Label(code, _fill(TEXTS[locale][code], values or {}, locale), values)


def reword(line: dict[str, Any], names: Names, locale: Locale) -> dict[str, Any]:
    """A stored line in another language; one without a code that is known stays as it is."""
    code = line.get("code")
    sold = names.get(line["purpose"])
    if code is None:
        return line
    if sold is not None:
        known = sold.get(code)
        return line if known is None else line | {"description": text_in(known, locale)}
    text = TEXTS[locale].get(code)
    if text is None:
        return line
    return line | {"description": _fill(text, line.get("values") or {}, locale)}


def _fill(text: str, values: Values, locale: Locale) -> str:
    points = values.get("basis_points")
    percent = {} if points is None else {"percent": percent_of(int(points), locale)}
    return text.format(**values, **percent)


def text_in(names: dict[str, Any], locale: Locale) -> str:
    return str(names.get(locale) or names["en"])


def percent_of(basis_points: int, locale: Locale) -> str:
    """1250 is 12,5 in Portuguese and 12.5 in English."""
    text = f"{Decimal(basis_points) / 100:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text.replace(".", ",") if locale == "pt-BR" else text
