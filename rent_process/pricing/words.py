"""The words that stand on a price: they are frozen with the offer, in the renter's language."""

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


def text_in(names: dict[str, Any], locale: Locale) -> str:
    return str(names.get(locale) or names["en"])


def percent_of(basis_points: int, locale: Locale) -> str:
    """1250 is 12,5 in Portuguese and 12.5 in English."""
    text = f"{Decimal(basis_points) / 100:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text.replace(".", ",") if locale == "pt-BR" else text
