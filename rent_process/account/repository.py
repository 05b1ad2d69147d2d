"""The rows that belong to a person. Never commits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from rent_process.account.domain import RUNNING, Cursor
from shared.contracts.renter import RentalStatus
from shared.database import Connection
from shared.sql import fetch_all, load_queries

QUERIES = load_queries(__file__)


@dataclass(frozen=True, slots=True)
class OwnRental:
    rental_id: UUID
    reference: str
    status: RentalStatus


@dataclass(frozen=True, slots=True)
class PastRental:
    rental_id: UUID
    subject: str | None


async def list_rentals(
    connection: Connection, subject: str, after: Cursor | None, limit: int | None
) -> list[dict[str, Any]]:
    """Newest first; no limit: all of them."""
    parameters = {
        "subject": subject,
        "created_at": after.created_at if after else None,
        "rental_id": after.rental_id if after else None,
        "limit": limit,
    }
    return await fetch_all(connection, QUERIES["list_rentals"], parameters)


async def read_details(connection: Connection, subject: str) -> dict[UUID, dict[str, Any]]:
    """By rental: what else is held about it."""
    found: dict[UUID, dict[str, Any]] = {}
    for name in ("read_details", "read_records"):
        for row in await fetch_all(connection, QUERIES[name], {"subject": subject}):
            found.setdefault(row.pop("rental_id"), {}).update(row)
    return found


async def lock_rentals(connection: Connection, subject: str) -> list[OwnRental]:
    rows = await fetch_all(connection, QUERIES["lock_rentals"], {"subject": subject})
    return [OwnRental(**row | {"status": RentalStatus(row["status"])}) for row in rows]


async def take_past(connection: Connection, before: datetime, limit: int) -> list[PastRental]:
    """Rentals that ended before then and still know their driver, the oldest first."""
    parameters = {"before": before, "limit": limit, "running": sorted(RUNNING)}
    return [
        PastRental(**row) for row in await fetch_all(connection, QUERIES["take_past"], parameters)
    ]


async def erase(connection: Connection, rental_ids: list[UUID], subjects: Sequence[str]) -> None:
    """Forget who drove these rentals, and whose they were."""
    await connection.execute(QUERIES["erase"], {"rental_ids": rental_ids})
    for subject in subjects:
        parameters = {"rental_ids": rental_ids, "subject": subject}
        await connection.execute(QUERIES["forget_actor"], parameters)
    await connection.execute(QUERIES["forget_reasons"], {"rental_ids": rental_ids})


async def write_erasure(connection: Connection, subject: str, erased: int, kept: int) -> None:
    """Write down that somebody asked, and what was done."""
    digest = sha256(subject.encode()).digest()
    parameters = {"subject_hash": digest, "erased": erased, "kept": kept}
    await connection.execute(QUERIES["write_erasure"], parameters)
