"""Counts the attempts of each card, in the transaction that lets one begin."""

from datetime import UTC, datetime
from hashlib import sha256

from payment_process.domain import Payment
from payment_process.group_commit import Write
from payment_process.limits import repository
from shared.contracts.limits import TRIES
from shared.contracts.messages import PaymentMethod
from shared.database import ConstraintViolation, connect
from shared.settings import get_settings

RULE = TRIES["card"]
TOO_OFTEN = RULE.answer


def counts(payment: Payment) -> bool:
    """What the company charges by itself, off session, is no renter trying cards."""
    is_card = payment.method is PaymentMethod.CARD and not payment.off_session
    return is_card and bool(get_settings().limit_card_per_hour)


def counting(payment: Payment, fingerprint: str, began_at: datetime) -> Write:
    """Count one attempt of the card, with the change that lets ``payment`` begin it.

    The fingerprint names a number at Stripe and nowhere else; its hash with the window is enough
    to count, and no row of one hour can be joined with one of the next.
    """
    began = int(began_at.timestamp()) // RULE.window_seconds * RULE.window_seconds
    ends_at = datetime.fromtimestamp(began + RULE.window_seconds, UTC)
    subject = sha256(f"card:{ends_at.isoformat()}:{fingerprint}".encode()).digest()
    maximum = get_settings().limit_card_per_hour
    return repository.counting(payment, began_at, subject, ends_at, maximum)


def is_too_often(violation: ConstraintViolation) -> bool:
    """Whether the database refuses because the card was tried as often as it may be."""
    return violation.constraint == repository.TOO_MANY


async def forget_tries(now: datetime) -> int:
    """Delete every count whose window is over."""
    async with connect("payment") as connection:
        return await repository.forget_tries(connection, now)
