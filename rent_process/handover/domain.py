"""Which car may leave for which rental, and when. No I/O; the clock is an argument."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from shared.contracts.renter import RentalStatus
from shared.errors import FieldError, Rejected

HOUR = timedelta(hours=1)
MOMENT = timedelta(milliseconds=1)
FARTHEST_KM = 100_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)  # the calendar's hours are counted from here


@dataclass(frozen=True, slots=True)
class OperatedRental:
    """A rental as far as the counter needs it. Its row is locked until the transaction ends."""

    rental_id: UUID
    reference: str
    status: RentalStatus
    version: int
    pickup_branch: str
    return_branch: str
    return_name: str
    return_timezone: str
    class_code: str
    sold_class: str | None
    pickup_at: datetime
    return_at: datetime
    from_hour: int
    to_hour: int
    turnaround: timedelta
    reposition_hours: int  # of a one-way: until the car could be back
    total_minor: int
    currency: str
    payment_method: str

    @property
    def is_one_way(self) -> bool:
        return self.pickup_branch != self.return_branch

    def slice_end(self, back_at: datetime) -> int:
        """The hour from which on the branch has the car again if it comes at ``back_at``."""
        ready = back_at + self.turnaround - EPOCH
        return -(-ready // HOUR) + self.reposition_hours

    def planned_until(self, now: datetime) -> datetime:
        """Until when a car that leaves now is planned to be away."""
        return max(self.return_at + self.turnaround, now + HOUR)


@dataclass(frozen=True, slots=True)
class Car:
    """A vehicle. Its row is locked."""

    vehicle_id: UUID
    plate: str
    class_code: str
    branch_code: str
    model: str
    odometer_km: int
    status: str


@dataclass(frozen=True, slots=True)
class Leg:
    """One car's part of a rental: from its leaving to its coming back."""

    number: int
    vehicle_id: UUID
    allocation_id: UUID
    plate: str
    class_code: str
    model: str
    out_at: datetime
    out_odometer_km: int
    out_fuel_eighths: int
    in_at: datetime | None
    in_odometer_km: int | None
    in_fuel_eighths: int | None


def later_than(leg: Leg, now: datetime) -> datetime:
    """Clocks of two instances differ; what follows a car's leaving comes after it all the same."""
    return max(now, leg.out_at + MOMENT)


def check_startable(rental: OperatedRental, now: datetime) -> None:
    """A car leaves before the time that was agreed for its return, or not at all.

    Raises:
        Rejected: ``illegal_transition``.
    """
    if rental.return_at <= now:
        raise Rejected("illegal_transition", "the time of the rental has passed")


def check_car(rental: OperatedRental, car: Car | None, branch: str, *, upgrade: bool) -> Car:
    """A car that stands at the branch, of the rental's class or of another one on purpose.

    Raises:
        Rejected: ``validation_failed``, ``vehicle_unavailable``.
    """
    if car is None:
        detail = "is no car of ours"
        raise Rejected("validation_failed", detail, (FieldError("/plate", detail),))
    if car.status != "active":
        raise Rejected("vehicle_unavailable", f"the car is {car.status}")
    if car.branch_code != branch:
        raise Rejected("vehicle_unavailable", f"the car belongs to {car.branch_code}")
    if car.class_code != rental.class_code and not upgrade:
        detail = f"is a {car.class_code}, not a {rental.class_code}: say upgrade if it is meant"
        raise Rejected("validation_failed", detail, (FieldError("/plate", detail),))
    return car


def check_reading(leg: Leg, odometer_km: int, pointer: str) -> None:
    """No car comes back with fewer kilometres than it left with, nor with a digit too many.

    Raises:
        Rejected: ``validation_failed``.
    """
    detail = ""
    if odometer_km < leg.out_odometer_km:
        detail = f"is below the {leg.out_odometer_km} km that the car left with"
    elif odometer_km > leg.out_odometer_km + FARTHEST_KM:
        detail = "is farther than any car goes; is a digit too many?"
    if detail:
        raise Rejected("validation_failed", detail, (FieldError(pointer, detail),))


def vehicle_unavailable() -> Rejected:
    return Rejected("vehicle_unavailable", "the car is out or planned for something else")
