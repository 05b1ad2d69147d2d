"""Supply, its exceptions and the calendar that follows. Never commits."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from rent_process.supply.domain import Shift, Supply
from shared.database import Connection
from shared.sql import fetch_all, fetch_one, fetch_one_or_none, load_queries

QUERIES = load_queries(__file__)
MOST_RENTALS = 20  # of one run of hours: who is called first, not all who are concerned


async def lock_supply(
    connection: Connection, branch_code: str, class_code: str, now_hour: int
) -> Supply:
    """Lock the row that whoever changes supply locks first; a class that is new here gets one."""
    pair = {"branch_code": branch_code, "class_code": class_code}
    row = await fetch_one_or_none(connection, QUERIES["lock_supply"], pair)
    if row is None:
        await connection.execute(QUERIES["open_supply"], pair | {"now_hour": now_hour})
        row = await fetch_one(connection, QUERIES["lock_supply"], pair)
    return Supply(**row)


async def read_supply(connection: Connection, branch_code: str, class_code: str) -> Supply | None:
    pair = {"branch_code": branch_code, "class_code": class_code}
    row = await fetch_one_or_none(connection, QUERIES["read_supply"], pair)
    return None if row is None else Supply(**row)


async def write_supply(connection: Connection, row: Supply) -> None:
    await connection.execute(QUERIES["write_supply"], asdict(row))


async def lock_blocks(connection: Connection, shifts: Sequence[Shift]) -> None:
    await connection.execute(QUERIES["lock_blocks"], _arrays(shifts))


async def find_conflicts(connection: Connection, shifts: Sequence[Shift]) -> list[dict[str, Any]]:
    """Runs of hours in which the shifts would leave more sold than there is."""
    parameters = _arrays(shifts) | {"rentals": MOST_RENTALS}
    return await fetch_all(connection, QUERIES["find_conflicts"], parameters)


async def shift_calendar(connection: Connection, shifts: Sequence[Shift]) -> None:
    """Apply the shifts; their blocks are locked. What is not there becomes ``short``."""
    await connection.execute(QUERIES["shift_calendar"], _arrays(shifts))


async def add_exceptions(connection: Connection, shifts: Sequence[Shift]) -> None:
    """Note in which hours the supply is another than what stands."""
    await connection.execute(QUERIES["add_exceptions"], _arrays(shifts))


async def list_misaligned(connection: Connection, *, enabled: bool) -> list[tuple[str, str]]:
    rows = await fetch_all(connection, QUERIES["list_misaligned"], {"enabled": enabled})
    return [(row["branch_code"], row["class_code"]) for row in rows]


def _arrays(shifts: Sequence[Shift]) -> dict[str, Any]:
    return {
        "branches": [shift.branch_code for shift in shifts],
        "classes": [shift.class_code for shift in shifts],
        "from_hours": [shift.from_hour for shift in shifts],
        "to_hours": [shift.to_hour for shift in shifts],
        "cars": [shift.cars for shift in shifts],
        "vehicles": [shift.vehicle_id for shift in shifts],
    }


async def find_timezone(connection: Connection, branch_code: str) -> str | None:
    """None: there is no such branch."""
    row = await fetch_one_or_none(
        connection, QUERIES["find_timezone"], {"branch_code": branch_code}
    )
    return None if row is None else str(row["timezone"])


async def read_hours(
    connection: Connection, branch_code: str, from_hour: int, to_hour: int
) -> list[dict[str, Any]]:
    """Lists ``cars sold free short`` of each class, one number for each hour."""
    parameters = {"branch_code": branch_code, "from_hour": from_hour, "to_hour": to_hour}
    return await fetch_all(connection, QUERIES["read_hours"], parameters)


async def read_allocations(
    connection: Connection, branch_code: str, from_at: datetime, to_at: datetime
) -> list[dict[str, Any]]:
    """Every car of a branch with what it is kept for in that period."""
    parameters = {"branch_code": branch_code, "from_at": from_at, "to_at": to_at}
    return await fetch_all(connection, QUERIES["read_allocations"], parameters)
