"""RentProcess leads the saga: what a payment's answer, a further try or the clock does.

Every step is one transaction: state, calendar, events and the messages that follow from it. Every
answer may come twice, late or out of order; what has been done is not done again.
"""

from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID

from rent_process import outgoing
from rent_process.audit import service as audit
from rent_process.booking.domain import Event, check_retry
from rent_process.booking.service import check_method, hold_of
from rent_process.charging import answers as charging
from rent_process.charging.paying import pay_due
from rent_process.ledger import repository as ledger
from rent_process.ledger.service import give_back_surplus
from rent_process.limits import repository as counts
from rent_process.limits.domain import Try, check_amount
from rent_process.limits.service import refusing
from rent_process.payer import service as payer
from rent_process.settlement import repository
from rent_process.settlement.repository import LockedRental
from shared import outbox
from shared.contracts.caller import Caller
from shared.contracts.limits import MAXIMUM_ATTEMPTS
from shared.contracts.messages import (
    EmailTemplate,
    PaymentActionRequiredV1,
    PaymentOutcome,
    PaymentSettledV1,
    Purpose,
    RefundSettledV1,
)
from shared.contracts.money import Money
from shared.contracts.renter import PaymentChoice, PaymentRetried, RentalStatus
from shared.database import Connection, connect, transaction
from shared.errors import Rejected
from shared.outbox import Envelope
from shared.settings import get_settings
from shared.sweeping import for_each
from shared.telemetry import event

# A payment in one of these may still move money: no second try beside it (design, decision 4).
OPEN_PAYMENTS = frozenset({"CREATED", "PROCESSING", "UNKNOWN"})
EXPIRY_BATCH = 200

PaymentResult = PaymentActionRequiredV1 | PaymentSettledV1 | RefundSettledV1


async def handle_result(message: PaymentResult, now: datetime) -> None:
    """Apply one answer of PaymentProcess, once.

    Raises:
        Rejected: ``not_found`` when there is no such rental.
        Unavailable: the database is down.
    """
    async with transaction("rent") as connection:
        rental = await repository.lock_rental(connection, message.rental_id)
        if rental is None:
            raise Rejected("not_found", "a payment answer names no rental of ours")
        match message:
            case PaymentSettledV1(purpose=Purpose.PREPAY):
                envelopes = await _settle(connection, rental, message, now)
            case PaymentSettledV1():
                envelopes = await charging.settle(connection, message, now)
            case PaymentActionRequiredV1():
                envelopes = await _note(connection, rental, Event.PAYMENT_ACTION_REQUIRED)
            case RefundSettledV1():
                envelopes = await _refunded(connection, rental, message)
        await outbox.write(connection, envelopes)
    outbox.relay("rent", envelopes)


async def _settle(
    connection: Connection, rental: LockedRental, message: PaymentSettledV1, now: datetime
) -> list[Envelope]:
    if message.outcome is PaymentOutcome.CAPTURED:
        return await _captured(connection, rental, message, now)
    if message.sequence > 1:
        return await _difference_not_paid(connection, rental, message)
    if message.outcome is PaymentOutcome.DECLINED:
        return await _declined(connection, rental, message.attempt, now)
    return await _given_up(connection, rental, now)


async def _given_up(connection: Connection, rental: LockedRental, now: datetime) -> list[Envelope]:
    """End a hold that no attempt can pay any more, also before its time: nobody waits in vain.

    Its payment was given up at its end, which the payment's clock may reach first, or a person has
    canceled it at the vendor.
    """
    if rental.expires_at is None or rental.expires_at <= now:
        return await _end_hold(connection, rental.rental_id, RentalStatus.EXPIRED, now)
    return await _end_hold(connection, rental.rental_id, RentalStatus.FAILED, now)


