"""Record an operator's action, and show what was recorded."""

from typing import Any

from rent_process.audit import repository
from rent_process.paging import NUMBERED, from_cursor, split_page, to_cursor
from shared.contracts.caller import Caller
from shared.contracts.operator import AuditEntry, AuditPage, AuditQuery
from shared.database import Connection, connect


async def record(
    connection: Connection,
    caller: Caller,
    action: str,
    *,
    reference: str | None = None,
    target: str | None = None,
    reason: str | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Write one entry inside the transaction of the action. No personal data goes in."""
    entry = {
        "actor": caller.actor,
        "action": action,
        "reference": reference,
        "target": target,
        "reason": reason,
        "before": before,
        "after": after,
    }
    await repository.record(connection, entry)


async def list_audit(query: AuditQuery, caller: Caller) -> AuditPage:
    """Read one page, newest first.

    Raises:
        Rejected: ``validation_failed`` for a cursor that this list has not given.
        Unavailable: the database is down.
    """
    position = from_cursor(query.cursor, NUMBERED)
    async with connect("rent") as connection:
        found = await repository.list_entries(
            connection,
            rental=query.rental,
            before=None if position is None else position[0],
            branches=caller.limited_to,
            limit=query.limit + 1,
        )
    rows, more = split_page(found, query.limit)
    cursor = to_cursor((rows[-1]["audit_id"],), NUMBERED) if more else None
    return AuditPage(entries=[AuditEntry.model_validate(row) for row in rows], next_cursor=cursor)
