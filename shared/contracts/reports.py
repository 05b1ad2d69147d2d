"""The operator's reports: rows of a table, as JSON and as CSV. A day is a branch's local day."""

from collections.abc import Sequence
from datetime import date
from typing import Literal

from pydantic import AwareDatetime, Field

from shared.contracts.bases import BranchCode, ClassCode, Request, Response
from shared.contracts.moments import Day
from shared.contracts.money import Money
from shared.contracts.renter import RentalStatus


class ReportQuery(Request):
    """``from`` and ``to`` are both in. A missing one follows from the other, or from today."""

    from_: Day | None = Field(default=None, alias="from", description="The first day")
    to: Day | None = Field(default=None, description="The last day")
    branch: BranchCode | None = Field(default=None, description="Default: all of the operator's")


class Row(Response):
    """A row of a report."""


class Report(Response):
    """``from`` and ``to`` are the days that were reported, both in."""

    from_: date = Field(alias="from")
    to: date
    branch: BranchCode | None = None
    rows: Sequence[Row]


class UtilisationRow(Row):
    """Hours of cars on one local day. ``capacity`` follows the supply that the day had."""

    date: date
    branch: BranchCode
    car_class: ClassCode = Field(alias="class")
    capacity_hours: int = Field(description="Hours in which a car was there to be rented")
    rented_hours: int = Field(description="Of confirmed rentals, turnaround included")
    held_hours: int = Field(description="Of rentals that wait for their payment")
    utilisation: float | None = Field(
        default=None, description="rented_hours / capacity_hours; absent without capacity"
    )


class RevenueRow(Row):
    """Rentals by the local day of their pick-up: what they cost and what cancelled ones owe.

    The price of a rental whose renter did not come is its fee.
    """

    date: date
    branch: BranchCode
    car_class: ClassCode = Field(alias="class")
    rentals: int
    price: Money
    additional: Money = Field(description="What came on top: late hours, fuel, damage, fines")
    cancellations: int
    cancellation_fees: Money
    total: Money


class ManifestRow(Row):
    """One car that leaves or comes back, at the branch where it does."""

    date: date
    branch: BranchCode
    kind: Literal["pickup", "return"]
    at: AwareDatetime
    done: bool = Field(description="Whether the car has left, or come back")
    reference: str
    status: RentalStatus
    car_class: ClassCode = Field(alias="class")
    other_branch: BranchCode = Field(description="Where the rental ends, or began")
    given_name: str
    family_name: str
    phone: str
    plate: str | None = None


class PaymentsRow(Row):
    """Money that moved on one local day of the pick-up branch, online and at the counter."""

    date: date
    branch: BranchCode
    purpose: Literal["PREPAY", "DEPOSIT", "ADDITIONAL", "COUNTER"]
    method: Literal["card", "pix", "boleto", "cash", "terminal"]
    payments: int
    captured: Money
    refunded: Money
    net: Money


class CancellationsRow(Row):
    """Cancellations by the local day on which they were made."""

    date: date
    branch: BranchCode
    car_class: ClassCode = Field(alias="class")
    cancellations: int
    free_of_charge: int
    fees: Money
    refunds: Money


class UtilisationReport(Report):
    rows: list[UtilisationRow]


class RevenueReport(Report):
    rows: list[RevenueRow]


class ManifestReport(Report):
    rows: list[ManifestRow]


class PaymentsReport(Report):
    rows: list[PaymentsRow]


class CancellationsReport(Report):
    rows: list[CancellationsRow]
