"""Reads a rental with its payment, which PaymentProcess publishes in a view."""

from typing import Any

from shared.database import Connection
from shared.sql import fetch_one_or_none, load_queries

QUERIES = load_queries(__file__)


async def read_rental(connection: Connection, reference: str) -> dict[str, Any] | None:
    return await fetch_one_or_none(connection, QUERIES["read_rental"], {"reference": reference})
