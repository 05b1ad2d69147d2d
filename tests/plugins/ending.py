"""Rentals in later states, written as their own capability would leave them."""

from typing import Any

import psycopg

from tests.plugins.market import Renter
from tests.plugins.saga import book_and_pay


def put(url: str, accepted: dict[str, Any], status: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute(
            "UPDATE rent.rental SET status = %s, expires_at = NULL WHERE reference = %s",
            [status, accepted["reference"]],
        )


async def completed(renter: Renter, url: str, **search: Any) -> dict[str, Any]:
    """A rental that was driven and brought back."""
    accepted = await book_and_pay(renter, url, **search)
    put(url, accepted, "COMPLETED")
    return accepted
