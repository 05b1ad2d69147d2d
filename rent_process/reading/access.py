"""Who may do what about a rental, where reading it is not enough."""

from typing import Any

from rent_process.reading import repository
from rent_process.reading.service import authorise
from shared.contracts.caller import Caller
from shared.contracts.renter import Rental
from shared.database import connect
from shared.errors import Rejected


async def check_renter(reference: str, caller: Caller) -> None:
    """Let through the rental's renter alone: an operator does not speak for them.

    Raises:
        Rejected: ``unauthenticated``; ``not_found``, also for a rental of somebody else;
            ``forbidden`` for an operator of one of its branches.
    """
    await authorise(reference, caller)
    row = await _read(reference)
    if row is not None and not row["driver"].get("erased"):
        if caller.manage_token is not None or row["subject"] == caller.subject:
            return
        if _serves(row, caller):
            raise Rejected("forbidden", "only the renter may do this")
    raise Rejected("not_found", "there is no such rental")


async def check_branch(reference: str, caller: Caller) -> None:
    """Let through an operator of one of the rental's branches. That it is one is checked before.

    Raises:
        Rejected: ``not_found``, also for a rental of other branches.
    """
    row = await _read(reference)
    if row is None or not _serves(row, caller):
        raise Rejected("not_found", "there is no such rental")


def operator_of_branch(rental: Rental, caller: Caller) -> Caller | None:
    """The caller, where it acts as an operator of one of the rental's branches: to be audited."""
    is_theirs = caller.serves(rental.pickup.branch, rental.return_.branch)
    return caller if caller.is_operator and is_theirs else None


async def _read(reference: str) -> dict[str, Any] | None:
    async with connect("rent") as connection:
        return await repository.read_rental(connection, reference)


def _serves(row: dict[str, Any], caller: Caller) -> bool:
    return caller.is_operator and caller.serves(row["pickup_branch"], row["return_branch"])
