"""List, replay and discard dead letters; every resolution commits with its audit."""

from uuid import UUID

from rent_process.audit import service as audit
from rent_process.dead_letters import domain, repository
from rent_process.dead_letters.domain import Resolution
from rent_process.paging import DATED, from_cursor, split_page, to_cursor
from shared.contracts.caller import Caller
from shared.contracts.operator import DeadLetterPage, DeadLetterQuery, DeadLetterResolved
from shared.database import connect, transaction
from shared.errors import Rejected
from shared.telemetry import event

SHOWN = 4000  # letters of a body in a list: every message of ours is shorter


async def list_dead_letters(query: DeadLetterQuery) -> DeadLetterPage:
    """Read one page, newest first.

    Raises:
        Rejected: ``validation_failed`` for a cursor that this list has not given.
        Unavailable: the database is down.
    """
    before = from_cursor(query.cursor, DATED) or (None, None)
    parameters = {
        "queue": query.queue,
        "resolved": query.resolved,
        "before_at": before[0],
        "before_id": before[1],
        "shown": SHOWN,
        "limit": query.limit + 1,
    }
    async with connect("rent") as connection:
        found = await repository.list_dead_letters(connection, parameters)
    rows, more = split_page(found, query.limit)
    last = (rows[-1]["dead_at"], rows[-1]["dead_letter_id"]) if more else None
    return DeadLetterPage.model_validate(
        {"messages": rows, "next_cursor": None if last is None else to_cursor(last, DATED)}
    )


async def resolve(
    dead_letter_id: UUID, resolution: Resolution, reason: str | None, caller: Caller
) -> DeadLetterResolved:
    """Replay or discard one, once. A replayed message leaves by its owner's outbox.

    Raises:
        Rejected: ``not_found``, ``already_resolved``, ``not_replayable``.
        Unavailable: the database is down.
    """
    async with transaction("rent") as connection:
        letter = await repository.find(connection, dead_letter_id)
        if letter is None:
            raise Rejected("not_found", "there is no such message")
        domain.check_resolvable(letter, resolution)
        resolved = await repository.resolve(
            connection, letter, resolution, actor=caller.actor, reason=reason
        )
        if not resolved:
            raise Rejected("already_resolved", "somebody else has resolved this message")
        await audit.record(
            connection,
            caller,
            f"dead_letter_{resolution}",
            target=str(dead_letter_id),
            reason=reason,
            before={"queue": letter.queue, "resolution": None},
            after={"queue": letter.queue, "resolution": resolution},
        )
    event("dead_letter_resolved", {"queue": letter.queue, "resolution": resolution})
    return DeadLetterResolved(id=dead_letter_id, queue=letter.queue, resolution=resolution)
