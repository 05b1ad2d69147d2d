"""Rate cards, as operators read and write them.

A card is everything that a group of branches charges, from an instant on. It is a list of lines,
each of them also one row of the card's CSV file. Amounts are integers of minor units in the card's
one currency, in JSON and CSV alike: a spreadsheet's decimal comma can do them no harm.
"""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BeforeValidator, Field, StringConstraints, model_validator

from shared.contracts.bases import BranchCode, ClassCode, Code, Request, Response
from shared.contracts.moments import Moment
from shared.contracts.money import Currency
from shared.contracts.operator import Text

BranchGroup = Annotated[
    str, StringConstraints(pattern="^[a-z0-9-]{2,40}$"), Field(examples=["br-airport"])
]
# Ten million in a currency with cents: beyond it, somebody's finger slipped.
Minor = Annotated[int, Field(ge=0, le=1_000_000_000)]
MinorAboveNothing = Annotated[int, Field(gt=0, le=1_000_000_000)]
BasisPoints = Annotated[int, Field(ge=0, le=10_000, description="1000 is 10 %")]
Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2199, 12, 31))]
LONGEST_CSV = 100_000
MOST_LINES = 2_000


def _weekdays(value: Any) -> Any:
    """A CSV cell holds them apart by spaces."""
    return value.split() if isinstance(value, str) else value


Weekdays = Annotated[
    list[Annotated[int, Field(ge=1, le=7)]],
    BeforeValidator(_weekdays, json_schema_input_type=list[int]),
]


class Fees(Request):
    """What does not depend on the class; once in every card."""

    item: Literal["fees"]
    young_driver_age: int = Field(ge=16, le=99, description="The fee is due below it")
    young_driver_day_minor: Minor
    licence_day_minor: Minor
    airport_fee_basis_points: BasisPoints
    tax_basis_points: BasisPoints
    grace_minutes: int = Field(ge=0, le=120)
    free_cancellation_hours: int = Field(ge=0, le=8_760)
    cancellation_fee_percent: int = Field(ge=0, le=100)
    weekend: Weekdays = Field(
        default=[6, 7], max_length=7, description="ISO 8601 weekdays; in CSV with spaces between"
    )


class ClassTerms(Request):
    """A class that is on offer, whatever the season."""

    item: Literal["class"]
    car_class: ClassCode = Field(alias="class")
    deposit_minor: Minor
    young_driver: bool = Field(description="Whether drivers below young_driver_age may have it")


class SeasonRate(Request):
    """A class in a season, both days included. Of seasons that overlap the shorter is meant."""

    item: Literal["rate"]
    car_class: ClassCode = Field(alias="class")
    first_day: Day
    last_day: Day
    hour_minor: Minor
    day_minor: MinorAboveNothing
    week_minor: MinorAboveNothing
    month_minor: MinorAboveNothing
    weekend_basis_points: int = Field(
        default=10_000, ge=0, le=50_000, description="Weighs a weekend's day; 12500 is +25 %"
    )

    @model_validator(mode="after")
    def ends_after_it_begins(self) -> "SeasonRate":
        if self.last_day < self.first_day:
            raise ValueError("last_day is before first_day")
        return self


class LengthTier(Request):
    """Taken off the base of rentals of at least so many days."""

    item: Literal["tier"]
    from_days: int = Field(ge=2, le=60)
    discount_basis_points: int = Field(ge=1, le=9_000)


class ExtraRate(Request):
    item: Literal["extra"]
    code: Code
    unit_minor: Minor
    cap_minor: Minor | None = Field(default=None, description="The most that one piece costs")

    @model_validator(mode="after")
    def cap_is_not_below_unit(self) -> "ExtraRate":
        if self.cap_minor is not None and self.cap_minor < self.unit_minor:
            raise ValueError("cap_minor is below unit_minor")
        return self


class CoverageRate(Request):
    item: Literal["coverage"]
    code: Code
    day_minor: Minor
    excess_minor: Minor


class OneWayFee(Request):
    item: Literal["one_way"]
    origin: BranchCode
    destination: BranchCode
    fee_minor: Minor


CardLine = Annotated[
    Fees | ClassTerms | SeasonRate | LengthTier | ExtraRate | CoverageRate | OneWayFee,
    Field(discriminator="item"),
]


class RatesQuery(Request):
    branch_group: BranchGroup | None = None
    at: Moment | None = Field(default=None, description="In force then; now if absent")


class RateCard(Response):
    branch_group: str
    effective_at: AwareDatetime
    currency: Currency
    lines: list[CardLine]


class RateVersion(Response):
    """A card that is, was or will be in force."""

    branch_group: str
    effective_at: AwareDatetime
    created_at: AwareDatetime
    created_by: str


class RateCards(Response):
    cards: list[RateCard]
    versions: list[RateVersion] = Field(description="The newest 100, upcoming ones first")


class NewRateCard(Request):
    """A whole card: what it does not name is no longer offered. Either ``lines`` or ``csv``."""

    branch_group: BranchGroup
    currency: Currency
    effective_at: Moment | None = Field(
        default=None, description="Never in the past; at once if absent"
    )
    lines: list[CardLine] | None = Field(default=None, max_length=MOST_LINES)
    csv: Annotated[str, Field(max_length=LONGEST_CSV)] | None = None
    reason: Text | None = None

    @model_validator(mode="after")
    def has_one_of_both(self) -> "NewRateCard":
        if (self.lines is None) == (self.csv is None):
            raise ValueError("send either lines or csv")
        return self


class RateChange(Response):
    """One line that is new (no ``before``), gone (no ``after``) or has other values."""

    line: str = Field(examples=["rate ECMR 2026-12-15 2027-02-28"])
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None


class RateChanges(Response):
    branch_group: str
    effective_at: AwareDatetime
    changes: list[RateChange] = Field(description="Against the card in force at that instant")
