"""Keep what is written about a rental; an answer settles what waits and is e-mailed, at once."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from rent_process import outgoing
from rent_process.audit import service as audit
from rent_process.messages import domain, repository
from rent_process.paging import DATED, from_cursor, split_page, to_cursor
from shared import outbox
from shared.contracts.caller import Caller
from shared.contracts.rental_messages import (
    RentalMessage,
    Thread,
    ThreadSettled,
    WaitingPage,
    WaitingQuery,
    WaitingThread,
)
from shared.database import Connection, connect, transaction
from shared.errors import Rejected
from shared.telemetry import event


async def ask(reference: str, text: str, now: datetime) -> RentalMessage:
    """Keep what the renter writes. Whether the caller is its renter is checked before.

    Raises:
        Rejected: ``not_found``; ``rate_limited``.
        Unavailable: the database is down.
    """
    async with transaction("rent") as connection:
        rental_id = await _lock(connection, reference)
        message, is_new = await _write(connection, rental_id, "renter", "renter", text, now)
    if is_new:
        event("message_asked", {"rental_id": str(rental_id)})
    return message


async def reply(reference: str, text: str, caller: Caller, now: datetime) -> RentalMessage:
    """Keep what the branch answers, e-mail it to the renter, and let nothing wait any more.

    Raises:
        Rejected: ``not_found``; ``illegal_transition`` when there is nobody left to write to;
            ``rate_limited``.
        Unavailable: the database is down.
    """
    async with transaction("rent") as connection:
        rental_id = await _lock(connection, reference)
        message, is_new = await _write(connection, rental_id, "branch", caller.actor, text, now)
        if not is_new:
            return message
        settled = await repository.settle(connection, rental_id)
        envelopes = [outgoing.branch_message_written(rental_id, message.id)]
        await outbox.write(connection, envelopes)
        await audit.record(
            connection,
            caller,
            "message_answered",
            reference=reference,
            target=str(message.id),
            after={"settled": settled},
        )
    outbox.relay("rent", envelopes)
    event("message_answered", {"rental_id": str(rental_id)})
    return message


async def settle(reference: str, caller: Caller) -> ThreadSettled:
    """What waits needs no answer.

    Raises:
        Rejected: ``not_found``.
    """
    async with transaction("rent") as connection:
        rental_id = await _lock(connection, reference)
        settled = await repository.settle(connection, rental_id)
        if settled:
            await audit.record(
                connection,
                caller,
                "messages_settled",
                reference=reference,
                after={"settled": settled},
            )
    return ThreadSettled(reference=reference, settled=settled)


async def read_thread(reference: str) -> Thread:
    """Every message, oldest first. Whether the caller may is checked before."""
    async with connect("rent") as connection:
        rows = await repository.list_messages(connection, reference)
    return Thread(messages=[RentalMessage.model_validate(row) for row in rows])


async def list_waiting(query: WaitingQuery, caller: Caller) -> WaitingPage:
    """Rentals whose renters wait for an answer, at the operator's branches.

    Raises:
        Rejected: ``validation_failed`` for a cursor that this list has not given.
    """
    after_at, after_id = from_cursor(query.cursor, DATED) or (None, None)
    parameters = {
        "branch": query.branch,
        "branches": caller.limited_to,
        "after_at": after_at,
        "after_id": after_id,
        "limit": query.limit + 1,
    }
    async with connect("rent") as connection:
        found = await repository.list_waiting(connection, parameters)
    rows, more = split_page(found, query.limit)
    last = (rows[-1]["waiting_since"], rows[-1]["rental_id"]) if more else None
    return WaitingPage(
        threads=[WaitingThread.model_validate(row) for row in rows],
        next_cursor=None if last is None else to_cursor(last, DATED),
    )


async def _lock(connection: Connection, reference: str) -> UUID:
    rental = await repository.lock_rental(connection, reference)
    if rental is None:
        raise Rejected("not_found", "there is no such rental")
    if rental["erased"]:
        raise Rejected("illegal_transition", "the renter asked to be forgotten")
    rental_id: UUID = rental["rental_id"]
    return rental_id


async def _write(
    connection: Connection,
    rental_id: UUID,
    author: Literal["renter", "branch"],
    actor: str,
    text: str,
    now: datetime,
) -> tuple[RentalMessage, bool]:
    """Returns the message, and whether it is new: the last one again is the last one."""
    thread = await repository.read_thread(connection, rental_id, now)
    if thread.last_id is not None and thread.repeats(author, text):
        row = await repository.read_message(connection, thread.last_id)
        return RentalMessage.model_validate(row), False
    domain.check_room(thread, author)
    message = {"rental_id": rental_id, "author": author, "actor": actor, "text": text}
    row = await repository.insert_message(connection, message)
    return RentalMessage.model_validate(row), True
