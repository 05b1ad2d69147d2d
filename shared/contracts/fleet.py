"""The HTTP models of the fleet: vehicles, what they are kept from, and the calendar they fill."""

from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import AwareDatetime, Field, StrictBool, StringConstraints, model_validator

from shared.contracts.bases import BranchCode, ClassCode, Request, Response
from shared.contracts.moments import Moment
from shared.contracts.operator import Cursor, Page, Text

Plate = Annotated[
    str,
    StringConstraints(to_upper=True, strip_whitespace=True, pattern="^[A-Za-z0-9]{5,8}$"),
    Field(examples=["RIO2A18"]),
]
Model = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=80, pattern=r"^[^\x00-\x1f\x7f]*$"
    ),
]
Year = Annotated[int, Field(ge=1990, le=2100)]
Odometer = Annotated[int, Field(ge=0, le=2_000_000)]
Status = Literal["active", "maintenance", "retired"]


class Overridable(Request):
    """What may leave fewer cars than are sold, if somebody says why."""

    override: StrictBool = Field(
        default=False, description="Go below what is sold; audited, and shown as short"
    )
    reason: Text | None = Field(default=None, description="Asked for by an override; no names")

    @model_validator(mode="after")
    def _override_has_a_reason(self) -> Self:
        if self.override and self.reason is None:
            raise ValueError("an override needs a reason")
        return self


# --- vehicles ----------------------------------------------------------------------------------


class VehiclesQuery(Request):
    """A page of the fleet, in order of plates."""

    branch: BranchCode | None = None
    car_class: ClassCode | None = Field(default=None, alias="class")
    status: Status | None = None
    q: Annotated[str, StringConstraints(to_upper=True, pattern="^[A-Za-z0-9]{1,8}$")] | None = (
        Field(default=None, description="How the plate begins")
    )
    cursor: Cursor | None = None
    limit: int = Field(default=50, ge=1, le=200)


class Maintenance(Response):
    id: UUID
    from_: AwareDatetime = Field(alias="from")
    to: AwareDatetime
    reason: str


class Move(Response):
    """A change to come; without a branch the car leaves the fleet."""

    branch: BranchCode | None = None
    car_class: ClassCode | None = Field(default=None, alias="class")
    leaves_at: AwareDatetime
    arrives_at: AwareDatetime


class Vehicle(Response):
    """``status`` is that of this moment; times are the branch's own."""

    plate: str
    branch: BranchCode
    car_class: ClassCode = Field(alias="class")
    model: str
    model_year: int
    odometer_km: int
    status: Status
    rental: str | None = Field(default=None, description="The rental that it is out on")
    maintenance: list[Maintenance] = Field(description="Now and to come")
    move: Move | None = None


class VehiclePage(Page):
    vehicles: list[Vehicle]


class VehicleRequest(Request):
    """A car joins the fleet, and is sold from ``from`` on (now, when it is left out)."""

    plate: Plate
    branch: BranchCode
    car_class: ClassCode = Field(alias="class")
    model: Model
    model_year: Year
    odometer_km: Odometer = 0
    from_: Moment | None = Field(default=None, alias="from")


class VehicleChange(Overridable):
    """What is left out stays.

    Another branch or class is a transfer, ``retired`` takes the car out of the fleet, ``active``
    brings it back: from ``from`` on (now, when it is left out). Between ``from`` and
    ``arrives_at`` the car is on its way and nobody's.
    """

    branch: BranchCode | None = None
    car_class: ClassCode | None = Field(default=None, alias="class")
    model: Model | None = None
    model_year: Year | None = None
    odometer_km: Odometer | None = None
    status: Literal["active", "retired"] | None = None
    from_: Moment | None = Field(default=None, alias="from")
    arrives_at: Moment | None = None


class MaintenanceRequest(Request):
    """From ``from`` (now, when it is left out) to ``to`` the car is not there to be rented."""

    from_: Moment | None = Field(default=None, alias="from")
    to: Moment
    reason: Text
    override: StrictBool = Field(
        default=False, description="Go below what is sold; audited, and shown as short"
    )


class MaintenancePlanned(Maintenance):
    plate: str
    short_hours: int = Field(description="Hours in which more cars are sold than there are now")


# --- overbooking -------------------------------------------------------------------------------


class OverbookingRequest(Overridable):
    """How many percent of its cars a class may sell beyond them, rounded down to whole cars."""

    branch: BranchCode
    car_class: ClassCode = Field(alias="class")
    percent: int = Field(ge=0, le=100)


class Overbooking(Response):
    branch: BranchCode
    car_class: ClassCode = Field(alias="class")
    supply: int = Field(description="Cars, when everything planned has happened")
    percent: int
    cars: int = Field(description="What may be sold beyond them; 0 while the flag is off")


# --- calendar ----------------------------------------------------------------------------------


class CalendarQuery(Request):
    """At most 31 days; ``from`` is in, ``to`` is out, both widened to whole hours."""

    branch: BranchCode
    from_: Moment | None = Field(default=None, alias="from", description="Default: now")
    to: Moment | None = Field(default=None, description="Default: seven days after from")


class ClassHours(Response):
    """One number for each hour: free - short = cars - sold. ``cars`` counts overbooking in."""

    car_class: ClassCode = Field(alias="class")
    cars: list[int]
    sold: list[int]
    free: list[int]
    short: list[int]
    overbooking_percent: int = Field(description="How far it may be sold beyond its cars")


class Allocation(Response):
    kind: Literal["rental", "maintenance", "transfer", "retired"]
    from_: AwareDatetime = Field(alias="from")
    to: AwareDatetime | None = Field(default=None, description="Absent: for good")
    reference: str | None = None
    reason: str | None = None


class AllocatedVehicle(Response):
    plate: str
    car_class: ClassCode = Field(alias="class")
    allocations: list[Allocation]


class Calendar(Response):
    """The lists of each class begin with the hour of ``from``."""

    branch: BranchCode
    timezone: str
    from_: AwareDatetime = Field(alias="from")
    to: AwareDatetime
    classes: list[ClassHours]
    vehicles: list[AllocatedVehicle]
