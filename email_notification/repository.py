"""What is stored about e-mails, and what may be read about the rental. Never commits."""

from typing import Any
from uuid import UUID

from email_notification.domain import EmailStatus, Provider, Rental
from shared.contracts.messages import EmailRequestedV1
from shared.database import Connection
from shared.sql import load_queries

QUERIES = load_queries(__file__)


async def claim(
    connection: Connection, request: EmailRequestedV1, claim_id: UUID, lease_seconds: int
) -> bool:
    """Take the right to send; False if another delivery has it or the e-mail is decided."""
    parameters = {
        "message_id": request.message_id,
        "rental_id": request.rental_id,
        "template": request.template.value,
        "requested_at": request.occurred_at,
        "claim_id": claim_id,
        "lease_seconds": lease_seconds,
    }
    cursor = await connection.execute(QUERIES["claim"], parameters)
    return await cursor.fetchone() is not None


async def get_status(connection: Connection, message_id: UUID) -> EmailStatus | None:
    cursor = await connection.execute(QUERIES["get_status"], {"message_id": message_id})
    row = await cursor.fetchone()
    return EmailStatus(row["status"]) if row else None


async def get_rental(connection: Connection, rental_id: UUID) -> Rental | None:
    cursor = await connection.execute(QUERIES["get_rental"], {"rental_id": rental_id})
    row = await cursor.fetchone()
    return Rental.from_row(row) if row else None


async def get_branch_message(
    connection: Connection, rental_id: UUID, branch_message_id: UUID
) -> str | None:
    """What the branch wrote; None once it was erased."""
    parameters = {"rental_id": rental_id, "branch_message_id": branch_message_id}
    cursor = await connection.execute(QUERIES["get_branch_message"], parameters)
    row = await cursor.fetchone()
    return row["body"] if row else None


async def mark_sent(
    connection: Connection,
    message_id: UUID,
    claim_id: UUID,
    provider: Provider,
    provider_message_id: str,
) -> bool:
    """False if the claim had passed to another delivery."""
    parameters = {"provider": provider, "provider_message_id": provider_message_id}
    return await _settle(connection, "mark_sent", message_id, claim_id, parameters)


async def mark_failed(
    connection: Connection,
    message_id: UUID,
    claim_id: UUID,
    failure: str,
    provider: Provider | None = None,
) -> bool:
    """False if the claim had passed to another delivery."""
    parameters = {"failure": failure, "provider": provider}
    return await _settle(connection, "mark_failed", message_id, claim_id, parameters)


async def release(
    connection: Connection,
    message_id: UUID,
    claim_id: UUID,
    failure: str,
    provider: Provider | None = None,
) -> bool:
    """Let the next delivery try at once. False if the claim had passed to another delivery."""
    parameters = {"failure": failure, "provider": provider}
    return await _settle(connection, "release", message_id, claim_id, parameters)


async def _settle(
    connection: Connection,
    query: str,
    message_id: UUID,
    claim_id: UUID,
    parameters: dict[str, Any],
) -> bool:
    parameters = {"message_id": message_id, "claim_id": claim_id, **parameters}
    cursor = await connection.execute(QUERIES[query], parameters)
    return cursor.rowcount == 1
