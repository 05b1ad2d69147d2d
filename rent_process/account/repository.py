"""The rows that belong to one sign-in's subject. Never commits."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

from rent_process.account.domain import Cursor
from shared.contracts.renter import RentalStatus
from shared.database import Connection
from shared.sql import fetch_all, load_queries

QUERIES = load_queries(__file__)


@dataclass(frozen=True, slots=True)
class OwnRental:
    rental_id: UUID
    reference: str
    status: RentalStatus


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


async def erase(connection: Connection, subject: str, rental_ids: list[UUID], kept: int) -> None:
    """Forget who drove these rentals, and write down that it was done."""
    parameters = {"rental_ids": rental_ids, "subject": subject}
    await connection.execute(QUERIES["erase"], parameters)
    await connection.execute(QUERIES["forget_actor"], parameters)
    await connection.execute(QUERIES["forget_reasons"], parameters)
    await connection.execute(
        QUERIES["write_erasure"],
        {
            "subject_hash": sha256(subject.encode()).digest(),
            "erased": len(rental_ids),
            "kept": kept,
        },
    )
