"""A car that is out longer than agreed keeps what was planned for it waiting. No I/O.

The hours in which it is out are taken by its rental, there or not. Were its maintenance, or its way
to another branch, counted in the same hours, one car would be missing twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from rent_process.supply.domain import SupplyChange, ceil_hour, floor_hour
from rent_process.vehicles.domain import LockedVehicle, PlannedMove

# A change that takes no time still has a moment over which nobody has the car.
MOMENT = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a car is kept for once its rental is over. ``to_at`` None: for good."""

    allocation_id: UUID
    kind: str
    from_at: datetime
    to_at: datetime | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Delay:
    """A plan that cannot begin when it was to, and what the calendar makes of that."""

    plan: Plan
    from_at: datetime
    to_at: datetime | None
    changes: tuple[SupplyChange, ...]
    move: PlannedMove | None = None  # the car's, if it is that one which waits

    @property
    def is_missed(self) -> bool:
        """Nothing is left of it: another time is to be found."""
        return self.to_at is not None and self.to_at <= self.from_at


def delays(vehicle: LockedVehicle, plans: Sequence[Plan], back_at: datetime) -> list[Delay]:
    """What has to wait for a car that comes back at ``back_at``, a full hour, in order of time.

    Maintenance begins later and ends when it was to; a car that moves leaves later, and arrives
    later if it has to, which what is planned at its target may have to wait for in turn.
    """
    found = []
    for plan in plans:
        if plan.from_at >= back_at:
            break
        if plan.kind == "maintenance" and plan.to_at is not None:
            found.append(_maintenance(vehicle, plan, plan.to_at, back_at))
        elif vehicle.move is not None and plan.from_at == vehicle.move.leaves_at:
            found.append(_move(vehicle, plan, vehicle.move, back_at))
            back_at = found[-1].to_at or back_at
    return found


def _maintenance(vehicle: LockedVehicle, plan: Plan, to_at: datetime, back_at: datetime) -> Delay:
    place = vehicle.place_during(plan.from_at, to_at) or vehicle.place
    first, last = floor_hour(plan.from_at), min(floor_hour(back_at), ceil_hour(to_at))
    there = SupplyChange(place.branch_code, place.class_code, 1, first, last, vehicle.vehicle_id)
    return Delay(plan, back_at, plan.to_at, (there,) if first < last else ())


def _move(vehicle: LockedVehicle, plan: Plan, move: PlannedMove, back_at: datetime) -> Delay:
    """It stands at its place until it leaves, and not at its target until it arrives."""
    late = replace(move, leaves_at=back_at, arrives_at=max(move.arrives_at, back_at))
    place, vehicle_id = vehicle.place, vehicle.vehicle_id
    stands = (floor_hour(move.leaves_at), floor_hour(back_at))
    changes = [SupplyChange(place.branch_code, place.class_code, 1, *stands, vehicle_id)]
    lacks = (ceil_hour(move.arrives_at), ceil_hour(late.arrives_at))
    if move.to is not None:
        target = move.to
        changes.append(SupplyChange(target.branch_code, target.class_code, -1, *lacks, vehicle_id))
    until = None if plan.to_at is None else max(late.arrives_at, back_at + MOMENT)
    return Delay(plan, back_at, until, tuple(_of_some_hours(changes)), late)


def _of_some_hours(changes: Sequence[SupplyChange]) -> list[SupplyChange]:
    return [each for each in changes if each.to_hour is None or each.from_hour < each.to_hour]
