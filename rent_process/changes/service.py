"""Cancel or modify a rental: calendar, money and the renter's e-mail follow in one transaction."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from rent_process import outgoing
from rent_process.audit import service as audit
from rent_process.booking.domain import Event
from rent_process.booking.service import check_currency, check_method, hold_of
from rent_process.changes import domain, repository
from rent_process.changes.domain import ChangingRental, Revision, Settlement
from rent_process.changes.repository import CancellationRow, KnownRevision, RevisionRow
from rent_process.ledger import repository as ledger
from rent_process.ledger.domain import Account
from rent_process.ledger.service import refund
from rent_process.limits.domain import check_amount
from rent_process.payer import service as payer
from rent_process.pricing.offer import OfferTerms, verify
from rent_process.promotions import service as promotions
from rent_process.terms.repository import read_terms
from shared import outbox
from shared.contracts.caller import Caller
from shared.contracts.changes import Cancellation, Modification, ModificationRequest
from shared.contracts.messages import PAYMENT_REQUESTS, EmailTemplate
from shared.contracts.money import Money
from shared.contracts.renter import Price, RentalStatus
from shared.database import Connection, LockTimeout, connect, transaction
from shared.errors import Rejected, Unavailable
from shared.outbox import Envelope
from shared.secrets import get_keys
from shared.settings import get_settings
from shared.telemetry import about, event

# Changes of a hot class wait for each other (2 s, set on the role): three waits, then 503.
TRIES = 3


@dataclass(frozen=True, slots=True)
class _Change:
    """A modification whose offer is genuine."""

    request: ModificationRequest
    terms: OfferTerms
    key: str
    request_hash: bytes
    actor: str
    now: datetime
    operator: Caller | None


async def preview_cancellation(
    reference: str, now: datetime, operator: Caller | None = None
) -> Cancellation:
    """What a cancellation would keep and give back now; whether the caller may is checked before.

    Raises:
        Rejected: ``not_found``; ``illegal_transition`` when the rental cannot be cancelled.
    """
    async with connect("rent") as connection:
        rental = found(await repository.read_rental(connection, reference))
        settlement = await repository.find_cancellation(connection, rental.rental_id)
        if settlement is None:
            await _check_in_time(connection, rental, now, operator)
            account = await ledger.read_account(connection, rental.rental_id)
            settlement = domain.settle_cancellation(rental, account, now)
    return _answer(rental, rental.status, settlement)


async def cancel(
    reference: str, reason: str | None, actor: str, now: datetime, operator: Caller | None = None
) -> Cancellation:
    """Cancel once; again gives the same answer. What an ``operator`` does is audited.

    Raises:
        Rejected: ``not_found``; ``illegal_transition``.
        Unavailable: the database is down, or the class is too busy.
    """
    for _ in range(TRIES):
        try:
            return await _cancel(reference, reason, actor, now, operator)
        except LockTimeout as timeout:
            if timeout.relation not in {"class_calendar", "promo_code"}:
                raise
    raise Unavailable("too many changes of this class at once; try again")


async def _cancel(
    reference: str, reason: str | None, actor: str, now: datetime, operator: Caller | None
) -> Cancellation:
    async with transaction("rent") as connection:
        rental = found(await repository.lock_rental(connection, reference))
        known = await repository.find_cancellation(connection, rental.rental_id)
        if known is not None:
            return _answer(rental, rental.status, known)
        await _check_in_time(connection, rental, now, operator)
        account = await ledger.read_account(connection, rental.rental_id)
        settlement = domain.settle_cancellation(rental, account, now)
        envelopes = await _what_follows(connection, rental, account, settlement)
        events: list[str] = [Event.CANCELLED]
        if settlement.refund_minor:
            events.append(Event.REFUND_REQUESTED)
        row = CancellationRow(rental, settlement, actor, reason or None, events, envelopes, now)
        if not await repository.cancel(connection, row):
            raise AssertionError("the rental's row is locked")
        if operator is not None:
            await audit.record(
                connection,
                operator,
                "rental_cancelled",
                reference=reference,
                reason=reason,
                before={"status": rental.status},
                after={
                    "status": RentalStatus.CANCELLED,
                    "fee_minor": settlement.fee_minor,
                    "refund_minor": settlement.refund_minor,
                },
            )
    outbox.relay("rent", envelopes)
    event("rental_cancelled", {"rental_id": str(rental.rental_id), "from_status": rental.status})
    return _answer(rental, RentalStatus.CANCELLED, settlement)


async def _check_in_time(
    connection: Connection, rental: ChangingRental, now: datetime, operator: Caller | None
) -> None:
    """Who has not come by the policy's hour is a no-show: cancelling then would save its fee.

    Raises:
        Rejected: ``illegal_transition``; an operator may know of a reason.
    """
    if operator is not None or rental.status is not RentalStatus.CONFIRMED:
        return
    if now >= rental.pickup_at:
        terms = await read_terms(connection, rental.rental_id)
        domain.check_not_missed(rental, terms.no_show, now)


async def _what_follows(
    connection: Connection, rental: ChangingRental, account: Account, settlement: Settlement
) -> list[Envelope]:
    """Give up what is not paid, give back what is, tell the renter."""
    rental_id = rental.rental_id
    envelopes = [
        outgoing.payment_given_up(rental_id, "cancelled", charge.sequence, charge.purpose)
        for charge in account.to_give_up
    ]
    if rental.status is RentalStatus.PENDING:
        envelopes.append(outgoing.payment_given_up(rental_id, "cancelled"))
    amount = Money(amount=settlement.refund_minor, currency=rental.currency)
    envelopes += await refund(connection, rental_id, account, amount, "cancelled")
    told = amount if amount.amount else None
    envelopes.append(outgoing.email_requested(rental_id, EmailTemplate.RENTAL_CANCELLED, told))
    if rental.status is RentalStatus.CONFIRMED:  # it had papers
        envelopes.append(outgoing.documents_requested(rental_id))
    return envelopes


def found(rental: ChangingRental | None) -> ChangingRental:
    if rental is None:
        raise Rejected("not_found", "there is no such rental")
    about(rental.rental_id)
    return rental


def _answer(rental: ChangingRental, status: RentalStatus, settlement: Settlement) -> Cancellation:
    waits = settlement.at_counter_minor
    return Cancellation(
        reference=rental.reference,
        status=status,
        fee=Money(amount=settlement.fee_minor, currency=rental.currency),
        refund=Money(amount=settlement.refund_minor, currency=rental.currency),
        at_counter=Money(amount=waits, currency=rental.currency) if waits else None,
    )


async def modify(
    reference: str,
    request: ModificationRequest,
    key: str,
    caller: Caller,
    now: datetime,
    operator: Caller | None = None,
) -> tuple[Modification, bool]:
    """Move a rental to the terms of a new offer, wholly or not at all.

    What an ``operator`` does is audited.
    Returns the answer, and whether the key had it before.

    Raises:
        Rejected: ``not_found``; ``illegal_transition``; ``payment_in_progress``;
            ``car_unavailable``; ``promo_code_used_up``; ``idempotency_key_reused``; what the
            offer or the payment lacks.
        Unavailable: a dependency is down, or the class is too busy.
    """
    request_hash = sha256(request.model_dump_json().encode()).digest()
    known = await _find(reference, key, request_hash)
    if known is not None:
        return known, True
    if request.payment is not None:
        await check_method(request.payment, caller)
    terms = verify(request.offer, await get_keys("offer-signing-key"), now)
    if request.payment is not None:
        check_currency(request.payment, terms.currency)
    change = _Change(request, terms, key, request_hash, caller.actor, now, operator)
    for _ in range(TRIES):
        try:
            return await _modify(reference, change)
        except LockTimeout as timeout:
            if timeout.relation not in {"class_calendar", "promo_code"}:
                detail = "another change of this rental is still running"
                raise Rejected("request_in_progress", detail) from timeout
    raise Unavailable("too many changes of this class at once; try again")


async def _modify(reference: str, change: _Change) -> tuple[Modification, bool]:
    async with transaction("rent") as connection:
        rental = found(await repository.lock_rental(connection, reference))
        known = await repository.find_revision(connection, rental.rental_id, change.key)
        if known is not None:
            return _answer_again(rental, known, change.request_hash), True
        account = await ledger.read_account(connection, rental.rental_id)
        domain.check_modifiable(rental, account, change.now)
        revision = domain.revise(rental, change.terms, change.request, account, change.now)
        await promotions.change_use(connection, rental.rental_id, change.terms.promo_code)
        envelopes = await _settle_difference(connection, rental, account, revision, change)
        row = RevisionRow(
            rental=rental,
            revision=revision,
            key=change.key,
            request_hash=change.request_hash,
            actor=change.actor,
            events=_events(revision, envelopes),
            envelopes=envelopes,
            now=change.now,
        )
        number = await repository.modify(connection, row)
        if number is None:
            raise Rejected("car_unavailable", "the class is sold out for that period")
        if change.operator is not None:
            await audit.record(
                connection,
                change.operator,
                "rental_modified",
                reference=reference,
                before={"total_minor": rental.total_minor},
                after={
                    "class": change.terms.class_code,
                    "total_minor": revision.chosen.price.total.amount,
                    "due_minor": revision.to_pay_minor,
                    "refund_minor": revision.refund_minor,
                },
            )
    outbox.relay("rent", envelopes)
    event("rental_modified", {"rental_id": str(rental.rental_id), "revision": number})
    return _modified(rental, number, revision), False


async def _settle_difference(
    connection: Connection,
    rental: ChangingRental,
    account: Account,
    revision: Revision,
    change: _Change,
) -> list[Envelope]:
    """Ask for what is missing, give back what is too much, tell the renter."""
    rental_id, payment = rental.rental_id, change.request.payment
    envelopes = [
        outgoing.email_requested(rental_id, EmailTemplate.RENTAL_MODIFIED),
        outgoing.documents_requested(rental_id),
    ]
    if revision.refund_minor:
        amount = Money(amount=revision.refund_minor, currency=rental.currency)
        envelopes += await refund(connection, rental_id, account, amount, "modified")
    elif revision.to_pay_minor and payment is not None and payment.method != "counter":
        to_pay = Money(amount=revision.to_pay_minor, currency=rental.currency)
        check_amount(payment.method, to_pay)
        hold_ends = change.now + hold_of(payment, get_settings())
        pickup_at = change.terms.pickup_at
        await payer.prepare(connection, rental_id, payment, hold_ends, pickup_at)
        sequence = account.next_sequence
        await ledger.open_charge(connection, rental_id, sequence, revision.to_pay_minor)
        envelopes.append(
            outgoing.payment_requested(
                rental_id,
                rental.reference,
                sequence=sequence,
                attempt=1,
                amount=to_pay,
                payment=payment,
                expires_at=min(hold_ends, pickup_at),
            )
        )
    return envelopes


def _events(revision: Revision, envelopes: list[Envelope]) -> list[str]:
    events: list[str] = [Event.MODIFIED]
    if revision.refund_minor:
        events.append(Event.REFUND_REQUESTED)
    elif any(each.queue == PAYMENT_REQUESTS for each in envelopes):  # for the difference
        events.append(Event.PAYMENT_REQUESTED)
    return events


async def _find(reference: str, key: str, request_hash: bytes) -> Modification | None:
    async with connect("rent") as connection:
        rental = found(await repository.read_rental(connection, reference))
        known = await repository.find_revision(connection, rental.rental_id, key)
    return None if known is None else _answer_again(rental, known, request_hash)


def _answer_again(
    rental: ChangingRental, known: KnownRevision, request_hash: bytes
) -> Modification:
    if known.request_hash != request_hash:
        detail = "this Idempotency-Key was used for another request"
        raise Rejected("idempotency_key_reused", detail)
    return Modification(
        reference=rental.reference,
        status=rental.status,
        revision=known.number,
        price=Price.model_validate(known.price),
        to_pay=Money(amount=known.to_pay_minor, currency=rental.currency),
        refund=Money(amount=known.refund_minor, currency=rental.currency),
    )


def _modified(rental: ChangingRental, number: int, revision: Revision) -> Modification:
    return Modification(
        reference=rental.reference,
        status=rental.status,
        revision=number,
        price=revision.chosen.price,
        to_pay=Money(amount=revision.to_pay_minor, currency=rental.currency),
        refund=Money(amount=revision.refund_minor, currency=rental.currency),
    )
