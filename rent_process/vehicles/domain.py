"""Where a car belongs, and what may be asked of it. No I/O; the clock is an argument."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from rent_process.supply.domain import SupplyChange, ceil_hour, floor_hour
from shared.errors import FieldError, Rejected

# Clocks differ and forms take a while to fill in: what is a little late is now.
LATE = timedelta(minutes=15)
# As far as the calendar is kept ahead.
FARTHEST = timedelta(days=540)


@dataclass(frozen=True, slots=True)
class Place:
    """The branch and class that a car is sold in."""

    branch_code: str
    class_code: str


@dataclass(frozen=True, slots=True)
class PlannedMove:
    """``to`` None: out of the fleet."""

    to: Place | None
    leaves_at: datetime
    arrives_at: datetime


@dataclass(frozen=True, slots=True)
class LockedVehicle:
    """A car whose row is locked until the transaction ends."""

    vehicle_id: UUID
    plate: str
    place: Place
    status: str
    model: str
    model_year: int
    odometer_km: int
    move: PlannedMove | None

    @property
    def belongs_to(self) -> Place | None:
        """None: it is out of the fleet."""
        return None if self.status == "retired" else self.place

    def place_during(self, from_at: datetime, to_at: datetime) -> Place | None:
        """Where it is for the whole of a period; None: not in one place."""
        if self.move is None or to_at <= self.move.leaves_at:
            return self.belongs_to
        return self.move.to if from_at >= self.move.arrives_at else None


def moved(
    vehicle_id: UUID,
    source: Place | None,
    target: Place | None,
    leaves_hour: int,
    arrives_hour: int,
) -> list[SupplyChange]:
    """One car fewer at the source for good, one more at the target; None is outside the fleet."""
    changes = []
    if source is not None:
        changes.append(
            SupplyChange(source.branch_code, source.class_code, -1, leaves_hour, None, vehicle_id)
        )
    if target is not None:
        changes.append(
            SupplyChange(target.branch_code, target.class_code, 1, arrives_hour, None, vehicle_id)
        )
    return changes


def absent(
    vehicle_id: UUID, place: Place, from_at: datetime, to_at: datetime, cars: int = -1
) -> SupplyChange:
    """A car away for a while: every hour that it is not there for the whole of."""
    hours = floor_hour(from_at), ceil_hour(to_at)
    return SupplyChange(place.branch_code, place.class_code, cars, *hours, vehicle_id)


def check_time(at: datetime | None, now: datetime, pointer: str) -> datetime:
    """``at``, or now when it is left out or only just gone by.

    Raises:
        Rejected: ``validation_failed`` for what lies in the past or beyond the calendar.
    """
    if at is None or now - LATE <= at < now:
        return now
    if at < now:
        raise _at_fault(pointer, "lies in the past")
    if at > now + FARTHEST:
        raise _at_fault(pointer, f"lies more than {FARTHEST.days} days ahead")
    return at


def check_end(from_at: datetime, to_at: datetime, now: datetime, pointer: str) -> None:
    """A period ends after it begins, and within the calendar."""
    if to_at <= from_at:
        raise _at_fault(pointer, "is not after the beginning")
    if to_at > now + FARTHEST:
        raise _at_fault(pointer, f"lies more than {FARTHEST.days} days ahead")


def _at_fault(pointer: str, detail: str) -> Rejected:
    return Rejected("validation_failed", detail, (FieldError(pointer, detail),))
