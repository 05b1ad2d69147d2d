"""A car's way from one place to another: supply and allocations follow in one transaction."""

from datetime import datetime
from typing import Any

from rent_process.audit import service as audit
from rent_process.supply.domain import ceil_hour, floor_hour
from rent_process.supply.service import change_supply, give_back, lock_supply
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


async def join_branch(
    connection: Connection,
    caller: Caller,
    plate: str,
    branch_code: str,
    at: datetime,
    now: datetime,
    *,
    rest_until_hour: int | None = None,
    reference: str | None = None,
) -> int:
    """A car that came back elsewhere belongs there from ``at`` on, as a one-way's does.

    ``at``: when it can be rented again, turnaround included. ``rest_until_hour``: the end of the
    slice that its rental keeps of the car's own branch and class; what of it lies after ``at`` is
    given back in the same step, so end the rental's slice at ``ceil_hour(at)``.

    The car is there, whatever is sold: what the origin lacks becomes ``short``, and how many hours
    that is is returned, and audited. Locks vehicle, class_supply and calendar: call it after the
    rental's row is locked and before anything touches the calendar in this transaction.

    Raises:
        Rejected: ``not_found``: there is no such car.
    """
    vehicle = await repository.lock_vehicle(connection, plate)
    if vehicle is None:
        raise Rejected("not_found", "there is no such car")
    short_hours = 0
    if vehicle.move is not None:
        short_hours += await call_off(connection, vehicle, vehicle.move, now, override=True)
    source = vehicle.place
    target = Place(branch_code, source.class_code)
    if source == target:
        return short_hours
    hour = ceil_hour(at)
    changes = domain.moved(vehicle.vehicle_id, source, target, hour, hour)
    await lock_supply(connection, changes, now)
    if rest_until_hour is not None and hour < rest_until_hour:
        await give_back(connection, (source.branch_code, source.class_code), hour, rest_until_hour)
    short_hours += await change_supply(connection, changes, now, override=True)
    short_hours += await _take_along(connection, vehicle, target, at, now)
    await repository.place_vehicle(connection, vehicle.vehicle_id, target, "active")
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


async def _take_along(
    connection: Connection, vehicle: LockedVehicle, target: Place, at: datetime, now: datetime
) -> int:
    """Maintenance to come is missing at the new place then, and no more at the old one."""
    short_hours = 0
    for row in await repository.find_allocations(connection, vehicle.vehicle_id, at, None, now):
        if row["kind"] != "maintenance":
            continue
        period = (row["from_at"], row["to_at"])
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
