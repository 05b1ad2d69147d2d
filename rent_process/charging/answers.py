"""What the answers about deposits and additional payments do. Each may come twice or late."""

from datetime import datetime

from rent_process import outgoing
from rent_process.booking.domain import Event
from rent_process.charging import repository
from rent_process.charging.domain import ChargedRental
from rent_process.charging.service import ask_again, follow_money
from rent_process.ledger import repository as ledger
from rent_process.ledger.domain import Charge, ChargeStatus
from rent_process.ledger.service import give_back_surplus
from shared.contracts.messages import PaymentOutcome, PaymentSettledV1, Purpose
from shared.database import Connection
from shared.outbox import Envelope
from shared.telemetry import event


async def settle(
    connection: Connection, message: PaymentSettledV1, now: datetime
) -> list[Envelope]:
    """Apply one answer, once; returns what follows from it.

    Raises:
        Rejected: ``not_found``.
    """
    rental = await repository.lock_rental(connection, message.rental_id)
    match message.outcome:
        case PaymentOutcome.CAPTURED:
            return await _captured(connection, rental, message, now)
        case PaymentOutcome.AUTHORIZED:
            return await _authorized(connection, rental, message)
        case PaymentOutcome.DECLINED:
            return await _declined(connection, rental, message)
        case PaymentOutcome.VOIDED:
            return await _voided(connection, rental, message)


async def _captured(
    connection: Connection, rental: ChargedRental, message: PaymentSettledV1, now: datetime
) -> list[Envelope]:
    rental_id, amount = rental.rental_id, message.amount.amount
    if not await ledger.receive(connection, rental_id, message.sequence, amount):
        return []  # known already
    is_deposit = message.purpose is Purpose.DEPOSIT
    what = Event.DEPOSIT_CAPTURED if is_deposit else Event.ADDITIONAL_PAID
    await repository.note_event(connection, rental_id, what)
    papers = [outgoing.documents_requested(rental_id)]  # an invoice stands for what is paid
    total = rental.money(rental.total_minor)
    refunds = await give_back_surplus(connection, rental_id, rental.status, total)
    if refunds:
        await repository.note_event(connection, rental_id, Event.REFUND_REQUESTED)
        return papers + refunds
    if is_deposit:
        return papers
    asked = await ask_again(connection, rental_id, now)
    return papers + asked + await follow_money(connection, rental_id)


async def _authorized(
    connection: Connection, rental: ChargedRental, message: PaymentSettledV1
) -> list[Envelope]:
    if await ledger.hold(connection, rental.rental_id, message.sequence):
        await repository.note_event(connection, rental.rental_id, Event.DEPOSIT_AUTHORIZED)
    # The car may be back already: then nothing is left to hold it for.
    return await follow_money(connection, rental.rental_id)


async def _declined(
    connection: Connection, rental: ChargedRental, message: PaymentSettledV1
) -> list[Envelope]:
    """Give it up at the vendor: only then may the same be asked for in another way."""
    rental_id, sequence, purpose = rental.rental_id, message.sequence, message.purpose
    charge = _charge(rental, sequence)
    if charge is not None and charge.status is ChargeStatus.HELD:
        # The deposit stands until its bank lets it go; its renewal is tried again.
        await repository.note_event(connection, rental_id, Event.DEPOSIT_NOT_RENEWED)
        event("deposit_not_renewed", {"rental_id": str(rental_id)})
        return []
    if not await ledger.decline_charge(connection, rental_id, sequence, message.attempt):
        return []
    is_deposit = purpose is Purpose.DEPOSIT
    what = Event.DEPOSIT_DECLINED if is_deposit else Event.PAYMENT_DECLINED
    await repository.note_event(connection, rental_id, what)
    return [outgoing.payment_given_up(rental_id, "released", sequence, purpose)]


async def _voided(
    connection: Connection, rental: ChargedRental, message: PaymentSettledV1
) -> list[Envelope]:
    """Nothing more can come of it: a deposit that still stands may be taken instead."""
    rental_id, charge = rental.rental_id, _charge(rental, message.sequence)
    if charge is None:
        return []
    if not await ledger.close_charge(connection, rental_id, message.sequence):
        return []
    if message.purpose is Purpose.ADDITIONAL:
        return await follow_money(connection, rental_id)
    what = _end_of_deposit(charge)
    if what is not None:
        await repository.note_event(connection, rental_id, what)
        event(what.lower(), {"rental_id": str(rental_id)})
    return []


def _end_of_deposit(charge: Charge) -> Event | None:
    """Released as asked, or lost: its bank let it go before it was settled."""
    if charge.settle_minor == 0:
        return Event.DEPOSIT_RELEASED
    if charge.status is ChargeStatus.HELD:
        return Event.DEPOSIT_EXPIRED
    return Event.DEPOSIT_DECLINED if charge.status is ChargeStatus.OPEN else None


def _charge(rental: ChargedRental, sequence: int) -> Charge | None:
    found = (each for each in rental.account.charges if each.sequence == sequence)
    return next(found, None)
