"""Counts the attempts of each card, in the transaction that lets one begin."""

from datetime import UTC, datetime
from hashlib import sha256

from payment_process.domain import Payment
from payment_process.limits import repository
from shared.contracts.limits import TRIES
from shared.contracts.messages import PaymentMethod
from shared.database import Connection, connect
from shared.settings import get_settings

RULE = TRIES["card"]


class TooOften(Exception):  # noqa: N818 -- an answer to the renter, not a fault
    """The card was tried as often as it may be in this window."""

    decline_code = RULE.answer


def counts(payment: Payment) -> bool:
    """What the company charges by itself, off session, is no renter trying cards."""
    is_card = payment.method is PaymentMethod.CARD and not payment.off_session
    return is_card and bool(get_settings().limit_card_per_hour)


async def count_card(connection: Connection, fingerprint: str, now: datetime) -> None:
    """Count one attempt of the card, with whatever else the transaction does.

    The fingerprint names a number at Stripe and nowhere else; its hash with the window is enough
    to count, and no row of one hour can be joined with one of the next.

    Raises:
        TooOften: it is one too many; the transaction is over.
    """
    from psycopg.errors import CheckViolation  # noqa: PLC0415 -- import budget

    began = int(now.timestamp()) // RULE.window_seconds * RULE.window_seconds
    ends_at = datetime.fromtimestamp(began + RULE.window_seconds, UTC)
    subject = sha256(f"card:{ends_at.isoformat()}:{fingerprint}".encode()).digest()
    try:
        await repository.count_try(connection, subject, ends_at, get_settings().limit_card_per_hour)
    except CheckViolation as violation:
        raise TooOften from violation


async def forget_tries(now: datetime) -> int:
    """Delete every count whose window is over."""
    async with connect("payment") as connection:
        return await repository.forget_tries(connection, now)
