"""The renter pays what is due and could not be taken from the card that was kept."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from rent_process import outgoing
from rent_process.booking.domain import Event
from rent_process.booking.service import hold_of
from rent_process.charging import domain, repository
from rent_process.charging.domain import ChargedRental, DueAttempt
from rent_process.ledger import repository as ledger
from rent_process.limits.domain import check_amount
from rent_process.payer import service as payer
from shared.contracts.renter import PaymentChoice, RentalStatus
from shared.database import Connection
from shared.errors import Rejected
from shared.outbox import Envelope
from shared.settings import get_settings


@dataclass(frozen=True, slots=True)
class Paying:
    """A payment that is on its way; ``envelopes`` is empty when the key had it before."""

    attempt: int
    expires_at: datetime
    envelopes: list[Envelope]


async def pay_due(
    connection: Connection,
    rental_id: UUID,
    payment: PaymentChoice,
    request: tuple[str, bytes],
    now: datetime,
) -> Paying:
    """Ask for what is due by the given means; ``request`` is the key and its request's hash.

    Raises:
        Rejected: ``not_found``, ``not_payable``, ``payment_in_progress``,
            ``idempotency_key_reused``, ``payment_method_unavailable``, ``validation_failed``.
    """
    rental = await repository.lock_rental(connection, rental_id)
    known = await repository.find_due_payment(connection, rental_id, request[0])
    if known is not None:
        if known.request_hash != request[1]:
            detail = "this Idempotency-Key was used for another request"
            raise Rejected("idempotency_key_reused", detail)
        return Paying(known.attempt, known.expires_at, [])
    due = await _what_is_due(connection, rental)
    amount = rental.money(due.amount_minor)
    check_amount(payment.method, amount)
    expires_at = now + hold_of(payment, get_settings())
    await _prepare_payer(connection, rental, payment, expires_at)
    if due.attempt == 1:
        await ledger.open_charge(connection, rental_id, due.sequence, due.amount_minor, due.purpose)
    await repository.insert_due_payment(connection, rental_id, request, due, expires_at)
    await repository.note_event(connection, rental_id, Event.PAYMENT_REQUESTED)
    envelope = outgoing.later_payment_requested(
        rental_id,
        rental.reference,
        purpose=due.purpose,
        sequence=due.sequence,
        attempt=due.attempt,
        amount=amount,
        payment=payment,
        expires_at=expires_at,
    )
    return Paying(due.attempt, expires_at, [envelope])


async def _what_is_due(connection: Connection, rental: ChargedRental) -> DueAttempt:
    paying = rental.account.paying_charge
    asked = None
    if paying is not None:
        asked = await repository.read_asked(connection, rental.rental_id, paying.sequence)
    return domain.check_due(rental, asked)


async def _prepare_payer(
    connection: Connection, rental: ChargedRental, payment: PaymentChoice, ends: datetime
) -> None:
    """A car that has not left may not leave before a boleto's money can have come."""
    if rental.status is RentalStatus.CONFIRMED:
        await payer.prepare(connection, rental.rental_id, payment, ends)
    else:
        await payer.prepare_late(connection, rental.rental_id, payment, ends)
