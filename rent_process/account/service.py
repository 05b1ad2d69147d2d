"""List, export and erase what is held on a signed-in renter."""

from datetime import datetime

from rent_process import outgoing
from rent_process.account import repository
from rent_process.account.domain import RUNNING, Cursor
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
from shared.database import connect, transaction
from shared.errors import Rejected
from shared.telemetry import event


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
        await repository.erase(connection, subject, ended, len(kept))
        await documents.forget(connection, ended, now)
        await photos.forget(connection, ended, now)
        envelopes = [outgoing.forget_requested(rental_id) for rental_id in ended]
        await outbox.write(connection, envelopes)
    outbox.relay("rent", envelopes)
    event("renter_erased", {"count": len(ended)})
    return Erasure(
        erased=len(ended),
        kept=[KeptRental(reference=each.reference, status=each.status) for each in kept],
    )
