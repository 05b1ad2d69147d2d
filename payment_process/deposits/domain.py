"""Which authorisation of a deposit is captured, and when one is renewed. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from payment_process.domain import (
    CHARGED,
    LEGAL,
    UNDECIDED,
    IllegalTransition,
    Payment,
    Status,
)

# Long enough for three tries and for an operator to ask the renter for another card.
RENEW_BEFORE = timedelta(hours=24)
RENEWAL_ATTEMPTS = 3
RENEWAL_PAUSE = timedelta(hours=6)


def stands(payment: Payment) -> bool:
    """Authorised, and neither given up nor being captured."""
    return (
        payment.status is Status.AUTHORIZED
        and payment.cancel_requested_at is None
        and payment.capture_minor is None
    )


def choose_captured(payments: Sequence[Payment], amount_minor: int) -> Payment | None:
    """The authorisation to capture: the one that was begun, else the newest that stands.

    Raises:
        ValueError: another amount was asked for before.
    """
    begun = next((each for each in payments if each.capture_minor is not None), None)
    if begun is not None:
        if begun.capture_minor != amount_minor:
            raise ValueError(f"payment {begun.payment_id}: another amount is being captured")
        return begun
    standing = [each for each in payments if stands(each)]
    return max(standing, key=lambda each: each.renewal, default=None)


def begin_capture(payment: Payment, amount_minor: int) -> Payment:
    """Write down, before it is done, that this much is taken; whoever gave it up was faster."""
    if payment.capture_minor is not None or not stands(payment):
        return payment
    if not 0 < amount_minor <= payment.amount_minor:
        raise ValueError(f"payment {payment.payment_id}: {amount_minor} is not within the deposit")
    return replace(payment, capture_minor=amount_minor)


def is_undecided(payment: Payment) -> bool:
    return payment.status in UNDECIDED and payment.cancel_requested_at is None


def may_renew(payment: Payment) -> bool:
    """Only by a card that was kept, and only what nobody has renewed yet."""
    kept = payment.customer_id is not None and payment.payment_method_id is not None
    return stands(payment) and kept and payment.replaced_by is None


def open_renewal(payment: Payment) -> tuple[Payment, Payment]:
    """What is to be renewed, and its renewal, which may be tried until the other lapses."""
    renewal = replace(
        payment,
        payment_id=uuid4(),
        status=Status.CREATED,
        attempt=1,
        off_session=True,
        save_method=False,
        expires_at=payment.capture_before,
        decline_code=None,
        intent_id=None,
        client_secret=None,
        next_action=None,
        capture_before=None,
        renewal=payment.renewal + 1,
        spent_keys=0,
        version=1,
    )
    return replace(payment, replaced_by=renewal.payment_id), renewal


def try_again(renewal: Payment, now: datetime) -> Payment:
    """A declined renewal's next attempt, on the same intent."""
    if renewal.status is not Status.DECLINED or not renewal.may_confirm(now):
        return renewal
    if renewal.attempt >= RENEWAL_ATTEMPTS:
        return renewal
    if Status.CREATED not in LEGAL[renewal.status]:
        raise IllegalTransition(f"payment {renewal.payment_id}: cannot be tried again")
    return replace(renewal, status=Status.CREATED, attempt=renewal.attempt + 1, decline_code=None)


def replace_by(payment: Payment, payment_id: UUID) -> Payment:
    """Another authorisation of the deposit is captured: this one's end is nobody's news."""
    return payment if payment.status in CHARGED else replace(payment, replaced_by=payment_id)


def is_superseded(payment: Payment, renewal: Payment) -> bool:
    """Whether the renewal stands, or the deposit was given up with it: the old one may go."""
    if payment.capture_minor is not None or payment.status is not Status.AUTHORIZED:
        return False
    return renewal.status in CHARGED | {Status.AUTHORIZED, Status.VOIDED, Status.AUTH_EXPIRED}
