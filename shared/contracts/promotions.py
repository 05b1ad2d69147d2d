"""Promo codes, as operators read and write them."""

from datetime import date
from typing import Annotated

from pydantic import AwareDatetime, Field, model_validator

from shared.contracts.bases import BranchCode, ClassCode, Request, Response
from shared.contracts.moments import Moment
from shared.contracts.money import Money
from shared.contracts.operator import Text

Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2199, 12, 31))]


class PromoCodeRules(Request):
    """What a code takes off the base, and when. Either ``basis_points`` or ``amount``."""

    basis_points: int | None = Field(default=None, ge=1, le=10_000, description="1000 is 10 %")
    amount: Money | None = None
    valid_from: Moment = Field(description="For searches from then on")
    valid_until: Moment
    pickup_from: Day | None = None
    pickup_until: Day | None = None
    minimum_days: int = Field(default=1, ge=1, le=60)
    usage_limit: int | None = Field(default=None, ge=1, le=1_000_000_000)
    classes: list[ClassCode] | None = Field(default=None, min_length=1, max_length=100)
    branches: list[BranchCode] | None = Field(default=None, min_length=1, max_length=500)
    reason: Text | None = None

    @model_validator(mode="after")
    def takes_off_one_way(self) -> "PromoCodeRules":
        if (self.basis_points is None) == (self.amount is None):
            raise ValueError("send either basis_points or amount")
        if self.amount is not None and self.amount.amount < 1:
            raise ValueError("the amount must be above nothing")
        if self.valid_until <= self.valid_from:
            raise ValueError("valid_until must be after valid_from")
        return self


class PromoCode(Response):
    code: str = Field(examples=["BEMVINDO10"])
    basis_points: int | None = None
    amount: Money | None = None
    valid_from: AwareDatetime
    valid_until: AwareDatetime
    pickup_from: date | None = None
    pickup_until: date | None = None
    minimum_days: int
    usage_limit: int | None = None
    uses: int = Field(description="Rentals that count: not expired, failed or cancelled")
    classes: list[ClassCode] | None = None
    branches: list[BranchCode] | None = None


class PromoCodes(Response):
    promo_codes: list[PromoCode]
