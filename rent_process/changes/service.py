"""Cancel a rental: the fee that its policy says, its hours and the rest of its money given back."""

from datetime import datetime

from rent_process import outgoing
from rent_process.booking.domain import Event
from rent_process.changes import domain, repository
from rent_process.changes.domain import ChangingRental, Settlement
from rent_process.changes.repository import CancellationRow
from rent_process.ledger import repository as ledger
from rent_process.ledger.domain import Account
from rent_process.ledger.service import refund
from shared import outbox
from shared.contracts.changes import Cancellation
from shared.contracts.messages import EmailTemplate
from shared.contracts.money import Money
from shared.contracts.renter import RentalStatus
from shared.database import Connection, LockTimeout, connect, transaction
from shared.errors import Rejected, Unavailable
from shared.outbox import Envelope
from shared.telemetry import event

# Changes of a hot class wait for each other (2 s, set on the role): three waits, then 503.
TRIES = 3


async def preview_cancellation(reference: str, now: datetime) -> Cancellation:
    """What a cancellation would keep and give back now; whether the caller may is checked before.

    Raises:
        Rejected: ``not_found``; ``illegal_transition`` when the rental cannot be cancelled.
    """
    async with connect("rent") as connection:
        rental = found(await repository.read_rental(connection, reference))
        settlement = await repository.find_cancellation(connection, rental.rental_id)
        if settlement is None:
            account = await ledger.read_account(connection, rental.rental_id)
            settlement = domain.settle_cancellation(rental, account.kept_minor, now)
    return _answer(rental, rental.status, settlement)


async def cancel(reference: str, reason: str | None, actor: str, now: datetime) -> Cancellation:
    """Cancel once; again gives the same answer.

    Raises:
        Rejected: ``not_found``; ``illegal_transition``.
        Unavailable: the database is down, or the class is too busy.
    """
    for _ in range(TRIES):
        try:
            return await _cancel(reference, reason, actor, now)
        except LockTimeout as timeout:
            if timeout.relation != "class_calendar":
                raise
    raise Unavailable("too many changes of this class at once; try again")


async def _cancel(reference: str, reason: str | None, actor: str, now: datetime) -> Cancellation:
    async with transaction("rent") as connection:
        rental = found(await repository.lock_rental(connection, reference))
        known = await repository.find_cancellation(connection, rental.rental_id)
        if known is not None:
            return _answer(rental, rental.status, known)
        account = await ledger.read_account(connection, rental.rental_id)
        settlement = domain.settle_cancellation(rental, account.kept_minor, now)
        envelopes = await _what_follows(connection, rental, account, settlement)
        events: list[str] = [Event.CANCELLED]
        if settlement.refund_minor:
            events.append(Event.REFUND_REQUESTED)
        row = CancellationRow(rental, settlement, actor, reason or None, events, envelopes, now)
        if not await repository.cancel(connection, row):
            raise AssertionError("the rental's row is locked")
    outbox.relay("rent", envelopes)
    event("rental_cancelled", {"rental_id": str(rental.rental_id), "from_status": rental.status})
    return _answer(rental, RentalStatus.CANCELLED, settlement)


async def _what_follows(
    connection: Connection, rental: ChangingRental, account: Account, settlement: Settlement
) -> list[Envelope]:
    """Give up what is not paid, give back what is, tell the renter."""
    rental_id = rental.rental_id
    envelopes = [
        outgoing.payment_given_up(rental_id, "cancelled", charge.sequence)
        for charge in account.open_charges
    ]
    if rental.status is RentalStatus.PENDING:
        envelopes.append(outgoing.payment_given_up(rental_id, "cancelled"))
    amount = Money(amount=settlement.refund_minor, currency=rental.currency)
    envelopes += await refund(connection, rental_id, account, amount, "cancelled")
    told = amount if amount.amount else None
    envelopes.append(outgoing.email_requested(rental_id, EmailTemplate.RENTAL_CANCELLED, told))
    return envelopes


def found(rental: ChangingRental | None) -> ChangingRental:
    if rental is None:
        raise Rejected("not_found", "there is no such rental")
    return rental


def _answer(rental: ChangingRental, status: RentalStatus, settlement: Settlement) -> Cancellation:
    return Cancellation(
        reference=rental.reference,
        status=status,
        fee=Money(amount=settlement.fee_minor, currency=rental.currency),
        refund=Money(amount=settlement.refund_minor, currency=rental.currency),
    )
