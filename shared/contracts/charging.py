"""The HTTP models of what is owed on top of the price, and of the deposit."""

from typing import Literal

from pydantic import Field

from shared.contracts.bases import Request, Response
from shared.contracts.money import Money
from shared.contracts.operator import PositiveMoney, Text
from shared.contracts.renter import PriceLine, RentalStatus

# What may come on top of a price: OTA's vehicle charge purposes, and the authorities' own.
ChargePurpose = Literal[
    "AdditionalHour", "Drop", "AdditionalDriver", "Fuel", "Equipment", "Coverage", "Damage",
    "Fine", "Toll", "Tax",
]  # fmt: skip
OwedPurpose = Literal[
    "BaseRate", "AdditionalHour", "Drop", "YoungDriver", "AdditionalDriver", "AirportFee", "Fuel",
    "Equipment", "Coverage", "Damage", "Fine", "Toll", "Tax",
]  # fmt: skip


class OwedLine(Request):
    """One thing that is owed; its amount is ``quantity`` x ``unit_amount``."""

    purpose: OwedPurpose
    description: Text = Field(description="The authority's notice, the damaged part; no names")
    quantity: int = Field(default=1, strict=True, ge=1, le=100_000)
    unit_amount: PositiveMoney

    @property
    def amount_minor(self) -> int:
        return self.quantity * self.unit_amount.amount

    def as_price_line(self) -> PriceLine:
        return PriceLine(
            purpose=self.purpose,
            description=self.description,
            quantity=self.quantity,
            unit_amount=self.unit_amount,
            amount=Money(amount=self.amount_minor, currency=self.unit_amount.currency),
        )


class ChargeLine(OwedLine):
    """What an operator adds; what time costs is reckoned, not typed in."""

    purpose: ChargePurpose


class ChargesRequest(Request):
    """Fines and tolls come weeks after return; damage and fuel at it."""

    lines: list[ChargeLine] = Field(min_length=1, max_length=50)


class Charged(Response):
    """``asked`` is taken from the card that was kept; the rest of ``due`` is open."""

    reference: str
    status: RentalStatus
    amount: Money = Field(description="The sum of the lines")
    asked: Money = Field(description="Asked of the card that was kept; its answer comes later")
    due: Money = Field(description="What is left to pay, if the card pays what it is asked for")


class DepositRequest(Request):
    """Capture a part of the deposit or all of it; 0 releases it."""

    captured: Money
    reason: Text


class Deposit(Response):
    """``HELD`` is authorised; ``SETTLING`` waits for the bank's word; ``CLOSED`` is released."""

    reference: str
    status: Literal["OPEN", "HELD", "SETTLING", "DECLINED", "CLOSED", "RECEIVED"]
    amount: Money
    captured: Money
