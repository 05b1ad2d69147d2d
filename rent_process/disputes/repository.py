"""Disputes as PaymentProcess shows them. Never commits."""

from typing import Any

from shared.database import Connection
from shared.sql import fetch_all, load_queries

QUERIES = load_queries(__file__)


async def list_disputes(connection: Connection, parameters: dict[str, Any]) -> list[dict[str, Any]]:
    return await fetch_all(connection, QUERIES["list_disputes"], parameters)
