"""One query a check. Never commits."""

from typing import Any

from shared.database import Connection
from shared.sql import fetch_one, load_queries

QUERIES = load_queries(__file__)
CHECKS = (
    "holds_overdue",
    "confirmed_unpaid",
    "paid_not_confirmed",
    "charged_above_price",
    "deposits_standing",
    "deposits_lost",
    "payments_without_rental",
    "payments_unsettled",
    "vendor",
    "vendor_unmatched",
    "outboxes",
    "emails_stuck",
    "confirmations_never_mailed",
    "documents_unmade",
    "documents_missing",
    "invoice_gaps",
)


async def run_check(
    connection: Connection, name: str, parameters: dict[str, Any]
) -> dict[str, Any]:
    """Count what the check finds, with a few examples."""
    query = (
        "SELECT count(*)::integer AS drift, "  # noqa: S608 -- both parts are our own text
        "coalesce((array_agg(example ORDER BY example))[1:10], '{}') AS examples FROM ("
        + QUERIES[name]
        + ") AS found"
    )
    return await fetch_one(connection, query, parameters)
