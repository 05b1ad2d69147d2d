"""The HTTP models of a free upgrade before the car leaves."""

from pydantic import Field

from shared.contracts.operator import Text
from shared.contracts.renter import ClassCode, RentalStatus, Request, Response


class BetterClass(Response):
    car_class: ClassCode = Field(alias="class")
    available: int = Field(ge=1, description="Cars over the whole rental")


class Upgrades(Response):
    """Better classes that have a car over the whole rental, the next one up first."""

    reference: str
    status: RentalStatus
    car_class: ClassCode = Field(alias="class")
    hours_short: int = Field(
        ge=0, description="Hours of the rental in which its class has more sold than there is"
    )
    classes: list[BetterClass]


class UpgradeRequest(Request):
    """The renter pays what he paid; ``reason`` is for the audit."""

    car_class: ClassCode = Field(alias="class")
    reason: Text


class Upgraded(Response):
    """``sold_class``: what is paid for, and what later hours and fees are counted by."""

    reference: str
    status: RentalStatus
    car_class: ClassCode = Field(alias="class")
    sold_class: ClassCode
