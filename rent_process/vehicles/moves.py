"""A car's way from one place to another: supply and allocations follow in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rent_process.audit import service as audit
from rent_process.supply.domain import SupplyChange, ceil_hour, floor_hour
from rent_process.supply.service import at_hour, change_supply, give_back, lock_supply
from rent_process.vehicles import domain, repository
from rent_process.vehicles.delays import MOMENT
from rent_process.vehicles.domain import LockedVehicle, Place, PlannedMove
from shared.contracts.caller import Caller
from shared.database import Connection
from shared.errors import Rejected


async def move(
    connection: Connection,
    vehicle: LockedVehicle,
    planned: PlannedMove,
    now: datetime,
    *,
    override: bool,
) -> int:
    """Let a car leave its place and arrive at another, or leave the fleet, or come back to it.

    Returns how many hours are short of cars now.

    Raises:
        Rejected: ``supply_below_sold``; ``vehicle_allocated`` when it is out, in the workshop or
            on its way at that time or later.
    """
    source, vehicle_id = vehicle.belongs_to, vehicle.vehicle_id
    if source is not None:
        await refuse_allocated(connection, vehicle, planned.leaves_at, now)
    short_hours = await change_supply(
        connection,
        domain.moved(
            vehicle_id,
            source,
            planned.to,
            floor_hour(planned.leaves_at),
            ceil_hour(planned.arrives_at),
        ),
        now,
        override=override,
    )
    if source is None:
        await repository.end_allocations(connection, vehicle_id, "retired", planned.arrives_at)
    elif planned.to is None:
        await repository.allocate(connection, vehicle_id, "retired", (planned.leaves_at, None))
    elif planned.arrives_at > now:
        until = max(planned.arrives_at, planned.leaves_at + MOMENT)
        await repository.allocate(connection, vehicle_id, "transfer", (planned.leaves_at, until))
    if planned.arrives_at <= now:
        await arrive(connection, vehicle, planned)
    else:
        await repository.plan_move(connection, vehicle_id, planned)
    return short_hours


async def arrive(connection: Connection, vehicle: LockedVehicle, planned: PlannedMove) -> None:
    """The car belongs to where it was to go from now on; supply has known for long."""
    status = "retired" if planned.to is None else "active"
    await repository.place_vehicle(connection, vehicle.vehicle_id, planned.to, status)
    await repository.drop_move(connection, vehicle.vehicle_id)


async def call_off(
    connection: Connection,
    vehicle: LockedVehicle,
    planned: PlannedMove,
    now: datetime,
    *,
    override: bool,
) -> int:
    """Undo a move that is planned. Returns how many hours are short of cars now.

    Raises:
        Rejected: ``supply_below_sold``: what it was to be at its target is sold there already.
    """
    source, vehicle_id = vehicle.belongs_to, vehicle.vehicle_id
    changes = domain.moved(
        vehicle_id,
        planned.to,
        source,
        ceil_hour(planned.arrives_at),
        floor_hour(planned.leaves_at),
    )
    short_hours = await change_supply(connection, changes, now, override=override)
    kind = "retired" if planned.to is None else "transfer"
    await repository.end_allocations(connection, vehicle_id, kind, planned.leaves_at)
    if source is None:
        await repository.allocate(connection, vehicle_id, "retired", (planned.arrives_at, None))
    await repository.drop_move(connection, vehicle_id)
    return short_hours


@dataclass(frozen=True, slots=True)
class Rest:
    """The hours that a rental keeps of a branch and class, whichever its car is of by now."""

    branch_code: str
    class_code: str
    to_hour: int


async def join_branch(
    connection: Connection,
    caller: Caller,
    plate: str,
    branch_code: str,
    at: datetime,
    now: datetime,
    *,
    rest: Rest | None = None,
    reference: str | None = None,
) -> int:
    """A car that came back elsewhere belongs there from ``at`` on, as a one-way's does.

    ``at``: when it can be rented again, turnaround included. ``rest``: what of it lies after
    ``at`` is given back in the same step, so end the rental's slice at ``ceil_hour(at)``.

    The car is there, whatever is sold: what the origin lacks becomes ``short``, and how many hours
    that is is returned, and audited. One that has left the fleet meanwhile stays out of it. Locks
    vehicle, class_supply and calendar: call it after the rental's row is locked and before
    anything touches the calendar in this transaction.

    Raises:
        Rejected: ``not_found``: there is no such car.
    """
    vehicle = await repository.lock_vehicle(connection, plate)
    if vehicle is None:
        raise Rejected("not_found", "there is no such car")
    short_hours = 0
    if vehicle.move is not None:
        short_hours += await call_off(connection, vehicle, vehicle.move, now, override=True)
    source, target = vehicle.place, Place(branch_code, vehicle.place.class_code)
    hour = ceil_hour(at)
    changes: list[SupplyChange] = []
    if vehicle.belongs_to not in {None, target}:
        changes = domain.moved(vehicle.vehicle_id, source, target, hour, hour)
    await _give_back_rest(connection, rest, changes, hour, now)
    if source == target:
        return short_hours
    if changes:
        short_hours += await change_supply(connection, changes, now, override=True)
        short_hours += await _take_along(connection, vehicle, target, hour, now)
    await repository.place_vehicle(connection, vehicle.vehicle_id, target, vehicle.status)
    await audit.record(
        connection,
        caller,
        "vehicle_joined_branch",
        reference=reference,
        target=plate,
        before={"branch": source.branch_code},
        after={"branch": branch_code, "short_hours": short_hours},
    )
    return short_hours


async def _give_back_rest(
    connection: Connection,
    rest: Rest | None,
    changes: Sequence[SupplyChange],
    hour: int,
    now: datetime,
) -> None:
    """Lock what the changes and the rest touch, in the one order; then give the rest back."""
    hour = max(hour, floor_hour(now))
    if rest is None or rest.to_hour <= hour:
        await lock_supply(connection, changes, now)
        return
    pair = (rest.branch_code, rest.class_code)
    nothing = SupplyChange(*pair, 0, hour, rest.to_hour)
    touched = list(changes) if pair in {each.pair for each in changes} else [*changes, nothing]
    await lock_supply(connection, touched, now)
    await give_back(connection, pair, hour, rest.to_hour)


async def _take_along(
    connection: Connection, vehicle: LockedVehicle, target: Place, hour: int, now: datetime
) -> int:
    """Maintenance to come is missing at the new place then, and no more at the old one."""
    short_hours, joins_at, vehicle_id = 0, at_hour(hour), vehicle.vehicle_id
    for row in await repository.find_allocations(connection, vehicle_id, joins_at, None, now):
        if row["kind"] != "maintenance":
            continue
        period = (max(row["from_at"], joins_at), row["to_at"])
        changes = [
            domain.absent(vehicle.vehicle_id, vehicle.place, *period, cars=1),
            domain.absent(vehicle.vehicle_id, target, *period),
        ]
        short_hours += await change_supply(connection, changes, now, override=True)
    return short_hours


async def refuse_allocated(
    connection: Connection, vehicle: LockedVehicle, from_at: datetime, now: datetime
) -> None:
    """Refuse when the car is kept for something from then on, or is out beyond its time.

    Raises:
        Rejected: ``vehicle_allocated``.
    """
    found = await repository.find_allocations(connection, vehicle.vehicle_id, from_at, None, now)
    if found:
        raise allocated(found[0])


def allocated(row: dict[str, Any]) -> Rejected:
    what = row["reference"] or row["kind"]
    until = "for good" if row["to_at"] is None else f"until {row['to_at'].isoformat()}"
    detail = f"the car is kept ({what}) from {row['from_at'].isoformat()} {until}"
    return Rejected("vehicle_allocated", detail)
