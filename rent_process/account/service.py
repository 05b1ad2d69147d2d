"""List, export and erase what is held on a signed-in renter; forget everybody in time."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from rent_process import outgoing
from rent_process.account import repository
from rent_process.account.domain import RUNNING, Cursor, forgotten_before
from rent_process.documents import repository as documents
from rent_process.photos import repository as photos
from rent_process.reading.service import to_rental
from shared import outbox
from shared.contracts.account import (
    Erasure,
    KeptRental,
    PageQuery,
    PersonalData,
    PersonalRental,
)
from shared.contracts.caller import Caller
from shared.contracts.renter import RentalList
from shared.database import Connection, connect, transaction
from shared.errors import Rejected
from shared.outbox import Envelope
from shared.telemetry import event

PAST_AT_ONCE = 100  # rentals in one transaction, whose rows it locks
PAST_BATCHES = 100  # a night's share: what a restored or imported past leaves takes some nights


def subject_of(caller: Caller) -> str:
    """Who is signed in.

    Raises:
        Rejected: ``unauthenticated``; a manage token names a rental, not a person.
    """
    if caller.subject is None:
        raise Rejected("unauthenticated", "sign in to see what is yours")
    return caller.subject


async def list_rentals(subject: str, page: PageQuery) -> RentalList:
    """One page of the renter's rentals, newest first.

    Raises:
        Rejected: ``validation_failed`` for a cursor that is not ours.
    """
    after = Cursor.decode(page.cursor) if page.cursor else None
    async with connect("rent") as connection:
        rows = await repository.list_rentals(connection, subject, after, page.limit + 1)
    shown = rows[: page.limit]
    following = None
    if len(rows) > len(shown):
        following = Cursor(shown[-1]["created_at"], shown[-1]["rental_id"]).encode()
    return RentalList(rentals=[to_rental(row) for row in shown], next_cursor=following)


async def export(subject: str, now: datetime) -> PersonalData:
    """Everything that is held on the renter, complete and readable."""
    async with transaction("rent") as connection:
        rows = await repository.list_rentals(connection, subject, None, None)
        details = await repository.read_details(connection, subject)
    rentals = [
        PersonalRental(
            rental=to_rental(row),
            driver=row["driver"],
            driver_age=row["driver_age"],
            locale=row["locale"],
            created_at=row["created_at"],
            extras=row["extras"],
            coverages=row["coverages"],
            **details[row["rental_id"]],
        )
        for row in rows
        if row["rental_id"] in details
    ]
    return PersonalData(subject=subject, exported_at=now, rentals=rentals)


async def erase(subject: str, now: datetime) -> Erasure:
    """Forget the renter in every rental that has ended; the others are named in the answer."""
    async with transaction("rent") as connection:
        rentals = await repository.lock_rentals(connection, subject)
        ended = [each.rental_id for each in rentals if each.status not in RUNNING]
        kept = [each for each in rentals if each.status in RUNNING]
        envelopes = await _forget(connection, ended, [subject], now)
        await repository.write_erasure(connection, subject, len(ended), len(kept))
    outbox.relay("rent", envelopes)
    event("renter_erased", {"count": len(ended)})
    return Erasure(
        erased=len(ended),
        kept=[KeptRental(reference=each.reference, status=each.status) for each in kept],
    )


async def forget_past(now: datetime) -> int:
    """Forget who drove when the years of keeping are over; returns in how many rentals.

    Guests have no sign-in to ask by, and nobody should have to.

    Raises:
        Unavailable: the database is down; the next night takes the rest.
    """
    forgotten = 0
    for _ in range(PAST_BATCHES):
        async with transaction("rent") as connection:
            past = await repository.take_past(connection, forgotten_before(now), PAST_AT_ONCE)
            subjects = {each.subject for each in past if each.subject is not None}
            ids = [each.rental_id for each in past]
            envelopes = await _forget(connection, ids, sorted(subjects), now)
        outbox.relay("rent", envelopes)
        forgotten += len(past)
        if len(past) < PAST_AT_ONCE:
            break
    if forgotten:
        event("renters_forgotten", {"count": forgotten})
    return forgotten


async def _forget(
    connection: Connection, rental_ids: list[UUID], subjects: Sequence[str], now: datetime
) -> list[Envelope]:
    await repository.erase(connection, rental_ids, subjects)
    await documents.forget(connection, rental_ids, now)
    await photos.forget(connection, rental_ids, now)
    envelopes = [outgoing.forget_requested(rental_id) for rental_id in rental_ids]
    await outbox.write(connection, envelopes)
    return envelopes
