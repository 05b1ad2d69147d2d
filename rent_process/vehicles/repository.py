"""The cars and what they are kept for. Never commits."""

from datetime import datetime
from typing import Any
from uuid import UUID

from rent_process.vehicles.delays import Delay, Plan
from rent_process.vehicles.domain import LockedVehicle, Place, PlannedMove
from shared.database import Connection
from shared.sql import fetch_all, fetch_one, fetch_one_or_none, load_queries

QUERIES = load_queries(__file__)


async def list_vehicles(connection: Connection, parameters: dict[str, Any]) -> list[dict[str, Any]]:
    """``branch class status pattern after branches plate limit``: None for what is not asked."""
    return await fetch_all(connection, QUERIES["list_vehicles"], parameters)


async def lock_vehicle(connection: Connection, plate: str) -> LockedVehicle | None:
    row = await fetch_one_or_none(connection, QUERIES["lock_vehicle"], {"plate": plate})
    if row is None:
        return None
    move = None
    if row["moves"]:
        branch = row["move_branch"]
        target = None if branch is None else Place(branch, row["move_class"])
        move = PlannedMove(target, row["leaves_at"], row["arrives_at"])
    return LockedVehicle(
        vehicle_id=row["vehicle_id"],
        plate=row["plate"],
        place=Place(row["branch_code"], row["class_code"]),
        status=row["status"],
        model=row["model"],
        model_year=row["model_year"],
        odometer_km=row["odometer_km"],
        move=move,
    )


async def insert_vehicle(connection: Connection, row: dict[str, Any]) -> UUID:
    found: UUID = (await fetch_one(connection, QUERIES["insert_vehicle"], row))["vehicle_id"]
    return found


async def describe_vehicle(connection: Connection, row: dict[str, Any]) -> None:
    await connection.execute(QUERIES["describe_vehicle"], row)


async def place_vehicle(
    connection: Connection, vehicle_id: UUID, place: Place | None, status: str
) -> None:
    """Where it belongs from now on; ``place`` None: it leaves the fleet from where it was."""
    row = {
        "vehicle_id": vehicle_id,
        "branch_code": place and place.branch_code,
        "class_code": place and place.class_code,
        "status": status,
    }
    await connection.execute(QUERIES["place_vehicle"], row)


async def plan_move(connection: Connection, vehicle_id: UUID, move: PlannedMove) -> None:
    row = {
        "vehicle_id": vehicle_id,
        "branch_code": move.to and move.to.branch_code,
        "class_code": move.to and move.to.class_code,
        "leaves_at": move.leaves_at,
        "arrives_at": move.arrives_at,
    }
    await connection.execute(QUERIES["plan_move"], row)


async def drop_move(connection: Connection, vehicle_id: UUID) -> None:
    await connection.execute(QUERIES["drop_move"], {"vehicle_id": vehicle_id})


async def list_due_moves(connection: Connection, now: datetime, limit: int) -> list[str]:
    """Plates of cars that have arrived, the earliest first."""
    rows = await fetch_all(connection, QUERIES["list_due_moves"], {"now": now, "limit": limit})
    return [row["plate"] for row in rows]


async def find_allocations(
    connection: Connection,
    vehicle_id: UUID,
    from_at: datetime,
    to_at: datetime | None,
    now: datetime,
) -> list[dict[str, Any]]:
    """What a car is kept for in a period; one that is out is kept for an hour from ``now`` on."""
    parameters = {"vehicle_id": vehicle_id, "from_at": from_at, "to_at": to_at, "now": now}
    return await fetch_all(connection, QUERIES["find_allocations"], parameters)


async def list_plans(connection: Connection, vehicle_id: UUID) -> list[Plan]:
    """What is planned for a car that is out, in order of time."""
    rows = await fetch_all(connection, QUERIES["list_plans"], {"vehicle_id": vehicle_id})
    return [Plan(**row) for row in rows]


async def delay_plan(connection: Connection, delay: Delay) -> None:
    """Give a plan its later time, or drop one that is over before it could begin."""
    parameters = {
        "allocation_id": delay.plan.allocation_id,
        "from_at": delay.from_at,
        "to_at": delay.to_at,
    }
    name = "drop_allocation" if delay.is_missed else "delay_allocation"
    await connection.execute(QUERIES[name], parameters)


async def delay_move(connection: Connection, vehicle_id: UUID, move: PlannedMove) -> None:
    row = {
        "vehicle_id": vehicle_id,
        "leaves_at": move.leaves_at,
        "arrives_at": move.arrives_at,
    }
    await connection.execute(QUERIES["delay_move"], row)


async def allocate(
    connection: Connection,
    vehicle_id: UUID,
    kind: str,
    period: tuple[datetime, datetime | None],
    reason: str | None = None,
) -> UUID:
    """Keep a car for something; constraint ``vehicle_in_one_place`` refuses what overlaps."""
    row = {
        "vehicle_id": vehicle_id,
        "kind": kind,
        "from_at": period[0],
        "to_at": period[1],
        "reason": reason,
    }
    found: UUID = (await fetch_one(connection, QUERIES["allocate"], row))["allocation_id"]
    return found


async def find_maintenance(
    connection: Connection, vehicle_id: UUID, allocation_id: UUID
) -> dict[str, Any] | None:
    parameters = {"vehicle_id": vehicle_id, "allocation_id": allocation_id}
    return await fetch_one_or_none(connection, QUERIES["find_maintenance"], parameters)


async def read_timezone(connection: Connection, branch_code: str) -> str:
    row = await fetch_one(connection, QUERIES["read_timezone"], {"branch_code": branch_code})
    return str(row["timezone"])


async def end_allocations(
    connection: Connection,
    vehicle_id: UUID,
    kind: str,
    at: datetime,
    allocation_id: UUID | None = None,
) -> None:
    """End what the car is kept for, of this kind or the one named."""
    parameters = {
        "vehicle_id": vehicle_id,
        "kind": kind,
        "at": at,
        "allocation_id": allocation_id,
    }
    await connection.execute(QUERIES["end_allocations"], parameters)
