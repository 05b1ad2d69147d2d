"""Money, everywhere: an integer of minor units and an ISO 4217 code. Never a float."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Currency = Annotated[str, Field(pattern="^[A-Z]{3}$", examples=["BRL"])]


class Money(BaseModel):
    """``amount`` is in minor units: 123450 BRL is R$ 1.234,50."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    amount: int = Field(strict=True, examples=[123450])
    currency: Currency


def round_half_up(value: Decimal) -> int:
    """Round minor units per line, halves away from zero, as Brazilian invoices do."""
    return int(value.quantize(Decimal(1), rounding=ROUND_HALF_UP))
