"""Send each e-mail that was asked for once, however often its message is delivered.

A delivery first claims the e-mail's row, with a lease; only the holder sends. The vendors offer
no idempotency key, so one gap stays: a process that dies after the vendor accepted and before the
row says so leaves a lease that ends, and the next delivery sends again: at most one more copy per
such death. Both copies carry the same ``Message-ID`` header, and the same ``message_id`` in
SendGrid's custom arguments. What is not a death is covered: a database that is away for a moment
at that point is asked again.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID, uuid4

from email_notification import rendering, repository, sendgrid_gateway, smtp_gateway
from email_notification.domain import Email, EmailStatus, Outcome, Provider
from shared.contracts import manage_token
from shared.contracts.messages import EmailRequestedV1
from shared.database import connect
from shared.errors import Rejected, Unavailable
from shared.features import Flag, is_enabled
from shared.secrets import get_keys
from shared.settings import get_settings
from shared.telemetry import dependency, event, metric

logger = logging.getLogger(__name__)

# Longer than a vendor's timeout (10 s) and the waits below. Shorter than the queue's wait after a
# failure (30 s, host.json), so that a claim whose owner has died costs one delivery at most.
LEASE_SECONDS = 25
SETTLE_WAITS_SECONDS = (0.1, 0.5, 2.0)


class Gateway(NamedTuple):
    """A provider: ``send`` returns the provider's own id of the e-mail."""

    provider: Provider
    send: Callable[[Email], Awaitable[str]]


async def choose_gateway() -> Gateway:
    """SendGrid, unless the operators have switched to SMTP."""
    if await is_enabled(Flag.EMAIL_SMTP):
        return Gateway("smtp", smtp_gateway.send)
    return Gateway("sendgrid", sendgrid_gateway.send)


async def notify(
    request: EmailRequestedV1,
    choose: Callable[[], Awaitable[Gateway]] = choose_gateway,
) -> Outcome:
    """Send the e-mail unless it was sent.

    Raises:
        Unavailable: not now; the queue delivers again.
    """
    # Before the claim, so that a vault that is away leaves no lease behind.
    manage_key, *_ = await get_keys("manage-token-key")
    claim_id = uuid4()
    async with connect("email") as connection:
        if not await repository.claim(connection, request, claim_id, LEASE_SECONDS):
            return _not_ours(await repository.get_status(connection, request.message_id))
        rental = await repository.get_rental(connection, request.rental_id)
        message = None
        if request.branch_message_id is not None:
            message = await repository.get_branch_message(
                connection, request.rental_id, request.branch_message_id
            )
    if rental is None or rental.recipient_email is None:
        return await _fail(request, claim_id, "recipient_missing")
    if not rental.still_needs(request.template):
        return await _fail(request, claim_id, "no_longer_due")
    if request.branch_message_id is not None and message is None:
        return await _fail(request, claim_id, "message_missing")
    token = manage_token.derive(manage_key, rental.reference)
    base_url = get_settings().public_base_url
    email = rendering.render(request, rental, rental.recipient_email, base_url, token, message)
    return await _send(request, email, claim_id, await choose())


async def _send(
    request: EmailRequestedV1, email: Email, claim_id: UUID, gateway: Gateway
) -> Outcome:
    attributes = {"template": request.template.value, "provider": gateway.provider}
    try:
        with dependency(gateway.provider, "send e-mail", **attributes):
            provider_message_id = await gateway.send(email)
    except Rejected as refusal:
        return await _fail(request, claim_id, refusal.code, gateway.provider)
    except Unavailable:
        async with connect("email") as connection:
            await repository.release(
                connection, request.message_id, claim_id, "unavailable", gateway.provider
            )
        raise
    await _mark_sent(request.message_id, claim_id, gateway.provider, provider_message_id)
    event("email_sent", attributes)
    delay = datetime.now(UTC) - request.occurred_at
    metric("email_delay_seconds", delay.total_seconds(), attributes)
    return Outcome.SENT


async def _mark_sent(
    message_id: UUID, claim_id: UUID, provider: Provider, provider_message_id: str
) -> None:
    """Insist: what is not written here would be sent again."""
    for wait_seconds in (*SETTLE_WAITS_SECONDS, None):
        try:
            async with connect("email") as connection:
                held = await repository.mark_sent(
                    connection, message_id, claim_id, provider, provider_message_id
                )
        except Unavailable:
            if wait_seconds is None:
                raise
            await asyncio.sleep(wait_seconds)
        else:
            if not held:
                logger.error("an e-mail outlasted its claim and may have been sent twice")
            return


async def _fail(
    request: EmailRequestedV1, claim_id: UUID, failure: str, provider: Provider | None = None
) -> Outcome:
    async with connect("email") as connection:
        await repository.mark_failed(connection, request.message_id, claim_id, failure, provider)
    event("email_failed", {"template": request.template.value, "reason": failure})
    logger.warning("an e-mail of template %s cannot be sent: %s", request.template, failure)
    return Outcome.FAILED


def _not_ours(status: EmailStatus | None) -> Outcome:
    if status is not None and status.is_final:
        return Outcome.DUPLICATE
    # Another delivery sends, or died doing so: this message must outlive that question.
    raise Unavailable("another delivery is sending this e-mail", retry_after_seconds=LEASE_SECONDS)
