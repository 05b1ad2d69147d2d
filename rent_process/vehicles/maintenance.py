"""A car in the workshop: not to be rented, and not to be sold, for a while."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from rent_process.audit import service as audit
from rent_process.supply.domain import ceil_hour, floor_hour
from rent_process.supply.service import at_hour, change_supply, patiently
from rent_process.vehicles import domain, moves, repository, service
from rent_process.vehicles.domain import LockedVehicle, Place
from shared.contracts.caller import Caller
from shared.contracts.fleet import MaintenancePlanned, MaintenanceRequest, Vehicle
from shared.database import Connection, ConstraintViolation, transaction
from shared.errors import Rejected


async def plan(
    plate: str, request: MaintenanceRequest, caller: Caller, now: datetime
) -> MaintenancePlanned:
    """Take a car out of the calendar for a period, from now on at the earliest.

    Raises:
        Rejected: ``not_found``, ``validation_failed``, ``supply_below_sold``;
            ``vehicle_allocated`` when the car is out, or in the workshop already.
        Unavailable: the database is down, or the class is too busy.
    """
    from_at = domain.check_time(request.from_, now, "/from")
    domain.check_end(from_at, request.to, now, "/to")

    async def act() -> MaintenancePlanned:
        async with transaction("rent") as connection:
            return await _plan(connection, plate, (from_at, request.to), request, caller, now)

    try:
        return await patiently(act)
    except ConstraintViolation as violation:
        service.refuse(violation)


async def _plan(
    connection: Connection,
    plate: str,
    period: tuple[datetime, datetime],
    request: MaintenanceRequest,
    caller: Caller,
    now: datetime,
) -> MaintenancePlanned:
    vehicle = await service.lock(connection, plate, caller)
    place = await _place_during(connection, vehicle, period, now)
    change = domain.absent(vehicle.vehicle_id, place, *period)
    short_hours = await change_supply(connection, [change], now, override=request.override)
    allocation_id = await repository.allocate(
        connection, vehicle.vehicle_id, "maintenance", period, request.reason
    )
    zone = ZoneInfo(await repository.read_timezone(connection, place.branch_code))
    from_at, to_at = (at.astimezone(zone) for at in period)
    after = {"from": from_at.isoformat(), "to": to_at.isoformat(), "short_hours": short_hours}
    await audit.record(
        connection,
        caller,
        "maintenance_planned",
        target=plate,
        reason=request.reason,
        after=after | {"override": request.override},
    )
    return MaintenancePlanned(
        id=allocation_id,
        plate=plate,
        from_=from_at,
        to=to_at,
        reason=request.reason,
        short_hours=short_hours,
    )


async def _place_during(
    connection: Connection,
    vehicle: LockedVehicle,
    period: tuple[datetime, datetime],
    now: datetime,
) -> Place:
    """Where the car is missing then: all the time in one place, and kept for nothing else.

    Two absences in one hour would be counted twice: the second is to begin in the next hour.
    """
    hours = (at_hour(floor_hour(period[0])), at_hour(ceil_hour(period[1])))
    for row in await repository.find_allocations(connection, vehicle.vehicle_id, *hours, now):
        overlaps = row["from_at"] < period[1] and (row["to_at"] is None or row["to_at"] > period[0])
        if overlaps or row["kind"] != "rental":
            raise moves.allocated(row)
    place = vehicle.place_during(*period)
    if place is None:
        raise Rejected("vehicle_allocated", "the car is not in one place for all of that period")
    return place


async def end(plate: str, allocation_id: UUID, caller: Caller, now: datetime) -> Vehicle:
    """The car is back: what is left of the period can be sold again, deficits first.

    One that is over stays as it is; one that has not begun is called off.

    Raises:
        Rejected: ``not_found``.
        Unavailable: the database is down, or the class is too busy.
    """

    async def act() -> Vehicle:
        async with transaction("rent") as connection:
            return await _end(connection, plate, allocation_id, caller, now)

    return await patiently(act)


async def _end(
    connection: Connection, plate: str, allocation_id: UUID, caller: Caller, now: datetime
) -> Vehicle:
    vehicle = await service.lock(connection, plate, caller)
    row = await repository.find_maintenance(connection, vehicle.vehicle_id, allocation_id)
    if row is None:
        raise Rejected("not_found", "this car has no such maintenance")
    period = (row["from_at"], row["to_at"])
    place = vehicle.place_during(*period)
    if row["to_at"] > now and place is not None:
        has_begun = row["from_at"] < now
        back_at = now if has_begun else row["from_at"]
        first = at_hour(ceil_hour(now)) if has_begun else row["from_at"]
        change = domain.absent(vehicle.vehicle_id, place, first, row["to_at"], cars=1)
        await change_supply(connection, [change], now, override=False)
        await repository.end_allocations(
            connection, vehicle.vehicle_id, "maintenance", back_at, allocation_id
        )
        await audit.record(
            connection,
            caller,
            "maintenance_ended",
            target=plate,
            reason=row["reason"],
            before={"from": period[0].isoformat(), "to": period[1].isoformat()},
            after={"to": back_at.isoformat()},
        )
    return await service.read(connection, plate, now)
