"""Take money at the counter or give goodwill, once per key, with its audit in one transaction."""

from dataclasses import dataclass
from hashlib import sha256

from rent_process import outgoing
from rent_process.audit import service as audit
from rent_process.booking.domain import Event
from rent_process.counter import domain, repository
from rent_process.ledger import repository as ledger
from rent_process.ledger.domain import Account, owed_at_counter
from rent_process.ledger.service import refund
from rent_process.settlement import repository as rentals
from rent_process.settlement.repository import LockedRental
from shared import outbox
from shared.contracts.caller import Caller
from shared.contracts.money import Money
from shared.contracts.operator import CounterPayment, Goodwill, HandedBack, Settled
from shared.database import Connection, transaction
from shared.errors import Rejected
from shared.outbox import Envelope
from shared.telemetry import about, event


@dataclass(frozen=True, slots=True)
class _Entry:
    """What an operator does about one rental's money, and where that money stands."""

    key: str
    request_hash: bytes
    known_minor: int | None  # what was answered, if the key had this request before
    rental: LockedRental
    account: Account
    left_minor: int  # to pay
    owed_minor: int  # to hand back


async def take_payment(
    reference: str, request: CounterPayment, key: str, caller: Caller
) -> tuple[Settled, bool]:
    """Record cash or a terminal's payment. Whether the caller may is checked before.

    Returns the answer, and whether the key had it before.

    Raises:
        Rejected: ``not_found``, ``not_payable``, ``amount_exceeds_due``, ``validation_failed``,
            ``idempotency_key_reused``.
        Unavailable: the database is down.
    """
    request_hash = sha256(request.model_dump_json().encode()).digest()
    async with transaction("rent") as connection:
        entry = await _open(connection, reference, key, request_hash)
        rental, amount = entry.rental, request.amount
        if entry.known_minor is not None:
            return _settled(rental, entry.known_minor), True
        domain.check_payment(rental.status, amount, rental.currency, entry.left_minor)
        left = entry.left_minor - amount.amount
        await _write(connection, entry, request.method, amount, left, caller)
        await rentals.note_event(connection, rental.rental_id, Event.COUNTER_PAID, caller.actor)
        await audit.record(
            connection,
            caller,
            "counter_payment_recorded",
            reference=reference,
            reason=request.note,
            before={"due_minor": entry.left_minor},
            after={"due_minor": left, "method": request.method, "amount_minor": amount.amount},
        )
        envelopes = [outgoing.documents_requested(rental.rental_id)]
        await outbox.write(connection, envelopes)
    outbox.relay("rent", envelopes)
    event("counter_payment_recorded", {"rental_id": str(rental.rental_id)})
    return _settled(rental, left), False


async def give_goodwill(
    reference: str, request: Goodwill, key: str, caller: Caller
) -> tuple[Settled, bool]:
    """Give back a part of what was paid online, as a favour: what is due does not change.

    Returns the answer, and whether the key had it before.

    Raises:
        Rejected: ``not_found``, ``amount_exceeds_paid``, ``validation_failed``,
            ``idempotency_key_reused``.
        Unavailable: the database is down.
    """
    request_hash = sha256(request.model_dump_json().encode()).digest()
    envelopes: list[Envelope] = []
    async with transaction("rent") as connection:
        entry = await _open(connection, reference, key, request_hash)
        rental, amount = entry.rental, request.amount
        if entry.known_minor is not None:
            return _settled(rental, entry.known_minor), True
        domain.check_goodwill(amount, rental.currency, entry.account)
        left = entry.left_minor
        await _write(connection, entry, "goodwill", amount, left, caller)
        envelopes = await refund(connection, rental.rental_id, entry.account, amount, "goodwill")
        await outbox.write(connection, envelopes)
        await rentals.note_event(connection, rental.rental_id, Event.REFUND_REQUESTED, caller.actor)
        await audit.record(
            connection,
            caller,
            "goodwill_refund_requested",
            reference=reference,
            reason=request.reason,
            after={"amount_minor": amount.amount, "refunds": len(envelopes)},
        )
    outbox.relay("rent", envelopes)
    event("goodwill_refund_requested", {"rental_id": str(rental.rental_id)})
    return _settled(rental, left), False


async def hand_back(
    reference: str, request: CounterPayment, key: str, caller: Caller
) -> tuple[HandedBack, bool]:
    """Record what the counter handed back of what it took. Whether the caller may is checked.

    Returns the answer, and whether the key had it before.

    Raises:
        Rejected: ``not_found``, ``amount_exceeds_paid``, ``validation_failed``,
            ``idempotency_key_reused``.
        Unavailable: the database is down.
    """
    request_hash = sha256(b"back" + request.model_dump_json().encode()).digest()
    async with transaction("rent") as connection:
        entry = await _open(connection, reference, key, request_hash)
        rental, amount = entry.rental, request.amount
        if entry.known_minor is not None:
            return _handed_back(rental, entry.known_minor), True
        domain.check_return(amount, rental.currency, entry.owed_minor)
        owed = entry.owed_minor - amount.amount
        kind = f"{request.method}_returned"
        await _write(connection, entry, kind, amount, owed, caller)
        await rentals.note_event(connection, rental.rental_id, Event.COUNTER_RETURNED, caller.actor)
        await audit.record(
            connection,
            caller,
            "counter_payment_returned",
            reference=reference,
            reason=request.note,
            before={"owed_minor": entry.owed_minor},
            after={"owed_minor": owed, "method": request.method, "amount_minor": amount.amount},
        )
    event("counter_payment_returned", {"rental_id": str(rental.rental_id)})
    return _handed_back(rental, owed), False


async def _open(connection: Connection, reference: str, key: str, request_hash: bytes) -> _Entry:
    """Lock the rental, and look the key up under that lock.

    Raises:
        Rejected: ``not_found``, ``idempotency_key_reused``.
    """
    rental = await rentals.lock_rental_by_reference(connection, reference)
    if rental is None:
        raise Rejected("not_found", "there is no such rental")
    about(rental.rental_id)
    known = await repository.find_entry(connection, rental.rental_id, key)
    if known is not None and known[0] != request_hash:
        detail = "this Idempotency-Key was used for another request"
        raise Rejected("idempotency_key_reused", detail)
    account = await ledger.read_account(connection, rental.rental_id)
    fee = await ledger.read_fee(connection, rental.rental_id)
    left = domain.left_to_pay(rental.status, rental.total_minor, account)
    owed = owed_at_counter(rental.status, rental.total_minor, fee, account)
    known_minor = None if known is None else known[1]
    return _Entry(key, request_hash, known_minor, rental, account, left, owed)


async def _write(
    connection: Connection,
    entry: _Entry,
    kind: str,
    amount: Money,
    left_minor: int,
    caller: Caller,
) -> None:
    row = {
        "rental_id": entry.rental.rental_id,
        "idempotency_key": entry.key,
        "request_hash": entry.request_hash,
        "kind": kind,
        "amount_minor": amount.amount,
        "due_minor": left_minor,
        "actor": caller.actor,
    }
    await repository.insert_entry(connection, row)


def _handed_back(rental: LockedRental, owed_minor: int) -> HandedBack:
    return HandedBack(
        reference=rental.reference,
        status=rental.status,
        owed=Money(amount=owed_minor, currency=rental.currency),
    )


def _settled(rental: LockedRental, left_minor: int) -> Settled:
    return Settled(
        reference=rental.reference,
        status=rental.status,
        due=Money(amount=left_minor, currency=rental.currency),
    )
