"""What a branch has sold and has left, hour by hour, and where each of its cars is."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from rent_process.supply import repository
from rent_process.supply.domain import ceil_hour, floor_hour
from rent_process.supply.service import at_hour
from shared.contracts.caller import Caller
from shared.contracts.fleet import (
    AllocatedVehicle,
    Allocation,
    Calendar,
    CalendarQuery,
    ClassHours,
)
from shared.database import connect
from shared.errors import FieldError, Rejected

LONGEST = timedelta(days=31)  # 744 numbers of each kind for a class: what a page can show
USUAL = timedelta(days=7)
OLDEST = timedelta(days=731)
FARTHEST = timedelta(days=530)  # the calendar's horizon of 540, less what a late timer leaves


async def read_calendar(query: CalendarQuery, caller: Caller, now: datetime) -> Calendar:
    """Read every class and car of one branch.

    Raises:
        Rejected: ``validation_failed`` for a period that is empty, too long or not in the
            calendar; ``not_found`` for a branch that is not there, or somebody else's.
        Unavailable: the database is down.
    """
    hours = _hours_of(query, now)
    from_at, to_at = (at_hour(hour) for hour in hours)
    if not caller.serves(query.branch):
        raise Rejected("not_found", "there is no such branch")
    async with connect("rent") as connection:
        timezone = await repository.find_timezone(connection, query.branch)
        if timezone is None:
            raise Rejected("not_found", "there is no such branch")
        classes = await repository.read_hours(connection, query.branch, *hours)
        allocations = await repository.read_allocations(connection, query.branch, from_at, to_at)
    zone = ZoneInfo(timezone)
    return Calendar(
        branch=query.branch,
        timezone=timezone,
        from_=from_at.astimezone(zone),
        to=to_at.astimezone(zone),
        classes=[ClassHours.model_validate(row | {"class": row["class_code"]}) for row in classes],
        vehicles=[_vehicle(row, zone) for row in allocations],
    )


def _hours_of(query: CalendarQuery, now: datetime) -> tuple[int, int]:
    from_at = query.from_ or now
    if not now - OLDEST <= from_at <= now + FARTHEST:
        detail = f"lies more than {OLDEST.days} days back or {FARTHEST.days} days ahead"
        raise _not_shown("/from", detail)
    to_at = query.to or from_at + USUAL
    if to_at <= from_at:
        raise _not_shown("/to", "is not after from")
    if to_at - from_at > LONGEST:
        raise _not_shown("/to", f"is more than {LONGEST.days} days after from")
    if to_at > now + FARTHEST:
        raise _not_shown("/to", f"lies more than {FARTHEST.days} days ahead")
    return floor_hour(from_at), ceil_hour(to_at)


def _not_shown(pointer: str, detail: str) -> Rejected:
    fault = FieldError(pointer, detail)
    return Rejected("validation_failed", "the period cannot be shown", (fault,))


def _vehicle(row: dict[str, Any], zone: ZoneInfo) -> AllocatedVehicle:
    def local(at: str | None) -> datetime | None:
        return None if at is None else datetime.fromisoformat(at).astimezone(zone)

    return AllocatedVehicle.model_validate(
        {
            "plate": row["plate"],
            "class": row["class_code"],
            "allocations": [
                Allocation.model_validate(
                    each | {"from": local(each["from"]), "to": local(each["to"])}
                )
                for each in row["allocations"]
            ],
        }
    )
