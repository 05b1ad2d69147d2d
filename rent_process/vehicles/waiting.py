"""Let a car's plans wait while it is out: ledger, allocations and calendar in one transaction."""

from datetime import datetime

from rent_process.audit import service as audit
from rent_process.supply.domain import SupplyChange
from rent_process.supply.service import at_hour, change_supply, lock_supply
from rent_process.vehicles import repository
from rent_process.vehicles.delays import Delay, delays
from shared.contracts.caller import Caller
from shared.database import Connection

TIMER = Caller(subject="system")


async def hold_up(
    connection: Connection, plate: str, rented: SupplyChange, reference: str, now: datetime
) -> list[Delay]:
    """Let nothing that is planned for a car begin in the hours that its rental is about to take.

    ``rented``: those hours, of the branch and class that the rental keeps; they are locked here, so
    call it after the rental's row is locked and before anything touches the calendar.
    """
    vehicle = await repository.lock_vehicle(connection, plate)
    if vehicle is None or rented.to_hour is None:
        raise AssertionError("the car is out, and comes back")
    plans = await repository.list_plans(connection, vehicle.vehicle_id)
    found = delays(vehicle, plans, at_hour(rented.to_hour))
    if not found:
        return []
    changes = [change for delay in found for change in delay.changes]
    await lock_supply(connection, [rented, *changes], now)
    short_hours = 0
    for change in changes:  # nobody asks whether they can be had: the car is not there
        short_hours += await change_supply(connection, [change], now, override=True)
    for delay in reversed(found):  # the last first: each makes room for the one before
        await repository.delay_plan(connection, delay)
        if delay.move is not None:
            await repository.delay_move(connection, vehicle.vehicle_id, delay.move)
    for delay in found:
        await _record(connection, plate, reference, delay, short_hours)
    return found


async def _record(
    connection: Connection, plate: str, reference: str, delay: Delay, short_hours: int
) -> None:
    """Somebody planned it, and has to know."""
    plan = delay.plan
    after = {"from": delay.from_at.isoformat(), "to": delay.to_at and delay.to_at.isoformat()}
    await audit.record(
        connection,
        TIMER,
        "plan_missed" if delay.is_missed else "plan_delayed",
        reference=reference,
        target=plate,
        reason=plan.reason,
        before={
            "kind": plan.kind,
            "from": plan.from_at.isoformat(),
            "to": plan.to_at and plan.to_at.isoformat(),
        },
        after=None if delay.is_missed else after | {"short_hours": short_hours},
    )
