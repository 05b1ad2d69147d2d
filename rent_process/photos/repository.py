"""The photos' rows. Never commits."""

from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from rent_process.photos.domain import STORING, CleanPhoto, Subject
from shared.contracts.photos import PhotoQuery
from shared.database import Connection
from shared.sql import fetch_all, fetch_one, fetch_one_or_none, load_queries

QUERIES = load_queries(__file__)


async def lock_rental(connection: Connection, reference: str) -> dict[str, Any] | None:
    return await fetch_one_or_none(connection, QUERIES["lock_rental"], {"reference": reference})


async def find_subject(
    connection: Connection, rental: dict[str, Any], query: PhotoQuery, now: datetime
) -> Subject | None:
    parameters = {
        "rental_id": rental["rental_id"],
        "kind": query.kind,
        "damage": query.damage,
        "plate": query.plate,
        "now": now,
    }
    row = await fetch_one_or_none(connection, QUERIES["find_subject"], parameters)
    if row is None:
        return None
    return Subject(
        rental_id=rental["rental_id"],
        return_at=rental["return_at"],
        kind=query.kind,
        damage=query.damage,
        **row,
    )


async def find_same(connection: Connection, subject: Subject, source: bytes) -> UUID | None:
    """The photo of this subject that was made from the same file."""
    row = await fetch_one_or_none(connection, QUERIES["find_same"], _named(subject, source))
    return None if row is None else row["photo_id"]


async def insert_photo(
    connection: Connection, subject: Subject, source: bytes, photo: CleanPhoto, now: datetime
) -> UUID:
    """Say that a file is on its way: if it never comes, nobody looks for it after this time."""
    parameters = _named(subject, source) | {
        "sha256": sha256(photo.content).digest(),
        "size_bytes": len(photo.content),
        "width": photo.width,
        "height": photo.height,
        "keep_until": now + STORING,
    }
    photo_id: UUID = (await fetch_one(connection, QUERIES["insert_photo"], parameters))["photo_id"]
    return photo_id


async def mark_stored(
    connection: Connection, photo_id: UUID, keep_until: datetime, now: datetime
) -> None:
    parameters = {"photo_id": photo_id, "keep_until": keep_until, "now": now}
    cursor = await connection.execute(QUERIES["mark_stored"], parameters)
    if cursor.rowcount != 1:
        raise AssertionError("nobody deletes a file while it is being stored")


async def list_photos(
    connection: Connection, reference: str, now: datetime, photo_id: UUID | None = None
) -> list[dict[str, Any]]:
    """All photos that may be looked at, or the one."""
    parameters = {"reference": reference, "photo_id": photo_id, "now": now}
    return await fetch_all(connection, QUERIES["list_photos"], parameters)


async def list_damages(connection: Connection, reference: str) -> list[dict[str, Any]]:
    return await fetch_all(connection, QUERIES["list_damages"], {"reference": reference})


async def discard(
    connection: Connection, rental_id: UUID, photo_id: UUID, now: datetime
) -> dict[str, Any] | None:
    parameters = {"rental_id": rental_id, "photo_id": photo_id, "now": now}
    return await fetch_one_or_none(connection, QUERIES["discard"], parameters)


async def find_discarded(
    connection: Connection, rental_id: UUID, photo_id: UUID
) -> datetime | None:
    parameters = {"rental_id": rental_id, "photo_id": photo_id}
    row = await fetch_one_or_none(connection, QUERIES["find_discarded"], parameters)
    return None if row is None else row["discarded_at"]


async def list_due(connection: Connection, now: datetime, limit: int) -> list[UUID]:
    """Photos whose file nobody may look at any more, or never came."""
    rows = await fetch_all(connection, QUERIES["list_due"], {"now": now, "limit": limit})
    return [row["photo_id"] for row in rows]


async def mark_deleted(connection: Connection, photo_id: UUID, now: datetime) -> None:
    await connection.execute(QUERIES["mark_deleted"], {"photo_id": photo_id, "now": now})


async def forget(connection: Connection, rental_ids: list[UUID], now: datetime) -> None:
    """End the time of photos that prove no claim; the renter asked to be forgotten."""
    await connection.execute(QUERIES["forget"], {"rental_ids": rental_ids, "now": now})


def _named(subject: Subject, source: bytes) -> dict[str, Any]:
    return {
        "rental_id": subject.rental_id,
        "kind": subject.kind,
        "leg": subject.leg,
        "damage": subject.damage,
        "source_sha256": source,
    }
