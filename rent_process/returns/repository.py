"""What a return came to. Never commits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.contracts.handover import Damage
from shared.contracts.renter import PriceLine
from shared.database import Connection
from shared.sql import fetch_one_or_none, load_queries

QUERIES = load_queries(__file__)


@dataclass(frozen=True, slots=True)
class KnownReturn:
    """What a check-in was answered."""

    request_hash: bytes
    returned_at: datetime
    lines: list[dict[str, Any]]
    total_minor: int


async def find_return(connection: Connection, rental_id: UUID) -> KnownReturn | None:
    row = await fetch_one_or_none(connection, QUERIES["find_return"], {"rental_id": rental_id})
    return None if row is None else KnownReturn(**row)


async def insert_return(
    connection: Connection,
    rental_id: UUID,
    request_hash: bytes,
    returned_at: datetime,
    lines: Sequence[PriceLine],
) -> None:
    from psycopg.types.json import Jsonb  # noqa: PLC0415 -- import budget

    parameters = {
        "rental_id": rental_id,
        "request_hash": request_hash,
        "returned_at": returned_at,
        "lines": Jsonb([each.model_dump(mode="json") for each in lines]),
        "total_minor": sum(each.amount.amount for each in lines),
    }
    await connection.execute(QUERIES["insert_return"], parameters)


async def insert_damages(
    connection: Connection, rental_id: UUID, vehicle_id: UUID, damages: Sequence[Damage]
) -> None:
    parameters = {
        "rental_id": rental_id,
        "vehicle_id": vehicle_id,
        "descriptions": [damage.description for damage in damages],
        "amounts": [damage.amount.amount for damage in damages],
    }
    await connection.execute(QUERIES["insert_damages"], parameters)


async def plan_way_home(
    connection: Connection, vehicle_id: UUID, from_at: datetime, until: datetime
) -> None:
    parameters = {"vehicle_id": vehicle_id, "from_at": from_at, "until": until}
    await connection.execute(QUERIES["plan_way_home"], parameters)
