"""The HTTP models of a car that changes hands: check-out, exchange, check-in, and what goes wrong.

Every one of these calls may be sent again: what is done already is answered the same.
"""

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, StrictBool, StringConstraints

from shared.contracts.money import Money
from shared.contracts.operator import PositiveMoney, Text
from shared.contracts.renter import (
    BranchCode,
    ClassCode,
    PriceLine,
    RentalDriver,
    RentalStatus,
    Request,
    Response,
    Stop,
)

Plate = Annotated[
    str,
    StringConstraints(to_upper=True, pattern="^[A-Za-z0-9]{5,8}$"),
    Field(examples=["ABC1D23"]),
]
Odometer = Annotated[int, Field(strict=True, ge=0, le=2_000_000)]
Fuel = Annotated[
    int, Field(strict=True, ge=0, le=8, description="Eighths of a tank, as the gauge shows")
]


class Vehicle(Response):
    plate: str
    car_class: ClassCode = Field(alias="class")
    model: str
    odometer_km: int


# --- the car leaves ----------------------------------------------------------------------------


class VehicleSuggestion(Response):
    """Free cars of the class at the branch, the best first: it leaves the least idle time."""

    reference: str
    status: RentalStatus
    suggested: Vehicle | None = None
    others: list[Vehicle]
    upgrades: list[Vehicle] = Field(
        default=[], description="When the class has no car: of better ones, the next one up first"
    )


class CheckOutRequest(Request):
    """``upgrade`` says that a car of another class is meant, at no charge."""

    plate: Plate
    odometer_km: Odometer
    fuel_eighths: Fuel
    notes: Text | None = None
    deposit_payment_method_id: Annotated[str, Field(pattern="^pm_[A-Za-z0-9_]{1,250}$")] | None = (
        Field(default=None, description="Another card for the deposit than the one that was kept")
    )
    upgrade: StrictBool = False


class CheckedOut(Response):
    """``deposit`` is asked of the card; the rental's timeline tells what became of it."""

    reference: str
    status: RentalStatus
    vehicle: Vehicle
    checked_out_at: AwareDatetime
    odometer_km: int
    fuel_eighths: int
    return_: Stop = Field(alias="return")
    deposit: Money


class Reading(Request):
    odometer_km: Odometer
    fuel_eighths: Fuel


class ExchangeRequest(Request):
    """The next car's readings, and in ``returned`` those of the car that comes back."""

    plate: Plate
    odometer_km: Odometer
    fuel_eighths: Fuel
    returned: Reading
    reason: Text
    upgrade: StrictBool = False


# --- the car is back ---------------------------------------------------------------------------


class Damage(Request):
    description: Text
    amount: PositiveMoney


class CheckInRequest(Request):
    """``returned_at``: when the car came, if not now, as into a key box.

    ``car_goes_home``: a one-way's car is driven back instead of joining the destination's.
    """

    odometer_km: Odometer
    fuel_eighths: Fuel
    damages: list[Damage] = Field(default=[], max_length=30)
    returned_at: AwareDatetime | None = None
    car_goes_home: StrictBool = False


class CheckedIn(Response):
    """``charges`` come on top of the price; an empty list when there is nothing."""

    reference: str
    status: RentalStatus
    returned_at: AwareDatetime
    charges: list[PriceLine]
    total: Money


# --- overtime ----------------------------------------------------------------------------------


class ExtensionQuery(Request):
    return_at: AwareDatetime


class ExtensionRequest(Request):
    """``override`` takes hours that are sold out; it needs a reason and is audited."""

    return_at: AwareDatetime
    override: StrictBool = False
    reason: Text | None = None


class Extension(Response):
    """What the added time costs, at the rental's own rates. ``available``: it can be had."""

    reference: str
    status: RentalStatus
    return_: Stop = Field(alias="return")
    available: bool
    charges: list[PriceLine]
    total: Money


class OverdueQuery(Request):
    branch: BranchCode | None = None


class NextPlan(Response):
    """What its car is kept for next; it waits for the car, hour by hour. No ``to``: for good."""

    kind: Literal["maintenance", "transfer", "retired"]
    from_: AwareDatetime = Field(alias="from")
    to: AwareDatetime | None = None
    reason: str | None = None


class OverdueRental(Response):
    reference: str
    return_: Stop = Field(alias="return")
    car_class: ClassCode = Field(alias="class")
    plate: str
    driver: RentalDriver
    minutes_late: int = Field(ge=0)
    hours_short: int = Field(
        ge=0, description="Hours from now on, of its class, that are sold and not there"
    )
    next_plan: NextPlan | None = None


class Overdue(Response):
    """Cars that should be back, the longest overdue first."""

    rentals: list[OverdueRental]


# --- nobody came -------------------------------------------------------------------------------


class NoShowRequest(Request):
    reason: Text | None = None


class NoShow(Response):
    reference: str
    status: RentalStatus
    fee: Money = Field(description="Kept from what was paid")
    refund: Money = Field(description="Goes back to the means of payment")
    at_counter: Money | None = Field(
        default=None, description="Of the refund: was paid at the counter, is handed back there"
    )
