"""Cars that stay longer. Never commits."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from rent_process.handover.domain import OperatedRental
from rent_process.settlement.repository import hour_of
from shared.contracts.renter import PriceLine
from shared.database import Connection
from shared.sql import fetch_all, fetch_one, fetch_one_or_none, load_queries

QUERIES = load_queries(__file__)


async def find_extension(
    connection: Connection, rental_id: UUID, return_at: datetime
) -> list[dict[str, Any]] | None:
    """The lines of the extension that made ``return_at`` the return that is agreed."""
    row = await fetch_one_or_none(
        connection,
        QUERIES["find_extension"],
        {"rental_id": rental_id, "return_at": return_at},
    )
    return None if row is None else list(row["lines"])


async def insert_extension(
    connection: Connection,
    rental: OperatedRental,
    return_at: datetime,
    lines: Sequence[PriceLine],
) -> int:
    """Returns its number among the rental's extensions."""
    from psycopg.types.json import Jsonb  # noqa: PLC0415 -- import budget

    parameters = {
        "rental_id": rental.rental_id,
        "return_before": rental.return_at,
        "return_at": return_at,
        "lines": Jsonb([each.model_dump(mode="json") for each in lines]),
    }
    return int((await fetch_one(connection, QUERIES["insert_extension"], parameters))["number"])


async def prolong_allocation(connection: Connection, rental_id: UUID, until: datetime) -> None:
    """A constraint refuses what runs into the car's next plan."""
    parameters = {"rental_id": rental_id, "until": until}
    await connection.execute(QUERIES["prolong_allocation"], parameters)


async def stretch_allocation(connection: Connection, rental_id: UUID, until: datetime) -> None:
    """As far as the car's next plan allows."""
    parameters = {"rental_id": rental_id, "until": until}
    await connection.execute(QUERIES["stretch_allocation"], parameters)


async def list_late(connection: Connection, now: datetime, limit: int) -> list[str]:
    """References of rentals whose next hour has to be taken, the longest overdue first."""
    rows = await fetch_all(connection, QUERIES["list_late"], {"now": now, "limit": limit})
    return [row["reference"] for row in rows]


async def is_known_overdue(connection: Connection, rental_id: UUID) -> bool:
    """Whether that stands in the timeline since the return was last agreed."""
    row = await fetch_one(connection, QUERIES["is_known_overdue"], {"rental_id": rental_id})
    return bool(row["known"])


async def list_overdue(
    connection: Connection,
    *,
    branch: str | None,
    branches: list[str] | None,
    now: datetime,
    limit: int,
) -> list[dict[str, Any]]:
    parameters = {
        "branch": branch,
        "branches": branches,
        "now": now,
        "now_hour": hour_of(now),
        "limit": limit,
    }
    return await fetch_all(connection, QUERIES["list_overdue"], parameters)
