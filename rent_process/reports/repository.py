"""One query a report. Never commits."""

from typing import Any

from rent_process.reports.domain import Days
from shared.database import Connection
from shared.sql import fetch_all, fetch_one, load_queries

QUERIES = load_queries(__file__)
REPORTS = ("utilisation", "revenue", "manifest", "payments", "cancellations")


async def has_branch(connection: Connection, branch: str) -> bool:
    row = await fetch_one(connection, QUERIES["has_branch"], {"branch": branch})
    return bool(row["found"])


async def run_report(
    connection: Connection, name: str, days: Days, branches: list[str] | None
) -> list[dict[str, Any]]:
    """Rows in order; ``branches`` None: every branch."""
    parameters = {"first": days.first, "last": days.last, "branches": branches}
    return await fetch_all(connection, QUERIES[name], parameters)
