"""List disputes, newest first. An operator of some branches sees those of their rentals."""

from datetime import datetime

from pydantic import AwareDatetime, TypeAdapter

from rent_process.disputes import repository
from rent_process.paging import from_cursor, split_page, to_cursor
from shared.contracts.caller import Caller
from shared.contracts.disputes import DisputePage, DisputesQuery
from shared.database import connect

POSITION: TypeAdapter[tuple[datetime, str]] = TypeAdapter(tuple[AwareDatetime, str])


async def list_disputes(query: DisputesQuery, caller: Caller) -> DisputePage:
    """Read one page.

    Raises:
        Rejected: ``validation_failed`` for a cursor that this list has not given.
        Unavailable: the database is down.
    """
    before = from_cursor(query.cursor, POSITION) or (None, None)
    parameters = {
        "open": query.open,
        "branches": caller.limited_to,
        "before_at": before[0],
        "before_id": before[1],
        "limit": query.limit + 1,
    }
    async with connect("rent") as connection:
        found = await repository.list_disputes(connection, parameters)
    rows, more = split_page(found, query.limit)
    for row in rows:
        row["amount"] = {"amount": row.pop("amount_minor"), "currency": row.pop("currency")}
    last = (rows[-1]["opened_at"], rows[-1]["dispute_id"]) if more else None
    return DisputePage.model_validate(
        {"disputes": rows, "next_cursor": None if last is None else to_cursor(last, POSITION)}
    )
