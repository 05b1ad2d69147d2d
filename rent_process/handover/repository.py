"""The rental, its cars and their allocations while a car changes hands. Never commits."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from rent_process.handover.domain import Car, Leg, OperatedRental
from shared.contracts.handover import Vehicle
from shared.contracts.renter import RentalStatus
from shared.database import Connection
from shared.errors import Rejected
from shared.sql import fetch_all, fetch_one_or_none, load_queries

QUERIES = load_queries(__file__)


@dataclass(frozen=True, slots=True)
class Departure:
    """A car leaves: what its leg and its allocation say."""

    rental_id: UUID
    vehicle_id: UUID
    out_at: datetime
    until: datetime
    odometer_km: int
    fuel_eighths: int
    notes: str | None


async def lock_rental(connection: Connection, reference: str) -> OperatedRental:
    """The row stays locked until the transaction ends.

    Raises:
        Rejected: ``not_found``.
    """
    row = await fetch_one_or_none(connection, QUERIES["lock_rental"], {"reference": reference})
    if row is None:
        raise Rejected("not_found", "there is no such rental")
    return OperatedRental(**row | {"status": RentalStatus(row["status"])})


async def change_rental(connection: Connection, changed: OperatedRental) -> None:
    """Write status, class, times and slice of a rental whose row is locked."""
    row = await fetch_one_or_none(connection, QUERIES["change_rental"], asdict(changed))
    if row is None:
        raise AssertionError("the rental's row is locked")


async def lock_vehicles(connection: Connection, *plates: str) -> dict[str, Car]:
    """By plate; a plate of no car of ours is left out."""
    rows = await fetch_all(connection, QUERIES["lock_vehicles"], {"plates": sorted(plates)})
    return {row["plate"]: Car(**row) for row in rows}


async def list_legs(connection: Connection, rental_id: UUID) -> list[Leg]:
    rows = await fetch_all(connection, QUERIES["list_legs"], {"rental_id": rental_id})
    return [Leg(**row) for row in rows]


async def start_leg(connection: Connection, departure: Departure) -> None:
    """Allocate the car and let it go; a constraint refuses one that is somewhere else."""
    await connection.execute(QUERIES["start_leg"], asdict(departure))


async def end_leg(
    connection: Connection,
    rental: OperatedRental,
    *,
    in_at: datetime,
    odometer_km: int,
    fuel_eighths: int,
) -> None:
    """The car that is out comes back."""
    parameters: dict[str, Any] = {
        "rental_id": rental.rental_id,
        "in_at": in_at,
        "odometer_km": odometer_km,
        "fuel_eighths": fuel_eighths,
    }
    await connection.execute(QUERIES["end_leg"], parameters)


async def suggest(
    connection: Connection,
    rental: OperatedRental,
    classes: Sequence[str],
    out_at: datetime,
    limit: int,
) -> list[Vehicle]:
    """Free cars, of the first class first."""
    parameters = {
        "branch": rental.pickup_branch,
        "classes": list(classes),
        "out_at": out_at,
        "until": rental.planned_until(out_at),
        "limit": limit,
    }
    rows = await fetch_all(connection, QUERIES["suggest"], parameters)
    return [Vehicle.model_validate(row) for row in rows]
