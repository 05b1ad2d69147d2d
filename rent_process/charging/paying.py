"""The renter pays what is due and could not be taken from the card that was kept."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from rent_process import outgoing
from rent_process.booking.domain import Event
from rent_process.booking.service import hold_of
from rent_process.charging import domain, repository
from rent_process.ledger import repository as ledger
from shared.contracts.renter import PaymentChoice
from shared.database import Connection
from shared.errors import Rejected
from shared.outbox import Envelope
from shared.settings import get_settings


@dataclass(frozen=True, slots=True)
class Paying:
    """A payment that is on its way; ``envelopes`` is empty when the key had it before."""

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
            ``idempotency_key_reused``.
    """
    rental = await repository.lock_rental(connection, rental_id)
    known = await repository.find_due_payment(connection, rental_id, request[0])
    if known is not None:
        if known[0] != request[1]:
            detail = "this Idempotency-Key was used for another request"
            raise Rejected("idempotency_key_reused", detail)
        return Paying(known[1], [])
    purpose, amount = domain.check_due(rental)
    sequence = rental.account.next_sequence
    expires_at = now + hold_of(payment, get_settings())
    await ledger.open_charge(connection, rental_id, sequence, amount, purpose)
    await repository.insert_due_payment(connection, rental_id, request, sequence, expires_at)
    await repository.note_event(connection, rental_id, Event.PAYMENT_REQUESTED)
    envelope = outgoing.later_payment_requested(
        rental_id,
        rental.reference,
        purpose=purpose,
        sequence=sequence,
        amount=rental.money(amount),
        payment=payment,
        expires_at=expires_at,
    )
    return Paying(expires_at, [envelope])
