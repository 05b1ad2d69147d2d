"""Reviews as rows. Never commits."""

from typing import Any
from uuid import UUID

from shared.database import Connection
from shared.sql import fetch_all, fetch_one, fetch_one_or_none, load_queries

QUERIES = load_queries(__file__)


async def lock_rental(connection: Connection, reference: str) -> dict[str, Any] | None:
    return await fetch_one_or_none(connection, QUERIES["lock_rental"], {"reference": reference})


async def insert_review(connection: Connection, review: dict[str, Any]) -> dict[str, Any] | None:
    """None: the rental has one already."""
    return await fetch_one_or_none(connection, QUERIES["insert_review"], review)


async def read_own(connection: Connection, reference: str) -> dict[str, Any]:
    return await fetch_one(connection, QUERIES["read_own"], {"reference": reference})


async def average(
    connection: Connection, car_class: str | None, branch: str | None
) -> dict[str, Any]:
    """Average, one decimal, and count of every rating."""
    return await fetch_one(connection, QUERIES["average"], {"class": car_class, "branch": branch})


async def list_reviews(connection: Connection, parameters: dict[str, Any]) -> list[dict[str, Any]]:
    return await fetch_all(connection, QUERIES["list_reviews"], parameters)


async def lock_review(
    connection: Connection, review_id: UUID, branches: list[str] | None
) -> dict[str, Any] | None:
    parameters = {"review_id": review_id, "branches": branches}
    return await fetch_one_or_none(connection, QUERIES["lock_review"], parameters)


async def moderate(connection: Connection, review_id: UUID, status: str) -> dict[str, Any]:
    parameters = {"review_id": review_id, "status": status}
    return await fetch_one(connection, QUERIES["moderate"], parameters)
