"""Take photos in, show them, and let their files go when their time has come.

The row is committed first, then the file is stored, then the row says that it is there: a crash
anywhere between leaves a row whose time runs out, and the timer deletes whatever it names.
"""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from rent_process.audit import service as audit
from rent_process.photos import domain, image_gateway, repository
from rent_process.photos.domain import Subject
from rent_process.reading import service as reading
from shared import blobs
from shared.blobs import Blob
from shared.contracts.caller import Caller
from shared.contracts.photos import (
    KEPT_TYPE,
    Photo,
    PhotoDiscarded,
    PhotoQuery,
    RentalDamage,
    RentalPhotos,
)
from shared.database import Connection, connect, transaction
from shared.errors import Rejected, Unavailable
from shared.sweeping import for_each
from shared.telemetry import event

CONTAINER: blobs.Container = "photos"
DELETE_BATCH = 100


@dataclass(frozen=True, slots=True)
class PhotoFile:
    """A photo as a reader gets it; ``content`` is None for one who has it already."""

    sha256: str
    content: bytes | None


async def add_photo(
    reference: str, query: PhotoQuery, content: bytes, caller: Caller, now: datetime
) -> tuple[Photo, bool]:
    """Keep one photo; returns it, and whether the same was there before.

    Raises:
        Rejected: ``unsupported_media_type``, ``validation_failed``; ``not_found``,
            ``illegal_transition``, ``too_many_photos``.
        Unavailable: the database or the file storage is down; the same call again is safe.
    """
    domain.check_type(content)
    photo = await image_gateway.clean(content)
    source = sha256(content).digest()
    async with transaction("rent") as connection:
        subject, same_id = await _subject(connection, reference, query, source, now)
        if same_id is not None:
            return await _read(connection, reference, same_id, now), True
        photo_id = await repository.insert_photo(connection, subject, source, photo, now)
    await blobs.put(CONTAINER, domain.blob_name(photo_id), Blob(photo.content, KEPT_TYPE))
    async with transaction("rent") as connection:
        # Asked anew: in the meantime another may have stored the same, or the last that had room.
        subject, same_id = await _subject(connection, reference, query, source, now)
        if same_id is not None:
            return await _read(connection, reference, same_id, now), True
        await repository.mark_stored(connection, photo_id, subject.keep_until(now), now)
        added = await _read(connection, reference, photo_id, now)
        await audit.record(
            connection,
            caller,
            "photo_added",
            reference=reference,
            target=str(photo_id),
            after={
                "kind": added.kind,
                "damage": added.damage,
                "plate": added.plate,
                "source_sha256": source.hex(),
                "sha256": added.sha256,
            },
        )
    event("photo_added", {"rental_id": str(subject.rental_id)})
    return added, False


async def _subject(
    connection: Connection, reference: str, query: PhotoQuery, source: bytes, now: datetime
) -> tuple[Subject, UUID | None]:
    """What the photo is of, and the same photo if it is there; locks the rental."""
    rental = await _lock(connection, reference)
    if rental["erased"]:
        raise Rejected("illegal_transition", "the renter asked to be forgotten")
    subject = await repository.find_subject(connection, rental, query, now)
    if subject is None:
        raise Rejected(*domain.NOT_THERE[query.kind])
    subject.keep_until(now)
    same_id = await repository.find_same(connection, subject, source)
    if same_id is None:
        subject.check_room()
    return subject, same_id


async def _lock(connection: Connection, reference: str) -> dict[str, Any]:
    rental = await repository.lock_rental(connection, reference)
    if rental is None:
        raise Rejected("not_found", "there is no such rental")
    return rental


async def list_photos(reference: str, caller: Caller, now: datetime) -> RentalPhotos:
    """Every photo of a rental, to whoever may see the rental.

    Raises:
        Rejected: ``unauthenticated``, ``not_found``.
    """
    await reading.read_rental(reference, caller)
    async with connect("rent") as connection:
        photos = await repository.list_photos(connection, reference, now)
        damages = await repository.list_damages(connection, reference)
    return RentalPhotos(
        photos=[_photo(reference, row) for row in photos],
        damages=[_damage(row) for row in damages],
    )


async def read_photo(
    reference: str, photo_id: UUID, caller: Caller, known: str, now: datetime
) -> PhotoFile:
    """Read one file. ``known`` is what the reader has: an ``If-None-Match``.

    Raises:
        Rejected: ``unauthenticated``, ``not_found``.
        Unavailable: the database or the file storage is down.
    """
    await reading.read_rental(reference, caller)
    async with connect("rent") as connection:
        photo = await _read(connection, reference, photo_id, now)
    if photo.sha256 in known:
        return PhotoFile(photo.sha256, None)
    blob = await blobs.get(CONTAINER, domain.blob_name(photo_id))
    if blob is None or sha256(blob.content).hexdigest() != photo.sha256:
        event("photo_damaged", {})
        raise Unavailable("the photo's file is not what was stored")
    return PhotoFile(photo.sha256, blob.content)


async def discard_photo(
    reference: str, photo_id: UUID, reason: str, caller: Caller, now: datetime
) -> PhotoDiscarded:
    """Let a photo go, as one that shows people; again gives the same answer.

    Raises:
        Rejected: ``not_found``.
    """
    async with transaction("rent") as connection:
        rental_id = (await _lock(connection, reference))["rental_id"]
        before = await repository.discard(connection, rental_id, photo_id, now)
        if before is not None:
            await audit.record(
                connection,
                caller,
                "photo_discarded",
                reference=reference,
                target=str(photo_id),
                reason=reason,
                before=before,
            )
        discarded_at = await repository.find_discarded(connection, rental_id, photo_id)
    if discarded_at is None:
        raise _no_such_photo()
    return PhotoDiscarded(id=photo_id, reference=reference, discarded_at=discarded_at)


async def delete_due_photos(now: datetime) -> int:
    """Delete files that are not to be kept any more, and what was left on its way.

    Raises:
        Unavailable: the database or the file storage is down; the next run takes the rest.
    """
    async with connect("rent") as connection:
        due = await repository.list_due(connection, now, DELETE_BATCH)

    async def delete(photo_id: UUID) -> None:
        await blobs.delete(CONTAINER, domain.blob_name(photo_id))
        async with connect("rent") as connection:
            await repository.mark_deleted(connection, photo_id, now)

    await for_each(due, delete)
    return len(due)


async def _read(connection: Connection, reference: str, photo_id: UUID, now: datetime) -> Photo:
    rows = await repository.list_photos(connection, reference, now, photo_id)
    if not rows:
        raise _no_such_photo()
    return _photo(reference, rows[0])


def _no_such_photo() -> Rejected:
    return Rejected("not_found", "there is no such photo")


def _photo(reference: str, row: dict[str, Any]) -> Photo:
    href = f"/api/rentals/{reference}/photos/{row['id']}"
    return Photo.model_validate(row | {"href": href})


def _damage(row: dict[str, Any]) -> RentalDamage:
    amount = {"amount": row.pop("amount_minor"), "currency": row.pop("currency")}
    return RentalDamage.model_validate(row | {"amount": amount})