async def _captured(
    connection: Connection, rental: LockedRental, message: PaymentSettledV1, now: datetime
) -> list[Envelope]:
    """Confirm; after expiry take the car again; give back what the rental does not cost."""
    rental_id, amount = rental.rental_id, message.amount.amount
    if not await ledger.receive(connection, rental_id, message.sequence, amount):
        return []  # known already
    status, envelopes = rental.status, []
    if message.sequence > 1:
        await repository.note_event(connection, rental_id, Event.DIFFERENCE_PAID)
        envelopes = [outgoing.documents_requested(rental_id)]
    elif await _confirm(connection, rental, now):
        status = RentalStatus.CONFIRMED
        event("rental_confirmed", {"rental_id": str(rental_id)})
        await repository.note_event(connection, rental_id, Event.CONFIRMED)
        envelopes = [
            outgoing.email_requested(rental_id, EmailTemplate.RENTAL_CONFIRMED),
            outgoing.documents_requested(rental_id),
        ]
    total = Money(amount=rental.total_minor, currency=rental.currency)
    refunds = await give_back_surplus(connection, rental_id, status, total)
    if refunds:
        await repository.note_event(connection, rental_id, Event.REFUND_REQUESTED)
    return envelopes + refunds


async def _confirm(connection: Connection, rental: LockedRental, now: datetime) -> bool:
    """False: the rental has ended, or what it held is sold."""
    match rental.status:
        case RentalStatus.PENDING:
            return await repository.confirm(connection, rental.rental_id)
        case RentalStatus.EXPIRED:
            return await repository.confirm_late(connection, rental.rental_id, now)
        case _:
            return False


async def _difference_not_paid(
    connection: Connection, rental: LockedRental, message: PaymentSettledV1
) -> list[Envelope]:
    """A modification's difference was declined or given up: it is due at the counter then."""
    rental_id, sequence = rental.rental_id, message.sequence
    if message.outcome is not PaymentOutcome.DECLINED:
        await ledger.close_charge(connection, rental_id, sequence)
        return []
    if not await ledger.decline_charge(connection, rental_id, sequence, message.attempt):
        return []
    await repository.note_event(connection, rental_id, Event.PAYMENT_DECLINED)
    return [outgoing.payment_given_up(rental_id, "released", sequence)]


async def _refunded(
    connection: Connection, rental: LockedRental, message: RefundSettledV1
) -> list[Envelope]:
    settled = await ledger.settle_refund(
        connection, rental.rental_id, message.sequence, message.refund_number, message.outcome
    )
    if settled:
        what = Event.REFUNDED if message.outcome == "refunded" else Event.REFUND_FAILED
        await repository.note_event(connection, rental.rental_id, what)
    return []


async def _declined(
    connection: Connection, rental: LockedRental, attempt: int, now: datetime
) -> list[Envelope]:
    """Leave the rental pending for another try; the last decline ends it."""
    if not await repository.decline_attempt(connection, rental.rental_id, attempt):
        return []
    await repository.note_event(connection, rental.rental_id, Event.PAYMENT_DECLINED)
    if attempt < MAXIMUM_ATTEMPTS:
        return []
    await repository.end_pending(connection, rental.rental_id, RentalStatus.FAILED, now)
    await repository.note_event(connection, rental.rental_id, Event.FAILED)
    return [outgoing.payment_given_up(rental.rental_id, "expired")]


async def _note(connection: Connection, rental: LockedRental, what: Event) -> list[Envelope]:
    if rental.status is RentalStatus.PENDING:
        await repository.note_event(connection, rental.rental_id, what)
    return []


async def retry_payment(
    reference: str,
    payment: PaymentChoice,
    key: str,
    tries: list[Try],
    caller: Caller,
    now: datetime,
    operator: Caller | None = None,
) -> tuple[PaymentRetried, bool]:
    """Start another attempt while the hold lasts, or pay what is due after it.

    Whether the caller may is checked before; what an ``operator`` does is audited. Returns also
    whether the key had done it already.

    Raises:
        Rejected: ``not_found``, ``not_payable``, ``payment_in_progress``,
            ``idempotency_key_reused``, ``payment_method_unavailable``, ``rate_limited``.
        Unavailable: the database is down.
    """
    await check_method(payment, caller)
    if payment.method == "counter":
        raise Rejected("not_payable", "a held rental cannot be moved to the counter")
    request = (key, sha256(payment.model_dump_json().encode()).digest())
    async with refusing(tries, now), transaction("rent") as connection:
        rental = await repository.lock_rental_by_reference(connection, reference)
        if rental is None:
            raise Rejected("not_found", "there is no such rental")
        retried, envelopes = await _retry(connection, rental, payment, request, tries, now)
        await outbox.write(connection, envelopes)
        if operator is not None and envelopes:
            what = {"method": payment.method, "attempt": retried.attempt}
            await audit.record(
                connection, operator, "payment_requested", reference=reference, after=what
            )
    outbox.relay("rent", envelopes)
    return retried, not envelopes  # only a replay asks for nothing


