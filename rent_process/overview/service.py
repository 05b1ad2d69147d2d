"""Find rentals for an operator. What an operator of some branches sees touches one of those."""

from typing import Any

from rent_process.overview import repository
from rent_process.paging import DATED, from_cursor, split_page, to_cursor
from rent_process.reading.service import stop_of
from shared.contracts.caller import Caller
from shared.contracts.money import Money
from shared.contracts.operator import ListedRental, RentalPage, RentalsQuery
from shared.database import connect

# What the payment says while PaymentProcess has not seen the newest attempt yet.
REQUESTED = "CREATED"


async def list_rentals(query: RentalsQuery, caller: Caller) -> RentalPage:
    """Read one page, the newest booking first.

    Raises:
        Rejected: ``validation_failed`` for a cursor that no such list has given.
        Unavailable: the database is down.
    """
    before = from_cursor(query.cursor, DATED) or (None, None)
    parameters = {
        "status": query.status,
        "branch": query.branch,
        "branches": caller.limited_to,
        "from_at": query.from_,
        "to_at": query.to,
        "sought": query.q,
        "pattern": None if query.q is None else _prefix(query.q),
        "before_at": before[0],
        "before_id": before[1],
        "limit": query.limit + 1,
    }
    async with connect("rent") as connection:
        found = await repository.list_rentals(connection, parameters)
    rows, more = split_page(found, query.limit)
    last = (rows[-1]["created_at"], rows[-1]["rental_id"]) if more else None
    return RentalPage(
        rentals=[_listed(row) for row in rows],
        next_cursor=None if last is None else to_cursor(last, DATED),
    )


def _prefix(sought: str) -> str:
    r"""A LIKE pattern for what begins so: a prefix can use an index, and ``%`` means itself."""
    escaped = sought.lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"{escaped}%"


def _listed(row: dict[str, Any]) -> ListedRental:
    return ListedRental.model_validate(
        {
            "reference": row["reference"],
            "status": row["status"],
            "created_at": row["created_at"],
            "pickup": stop_of(row, "pickup"),
            "return": stop_of(row, "return"),
            "class": row["class_code"],
            "driver": {
                name: row["driver"].get(name, "")
                for name in ("given_name", "family_name", "email", "phone")
            },
            "total": Money(amount=row["total_minor"], currency=row["currency"]),
            "payment_method": row["payment_method"],
            "payment_status": _payment_status(row),
        }
    )


def _payment_status(row: dict[str, Any]) -> str | None:
    if row["payment_method"] == "counter":
        return None
    if row["payment_status"] is None or row["payment_attempt"] < row["attempt"]:
        return REQUESTED
    return str(row["payment_status"])
