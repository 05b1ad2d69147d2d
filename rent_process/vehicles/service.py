"""The fleet: list it, let cars in and out, change them, move them between branches."""

from datetime import datetime
from typing import Any, NoReturn
from zoneinfo import ZoneInfo

from rent_process.audit import service as audit
from rent_process.paging import PLATED, from_cursor, split_page, to_cursor
from rent_process.supply.domain import ceil_hour
from rent_process.supply.service import change_supply, patiently
from rent_process.vehicles import domain, moves, repository
from rent_process.vehicles.domain import LockedVehicle, Place, PlannedMove
from shared.contracts.caller import Caller
from shared.contracts.fleet import (
    Vehicle,
    VehicleChange,
    VehiclePage,
    VehicleRequest,
    VehiclesQuery,
)
from shared.database import Connection, ConstraintViolation, connect, transaction
from shared.errors import FieldError, Rejected
from shared.sweeping import for_each
from shared.telemetry import event

DUE_AT_ONCE = 200  # of one run of the timer; the rest a minute later
_NOT_THERE = {
    "vehicle_branch_code_fkey": ("/branch", "is no branch"),
    "vehicle_class_code_fkey": ("/class", "is no class"),
    "class_supply_branch_code_fkey": ("/branch", "is no branch"),
    "class_supply_class_code_fkey": ("/class", "is no class"),
}
_UNASKED = {
    "plate": None, "branch": None, "class": None, "status": None, "pattern": None, "after": None,
    "branches": None, "limit": 1,
}  # fmt: skip


async def list_vehicles(query: VehiclesQuery, caller: Caller, now: datetime) -> VehiclePage:
    """Read one page, in order of plates.

    Raises:
        Rejected: ``validation_failed`` for a cursor that no such list has given.
        Unavailable: the database is down.
    """
    after = from_cursor(query.cursor, PLATED)
    parameters = _UNASKED | {
        "branch": query.branch,
        "class": query.car_class,
        "status": query.status,
        "pattern": None if query.q is None else f"{query.q}%",
        "after": None if after is None else after[0],
        "branches": caller.limited_to,
        "limit": query.limit + 1,
        "now": now,
    }
    async with connect("rent") as connection:
        found = await repository.list_vehicles(connection, parameters)
    rows, more = split_page(found, query.limit)
    cursor = to_cursor((rows[-1]["plate"],), PLATED) if more else None
    return VehiclePage(vehicles=[_shown(row) for row in rows], next_cursor=cursor)


async def add_vehicle(request: VehicleRequest, caller: Caller, now: datetime) -> Vehicle:
    """A car joins the fleet and is sold from then on; until then it is on its way.

    Raises:
        Rejected: ``vehicle_exists``, ``validation_failed``, ``forbidden``.
        Unavailable: the database is down, or the class is too busy.
    """
    if not caller.serves(request.branch):
        raise Rejected("forbidden", "this branch is not yours")
    from_at = domain.check_time(request.from_, now, "/from")

    async def act() -> Vehicle:
        async with transaction("rent") as connection:
            return await _add(connection, request, from_at, caller, now)

    try:
        added = await patiently(act)
    except ConstraintViolation as violation:
        refuse(violation)
    event("vehicle_added", {"branch": request.branch, "class": request.car_class})
    return added


async def _add(
    connection: Connection,
    request: VehicleRequest,
    from_at: datetime,
    caller: Caller,
    now: datetime,
) -> Vehicle:
    row = {
        "plate": request.plate,
        "branch_code": request.branch,
        "class_code": request.car_class,
        "model": request.model,
        "model_year": request.model_year,
        "odometer_km": request.odometer_km,
    }
    vehicle_id = await repository.insert_vehicle(connection, row)
    if from_at > now:
        await repository.allocate(connection, vehicle_id, "transfer", (now, from_at))
    place = Place(request.branch, request.car_class)
    joins = domain.moved(vehicle_id, None, place, 0, ceil_hour(from_at))
    await change_supply(connection, joins, now, override=False)
    after = request.model_dump(mode="json", by_alias=True) | {"from": from_at.isoformat()}
    await audit.record(connection, caller, "vehicle_added", target=request.plate, after=after)
    return await read(connection, request.plate, now)


async def change_vehicle(
    plate: str, request: VehicleChange, caller: Caller, now: datetime
) -> Vehicle:
    """Change what is given; another place, or leaving the fleet, takes supply along.

    Raises:
        Rejected: ``not_found``, ``supply_below_sold``, ``vehicle_allocated``, ``move_planned``,
            ``validation_failed``.
        Unavailable: the database is down, or the class is too busy.
    """

    async def act() -> Vehicle:
        async with transaction("rent") as connection:
            return await _change(connection, plate, request, caller, now)

    try:
        return await patiently(act)
    except ConstraintViolation as violation:
        refuse(violation)