async def _retry(
    connection: Connection,
    rental: LockedRental,
    payment: PaymentChoice,
    request: tuple[str, bytes],
    tries: list[Try],
    now: datetime,
) -> tuple[PaymentRetried, list[Envelope]]:
    """``request``: the key and its request's hash. What is not held any more may have a due."""
    known = await repository.find_retry(connection, rental.rental_id, request[0])
    if known is not None:
        if known[1] != request[1]:
            detail = "this Idempotency-Key was used for another request"
            raise Rejected("idempotency_key_reused", detail)
        return _retried(rental, known[0], rental.expires_at), []
    await counts.count_tries(connection, tries)
    if rental.status is not RentalStatus.PENDING:
        paying = await pay_due(connection, rental.rental_id, payment, request, now)
        return _retried(rental, paying.attempt, paying.expires_at), paying.envelopes
    is_open = await _is_open(connection, rental)
    expires_at = check_retry(
        rental.status, rental.expires_at, rental.attempt, last_is_open=is_open, now=now
    )
    amount = Money(amount=rental.total_minor, currency=rental.currency)
    check_amount(payment.method, amount)
    hold_ends = now + hold_of(payment, get_settings())
    longer = await payer.prepare(connection, rental.rental_id, payment, hold_ends)
    expires_at = longer or expires_at
    attempt = await repository.start_retry(
        connection, rental.rental_id, request[0], request[1], payment.method
    )
    await repository.note_event(connection, rental.rental_id, Event.PAYMENT_REQUESTED)
    envelope = outgoing.payment_requested(
        rental.rental_id,
        rental.reference,
        attempt=attempt,
        amount=amount,
        payment=payment,
        expires_at=expires_at,
    )
    return _retried(rental, attempt, expires_at), [envelope]


async def _is_open(connection: Connection, rental: LockedRental) -> bool:
    """Whether the last attempt may still move money; what waits for the renter may not."""
    if rental.declined_attempt >= rental.attempt:
        return False
    state = await repository.read_payment_state(connection, rental.rental_id)
    return state is None or state[1] < rental.attempt or state[0] in OPEN_PAYMENTS


def _retried(rental: LockedRental, attempt: int, expires_at: datetime | None) -> PaymentRetried:
    return PaymentRetried(
        reference=rental.reference,
        status=rental.status,
        attempt=attempt,
        expires_at=expires_at,
    )


async def expire_due(now: datetime | None = None) -> int:
    """Give back every hold that has run out, one rental per transaction; returns how many.

    Raises:
        Unavailable: the database is down; the next run takes the rest.
    """
    moment = now or datetime.now(UTC)
    expired = 0

    async def expire(rental_id: UUID) -> None:
        nonlocal expired
        expired += await _expire(rental_id, moment)

    while True:
        async with connect("rent") as connection:
            due = await repository.list_due(connection, moment, EXPIRY_BATCH)
        await for_each(due, expire, at_once=1)
        if len(due) < EXPIRY_BATCH:
            return expired


async def _expire(rental_id: UUID, now: datetime) -> bool:
    async with transaction("rent") as connection:
        envelopes = await _end_hold(connection, rental_id, RentalStatus.EXPIRED, now)
        await outbox.write(connection, envelopes)
    outbox.relay("rent", envelopes)
    return bool(envelopes)


async def _end_hold(
    connection: Connection, rental_id: UUID, status: RentalStatus, now: datetime
) -> list[Envelope]:
    """Give the car back; nothing to send where the rental is not pending any more."""
    if not await repository.end_pending(connection, rental_id, status, now):
        return []
    await repository.note_event(connection, rental_id, Event(status.value))
    event(f"rental_{status.value.lower()}", {"rental_id": str(rental_id)})
    return [
        outgoing.payment_given_up(rental_id, "expired"),
        outgoing.email_requested(rental_id, EmailTemplate.RENTAL_EXPIRED),
    ]
