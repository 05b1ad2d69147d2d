"""Change how many cars a class has, and the calendar with it, in the caller's transaction."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from rent_process.supply import domain, repository
from rent_process.supply.domain import HOUR_SECONDS, Shift, SupplyBelowSold, SupplyChange
from shared.contracts.problems import SupplyConflict
from shared.database import Connection, LockTimeout
from shared.errors import Unavailable

Answer = TypeVar("Answer")
# Bookings of a hot class keep supply waiting (2 s, set on the role): three waits, then 503.
TRIES = 3
MOST_CONFLICTS = 50  # runs of hours in one answer


async def change_supply(
    connection: Connection, changes: Iterable[SupplyChange], now: datetime, *, override: bool
) -> int:
    """Apply the changes wholly or not at all; returns how many hours are short of cars now.

    Locks class_supply, then every block from the change's first hour on, in the one order: call it
    before anything else in the transaction touches the calendar. Hours that have gone by are left
    alone. At most one change of each branch and class.

    Raises:
        SupplyBelowSold: more is sold than would be there, and there is no ``override``.
    """
    now_hour = domain.floor_hour(now)
    shifts: list[Shift] = []
    for change in domain.in_lock_order(_ahead(changes, now_hour)):
        row = await repository.lock_supply(connection, *change.pair, now_hour)
        after, shift = domain.changed(row, change)
        await repository.write_supply(connection, after)
        shifts.append(shift)
    return await apply_shifts(connection, shifts, override=override)


async def lock_supply(
    connection: Connection, changes: Iterable[SupplyChange], now: datetime
) -> None:
    """Lock everything that :func:`change_supply` would for each, in the one order; change nothing.

    Several changes may be of one branch and class, and hours that have gone by are locked too.
    """
    wanted, now_hour = list(changes), domain.floor_hour(now)
    for pair in sorted({change.pair for change in wanted}):
        await repository.lock_supply(connection, *pair, now_hour)
    hours = [Shift(*each.pair, each.cars, each.from_hour, each.to_hour) for each in wanted]
    await repository.lock_blocks(connection, hours)


async def give_back(
    connection: Connection, pair: tuple[str, str], from_hour: int, to_hour: int
) -> None:
    """A rental's hours of a branch and class, whose blocks are locked; deficits first."""
    await repository.shift_calendar(connection, [Shift(*pair, 1, from_hour, to_hour)])


async def apply_shifts(connection: Connection, shifts: Sequence[Shift], *, override: bool) -> int:
    """Apply shifts whose supply is locked; returns how many hours are short of cars now.

    Raises:
        SupplyBelowSold: as :func:`change_supply`.
    """
    await repository.lock_blocks(connection, shifts)
    conflicts = await repository.find_conflicts(connection, shifts)
    if conflicts and not override:
        raise SupplyBelowSold([_conflict(row) for row in conflicts[:MOST_CONFLICTS]])
    await repository.shift_calendar(connection, shifts)
    await repository.add_exceptions(connection, shifts)
    return sum(row["to_hour"] - row["from_hour"] for row in conflicts)


def _ahead(changes: Iterable[SupplyChange], now_hour: int) -> Iterable[SupplyChange]:
    """The part of each change that is still to come."""
    for change in changes:
        ahead = replace(change, from_hour=max(change.from_hour, now_hour))
        if ahead.to_hour is None or ahead.from_hour < ahead.to_hour:
            yield ahead


def _conflict(row: dict[str, Any]) -> SupplyConflict:
    zone = ZoneInfo(row["timezone"])
    return SupplyConflict.model_validate(
        {
            "branch": row["branch_code"],
            "class": row["class_code"],
            "from": at_hour(row["from_hour"]).astimezone(zone),
            "to": at_hour(row["to_hour"]).astimezone(zone),
            "missing": row["missing"],
            "rentals": row["rentals"],
        }
    )


def at_hour(hour: int) -> datetime:
    """When an hour of the calendar begins."""
    return datetime.fromtimestamp(hour * HOUR_SECONDS, UTC)


async def patiently(act: Callable[[], Awaitable[Answer]]) -> Answer:
    """Run a transaction again when a busy class kept it waiting: three waits, then 503.

    Raises:
        Unavailable: the class is too busy.
    """
    for _ in range(TRIES):
        try:
            return await act()
        except LockTimeout:
            continue
    raise Unavailable("too many changes of this class at once; try again")
