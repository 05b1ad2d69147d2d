"""Show one rental to whoever may see it."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from rent_process.ledger import repository as ledger
from rent_process.ledger.domain import OWING
from rent_process.pricing.words import Locale, reword
from rent_process.reading import repository
from rent_process.reading.owing import REQUESTED, owing_of
from shared.contracts.caller import Caller
from shared.contracts.limits import MAXIMUM_ATTEMPTS
from shared.contracts.manage_token import is_valid
from shared.contracts.money import Money
from shared.contracts.renter import Rental, RentalPayment, RentalStatus, Stop
from shared.database import Connection, connect
from shared.errors import Rejected
from shared.secrets import get_keys
from shared.telemetry import about

DUE_AT_COUNTER = "DUE_AT_COUNTER"
PAID_AT_COUNTER = "PAID_AT_COUNTER"


async def authorise(reference: str, caller: Caller) -> None:
    """Let through the holder of the manage token, and signed-in callers to be checked by subject.

    Raises:
        Rejected: ``unauthenticated`` for no token or a wrong one. No database is asked, so an
            answer says nothing about which references exist.
    """
    if caller.subject is not None:
        return
    token = caller.manage_token
    if token is None or not is_valid(token, await get_keys("manage-token-key"), reference):
        raise Rejected("unauthenticated", "this rental needs its manage token or a sign-in")


async def read_rental(reference: str, caller: Caller, locale: Locale | None = None) -> Rental:
    """Read one rental, its price in the words of a language; None: as they were frozen.

    Raises:
        Rejected: ``unauthenticated``; ``not_found``, also for a rental of somebody else.
        Unavailable: the database or the key vault is down.
    """
    await authorise(reference, caller)
    async with connect("rent") as connection:
        row = await repository.read_rental(connection, reference)
        if row is None or not _is_theirs(row, caller):
            raise Rejected("not_found", "there is no such rental")
        about(row["rental_id"])
        owing: dict[str, Any] = {}
        if row["status"] in OWING:  # a hold is polled each second, and owes nothing yet
            account = await ledger.read_account(connection, row["rental_id"])
            fee = await _fee_of(connection, row)
            owing = owing_of(row, account, fee)
    return to_rental(row if locale is None else _in_language(row, locale), owing)


async def _fee_of(connection: Connection, row: dict[str, Any]) -> int:
    if row["status"] != RentalStatus.NO_SHOW:
        return 0
    return await ledger.read_fee(connection, row["rental_id"])


def _in_language(row: dict[str, Any], locale: Locale) -> dict[str, Any]:
    price, names = row["price"], row["names"]
    lines = [reword(line, names, locale) for line in price["lines"]]
    return row | {"price": price | {"lines": lines}}


def _is_theirs(row: dict[str, Any], caller: Caller) -> bool:
    if caller.is_operator and caller.serves(row["pickup_branch"], row["return_branch"]):
        return True
    if row["driver"].get("erased"):
        return False  # forgotten on request: it belongs to nobody any more
    if caller.manage_token is not None:
        return True
    return bool(row["subject"] == caller.subject)


def to_rental(row: dict[str, Any], owing: dict[str, Any] | None = None) -> Rental:
    """Show a row of ``read_rental``; a driver who asked to be forgotten has no name any more."""
    return Rental.model_validate(
        {
            "reference": row["reference"],
            "status": row["status"],
            "pickup": stop_of(row, "pickup"),
            "return": stop_of(row, "return"),
            "class": row["class_code"],
            "driver": {
                name: row["driver"].get(name, "")
                for name in ("given_name", "family_name", "email", "phone")
            },
            "price": row["price"],
            "payment": _payment(row),
            "charges": row.get("charges"),
            "deposit": Money(amount=row["deposit_minor"], currency=row["currency"]),
            "cancellation_policy": row["cancellation_policy"],
            "expires_at": row["expires_at"],
            "cars": row.get("cars"),
            "timeline": row["timeline"],
            "documents": [_document(row["reference"], each) for each in row["documents"]],
            **(owing or {}),
        }
    )


def _document(reference: str, row: dict[str, Any]) -> dict[str, Any]:
    name = f"{row.pop('kind')}.pdf"
    return row | {"name": name, "href": f"/api/rentals/{reference}/documents/{name}"}


def stop_of(row: dict[str, Any], which: str) -> Stop:
    at: datetime = row[f"{which}_at"]
    zone = row[f"{which}_timezone"]
    return Stop(
        branch=row[f"{which}_branch"],
        branch_name=row[f"{which}_name"],
        at=at.astimezone(ZoneInfo(zone)),
        timezone=zone,
    )


def _payment(row: dict[str, Any]) -> RentalPayment:
    method, attempt = row["payment_method"], row["attempt"]
    is_pending = row["status"] == RentalStatus.PENDING
    left = MAXIMUM_ATTEMPTS - attempt if is_pending else 0
    if method == "counter" and row["payment_sequence"] is None:
        status = PAID_AT_COUNTER if row["counter_minor"] >= row["total_minor"] else DUE_AT_COUNTER
        return RentalPayment(status=status, method=method, attempt=0, attempts_left=0)
    # Attempts count within the booking's own payment; a modification's has a sequence of its own.
    is_first = row["payment_sequence"] in {None, 1}
    if row["payment_status"] is None or (is_first and row["payment_attempt"] < attempt):
        return RentalPayment(status=REQUESTED, method=method, attempt=attempt, attempts_left=left)
    return RentalPayment(
        status=row["payment_status"],
        method=method,
        attempt=attempt,
        attempts_left=left,
        decline_code=row["decline_code"],
        next_action=row["next_action"],
        client_secret=row["client_secret"],
    )
