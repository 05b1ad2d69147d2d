"""The rental's rows. Never commits."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.contracts.renter import RentalStatus
from shared.database import Connection
from shared.sql import fetch_one, fetch_one_or_none, load_queries

QUERIES = load_queries(__file__)


@dataclass(frozen=True, slots=True)
class BookingResult:
    available: bool
    booked: bool


@dataclass(frozen=True, slots=True)
class KnownRequest:
    """The rental that an idempotency key made."""

    rental_id: UUID
    reference: str
    status: RentalStatus
    request_hash: bytes
    total_minor: int
    currency: str
    expires_at: datetime | None


async def book(connection: Connection, parameters: dict[str, Any]) -> BookingResult:
    row = await fetch_one(connection, QUERIES["book"], parameters)
    return BookingResult(**row)


async def find_by_key(connection: Connection, scope: str, key: str) -> KnownRequest | None:
    row = await fetch_one_or_none(
        connection, QUERIES["find_by_key"], {"idempotency_scope": scope, "idempotency_key": key}
    )
    if row is None:
        return None
    return KnownRequest(**row | {"status": RentalStatus(row["status"])})
