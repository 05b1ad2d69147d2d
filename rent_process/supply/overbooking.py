"""Sell beyond the cars that there are, by a percentage, while the flag is on."""

from datetime import datetime

from rent_process.audit import service as audit
from rent_process.supply import domain, repository, service
from rent_process.supply.domain import Supply, SupplyBelowSold
from shared.contracts.caller import Caller
from shared.contracts.fleet import Overbooking, OverbookingRequest
from shared.database import Connection, connect, transaction
from shared.errors import Rejected
from shared.features import Flag, is_enabled
from shared.telemetry import event


async def change_overbooking(
    request: OverbookingRequest, caller: Caller, now: datetime
) -> Overbooking:
    """Give a class its percentage; it is in force at once if the flag is on.

    Raises:
        Rejected: ``not_found`` for a class that the branch has not, or a branch of somebody else;
            ``supply_below_sold`` when less is allowed than is sold.
        Unavailable: the database is down, or the class is too busy.
    """
    enabled = await is_enabled(Flag.OVERBOOKING)

    async def act() -> Overbooking:
        async with transaction("rent") as connection:
            return await _change(connection, request, caller, now, enabled=enabled)

    return await service.patiently(act)


async def _change(
    connection: Connection,
    request: OverbookingRequest,
    caller: Caller,
    now: datetime,
    *,
    enabled: bool,
) -> Overbooking:
    pair = (request.branch, request.car_class)
    known = await repository.read_supply(connection, *pair)
    if known is None or not caller.serves(request.branch):
        raise Rejected("not_found", "this branch has no such class")
    before = await repository.lock_supply(connection, *pair, domain.floor_hour(now))
    in_force = request.percent if enabled else 0
    after, short_hours = await _put(
        connection, before, request.percent, in_force, now, override=request.override
    )
    await audit.record(
        connection,
        caller,
        "overbooking_changed",
        target=f"{request.branch} {request.car_class}",
        reason=request.reason,
        before={"percent": before.overbooking_percent, "cars": before.overbooking},
        after={
            "percent": after.overbooking_percent,
            "cars": after.overbooking,
            "short_hours": short_hours,
        },
    )
    return Overbooking.model_validate(
        {
            "branch": after.branch_code,
            "class": after.class_code,
            "supply": after.supply,
            "percent": after.overbooking_percent,
            "cars": after.overbooking,
        }
    )


async def _put(
    connection: Connection,
    row: Supply,
    percent: int,
    in_force: int,
    now: datetime,
    *,
    override: bool,
) -> tuple[Supply, int]:
    after, shift = domain.overbooked(row, percent, in_force, domain.floor_hour(now))
    await repository.write_supply(connection, after)
    return after, await service.apply_shifts(connection, [shift], override=override)


async def align_overbooking(now: datetime) -> int:
    """Follow the flag, class by class; returns how many classes changed.

    Switched off while more is sold than there are cars, a class keeps its overbooking: nothing is
    cancelled and nothing becomes short by itself. It is tried again, as rentals end.
    """
    enabled = await is_enabled(Flag.OVERBOOKING)
    async with connect("rent") as connection:
        pairs = await repository.list_misaligned(connection, enabled=enabled)
    aligned = 0
    for pair in pairs:
        try:
            async with transaction("rent") as connection:
                row = await repository.lock_supply(connection, *pair, domain.floor_hour(now))
                in_force = row.overbooking_percent if enabled else 0
                await _put(connection, row, row.overbooking_percent, in_force, now, override=False)
        except SupplyBelowSold:
            event("overbooking_still_sold", {"branch": pair[0], "class": pair[1]})
            continue
        aligned += 1
    return aligned