async def _change(
    connection: Connection, plate: str, request: VehicleChange, caller: Caller, now: datetime
) -> Vehicle:
    vehicle = await lock(connection, plate, caller)
    before = _state(await read(connection, plate, now))
    given = request.model_dump(include={"model", "model_year", "odometer_km"}, exclude_none=True)
    described = {
        "vehicle_id": vehicle.vehicle_id,
        "model": vehicle.model,
        "model_year": vehicle.model_year,
        "odometer_km": vehicle.odometer_km,
    }
    await repository.describe_vehicle(connection, described | given)
    short_hours = await _place(connection, vehicle, request, now)
    changed = await read(connection, plate, now)
    after = _state(changed) | {"short_hours": short_hours}
    await audit.record(
        connection,
        caller,
        "vehicle_changed",
        target=plate,
        reason=request.reason,
        before=before,
        after=after,
    )
    return changed


async def _place(
    connection: Connection, vehicle: LockedVehicle, request: VehicleChange, now: datetime
) -> int:
    """Move the car where the request wants it, or leave it."""
    if (request.branch, request.car_class, request.status) == (None, None, None):
        return 0
    wanted = _wanted(vehicle, request)
    planned = vehicle.move
    if planned is not None:
        if wanted != vehicle.belongs_to or planned.leaves_at <= now:
            where = planned.to.branch_code if planned.to else "out of the fleet"
            detail = f"moves {where} on {planned.leaves_at.isoformat()}; call that off first"
            raise Rejected("move_planned", detail)
        if wanted is not None and planned.to is not None:
            await moves.refuse_allocated(connection, vehicle, planned.arrives_at, now)
        return await moves.call_off(connection, vehicle, planned, now, override=request.override)
    if wanted == vehicle.belongs_to:
        return 0
    leaves_at = domain.check_time(request.from_, now, "/from")
    arrives_at = leaves_at
    if request.arrives_at is not None and wanted is not None:
        arrives_at = request.arrives_at
        domain.check_end(leaves_at, arrives_at, now, "/arrives_at")
    move = PlannedMove(wanted, leaves_at, arrives_at)
    return await moves.move(connection, vehicle, move, now, override=request.override)


def _wanted(vehicle: LockedVehicle, request: VehicleChange) -> Place | None:
    status = request.status or vehicle.status
    if status == "retired":
        if vehicle.status == "retired" and (request.branch or request.car_class):
            detail = "the car is out of the fleet: bring it back with status active"
            raise Rejected("validation_failed", detail, (FieldError("/status", detail),))
        return None
    return Place(
        request.branch or vehicle.place.branch_code,
        request.car_class or vehicle.place.class_code,
    )


async def settle_moves(now: datetime) -> int:
    """Cars that have arrived belong to where they were to go; returns how many."""
    async with connect("rent") as connection:
        plates = await repository.list_due_moves(connection, now, DUE_AT_ONCE)

    async def settle(plate: str) -> None:
        async with transaction("rent") as connection:
            vehicle = await repository.lock_vehicle(connection, plate)
            if vehicle is not None and vehicle.move is not None and vehicle.move.arrives_at <= now:
                await moves.arrive(connection, vehicle, vehicle.move)

    await for_each(plates, settle, at_once=1)
    return len(plates)


async def lock(connection: Connection, plate: str, caller: Caller) -> LockedVehicle:
    """Lock a car of the caller's branches.

    Raises:
        Rejected: ``not_found``, also for a car of somebody else's branch.
    """
    vehicle = await repository.lock_vehicle(connection, plate)
    if vehicle is None or not caller.serves(vehicle.place.branch_code):
        raise Rejected("not_found", "there is no such car")
    return vehicle


async def read(connection: Connection, plate: str, now: datetime) -> Vehicle:
    """The car as it is in this transaction."""
    parameters = _UNASKED | {"plate": plate, "now": now}
    [row] = await repository.list_vehicles(connection, parameters)
    return _shown(row)


def refuse(violation: ConstraintViolation) -> NoReturn:
    """Say in our terms what PostgreSQL refused."""
    if violation.constraint == "vehicle_plate_key":
        raise Rejected("vehicle_exists", "a car with this plate is in the fleet already") from None
    if violation.constraint == "vehicle_in_one_place":
        raise Rejected("vehicle_allocated", "the car is kept for something else then") from None
    if violation.constraint in _NOT_THERE:
        pointer, detail = _NOT_THERE[violation.constraint]
        fault = FieldError(pointer, detail)
        raise Rejected("validation_failed", f"{pointer[1:]} {detail}", (fault,)) from None
    raise violation


def _shown(row: dict[str, Any]) -> Vehicle:
    zone = ZoneInfo(row["timezone"])

    def local(at: datetime) -> datetime:
        return at.astimezone(zone)

    move = None
    if row["leaves_at"] is not None:
        move = {
            "branch": row["move_branch"],
            "class": row["move_class"],
            "leaves_at": local(row["leaves_at"]),
            "arrives_at": local(row["arrives_at"]),
        }
    maintenance = [
        each | {name: local(datetime.fromisoformat(each[name])) for name in ("from", "to")}
        for each in row["maintenance"]
    ]
    return Vehicle.model_validate(
        row
        | {
            "branch": row["branch_code"],
            "class": row["class_code"],
            "maintenance": maintenance,
            "move": move,
        }
    )


def _state(vehicle: Vehicle) -> dict[str, Any]:
    """What the audit keeps of a car."""
    return vehicle.model_dump(mode="json", by_alias=True, exclude={"plate", "rental"})
