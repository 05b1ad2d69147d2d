"""Ask for a deposit and for what is owed on top of the price, and settle both.

Every function here runs inside its caller's transaction, locks the rental's row, and returns the
messages that follow: the caller writes them to the outbox in the same transaction and relays them
after its commit. Check-in does, in this order::

    the rental becomes COMPLETED
    add_charges(..., ask=False)   if anything comes on top
    settle_deposit(...)           if the operator takes a part of the deposit
    settle_return(...)            the card is asked for the rest, or the deposit follows the money
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from rent_process import outgoing
from rent_process.booking.domain import Event
from rent_process.charging import domain, repository
from rent_process.charging.domain import ChargedRental
from rent_process.ledger import repository as ledger
from rent_process.ledger.domain import ChargeStatus
from shared.contracts.charging import OwedLine
from shared.contracts.messages import Purpose
from shared.contracts.renter import PaymentChoice
from shared.database import Connection
from shared.errors import Rejected
from shared.outbox import Envelope
from shared.settings import get_settings
from shared.telemetry import event


@dataclass(frozen=True, slots=True)
class DepositState:
    """The rental's newest deposit. HELD: authorised; RECEIVED: a part or all of it was taken."""

    status: ChargeStatus
    asked_minor: int
    captured_minor: int
    is_settling: bool  # its capture or release was asked for, and is not answered


@dataclass(frozen=True, slots=True)
class Added:
    """What adding charges came to, in minor units."""

    amount_minor: int
    asked_minor: int  # of the card that was kept
    due_minor: int  # what is left when that card pays
    replayed: bool
    envelopes: list[Envelope]


async def authorize_deposit(
    connection: Connection,
    rental_id: UUID,
    now: datetime,
    *,
    payment_method_id: str | None = None,
    actor: str = "system",
) -> list[Envelope]:
    """Ask for the rental's deposit, by the card that was kept or by the one that is given.

    Nothing happens when the class asks for none, or when it stands or is asked for already. The
    answer comes as ``DEPOSIT_AUTHORIZED`` or ``DEPOSIT_DECLINED``; see :func:`read_deposit`.

    Raises:
        Rejected: ``not_found``, ``illegal_transition``, ``payment_in_progress``.
    """
    rental = await repository.lock_rental(connection, rental_id)
    if not domain.check_depositable(rental):
        return []
    sequence = rental.account.next_sequence
    await ledger.open_charge(connection, rental_id, sequence, rental.deposit_minor, Purpose.DEPOSIT)
    await repository.note_event(connection, rental_id, Event.DEPOSIT_REQUESTED, actor)
    payment = None
    if payment_method_id is not None:
        payment = PaymentChoice(method="card", payment_method_id=payment_method_id)
    return [
        outgoing.later_payment_requested(
            rental_id,
            rental.reference,
            purpose=Purpose.DEPOSIT,
            sequence=sequence,
            amount=rental.money(rental.deposit_minor),
            payment=payment,
            expires_at=now + timedelta(seconds=get_settings().hold_card_seconds),
        )
    ]


async def read_deposit(connection: Connection, rental_id: UUID) -> DepositState | None:
    """The rental's newest deposit; None: it was never asked for."""
    account = await ledger.read_account(connection, rental_id)
    found = [each for each in account.charges if each.purpose is Purpose.DEPOSIT]
    if not found:
        return None
    newest = found[-1]
    settling = newest.status is ChargeStatus.HELD and newest.settle_minor is not None
    return DepositState(newest.status, newest.asked_minor, newest.received_minor, settling)


async def settle_deposit(
    connection: Connection, rental_id: UUID, captured_minor: int, *, actor: str = "system"
) -> list[Envelope]:
    """Capture a part of the deposit or all of it; 0 releases it. Again changes nothing.

    Raises:
        Rejected: ``not_found``, ``not_payable``, ``amount_exceeds_deposit``,
            ``amount_exceeds_due``.
    """
    rental = await repository.lock_rental(connection, rental_id)
    return await _settle_deposit(connection, rental, captured_minor, actor)


async def _settle_deposit(
    connection: Connection, rental: ChargedRental, captured_minor: int, actor: str
) -> list[Envelope]:
    deposit = domain.check_capture(rental, captured_minor)
    if deposit is None:
        return []
    rental_id, sequence = rental.rental_id, deposit.sequence
    await ledger.settle_held(connection, rental_id, sequence, captured_minor)
    what = Event.DEPOSIT_CAPTURE_REQUESTED if captured_minor else Event.DEPOSIT_RELEASE_REQUESTED
    await repository.note_event(connection, rental_id, what, actor)
    if captured_minor:
        amount = rental.money(captured_minor)
        return [outgoing.capture_requested(rental_id, sequence, amount)]
    return [outgoing.payment_given_up(rental_id, "released", sequence, Purpose.DEPOSIT)]


async def add_charges(
    connection: Connection,
    rental_id: UUID,
    lines: Sequence[OwedLine],
    now: datetime,
    *,
    key: str,
    actor: str,
    ask: bool = True,
) -> Added:
    """Write down what is owed on top of the price, once per ``key``; ask the kept card for it.

    Raises:
        Rejected: ``not_found``, ``illegal_transition``, ``validation_failed``,
            ``idempotency_key_reused``.
    """
    request_hash = _hash_of(lines)
    rental = await repository.lock_rental(connection, rental_id)
    known = await repository.find_charge(connection, rental_id, key)
    if known is not None:
        if known[0] != request_hash:
            detail = "this Idempotency-Key was used for another request"
            raise Rejected("idempotency_key_reused", detail)
        return Added(known[1], 0, known[2], replayed=True, envelopes=[])
    amount = domain.check_lines(rental, lines)
    due = max(rental.missing_minor + amount, 0)
    entry = {
        "rental_id": rental_id,
        "idempotency_key": key,
        "request_hash": request_hash,
        "amount_minor": amount,
        "due_minor": due,
        "actor": actor,
    }
    priced = [line.as_price_line().model_dump(mode="json") for line in lines]
    await repository.insert_charge(connection, entry, priced)
    await repository.note_event(connection, rental_id, Event.CHARGES_ADDED, actor)
    event("charges_added", {"rental_id": str(rental_id)})
    if not ask:
        return Added(amount, 0, due, replayed=False, envelopes=[])
    rental = await repository.lock_rental(connection, rental_id)
    asked, envelopes = await _ask(connection, rental, now)
    return Added(amount, asked, due - asked, replayed=False, envelopes=envelopes)


def key_of(step: str) -> str:
    """The key of a charge that a step of the rental makes: none that a header could hold.

    What stands in a header has no space before it, so no caller's key is ever taken for it.
    """
    return f" {step}"


def _hash_of(lines: Sequence[OwedLine]) -> bytes:
    return sha256("\n".join(line.model_dump_json() for line in lines).encode()).digest()


async def settle_return(
    connection: Connection, rental_id: UUID, now: datetime, *, actor: str = "system"
) -> list[Envelope]:
    """After check-in: ask the kept card for what is due; else the deposit follows the money.

    While the card is being asked the deposit waits; its answer settles it (docs/adr/0022).

    Raises:
        Rejected: ``not_found``.
    """
    rental = await repository.lock_rental(connection, rental_id)
    _, envelopes = await _ask(connection, rental, now)
    return envelopes + await follow_money(connection, rental_id, actor=actor)


async def follow_money(
    connection: Connection, rental_id: UUID, *, actor: str = "system"
) -> list[Envelope]:
    """Settle a deposit that still stands after return, once nothing else is on its way."""
    rental = await repository.lock_rental(connection, rental_id)
    capture = domain.to_capture_minor(rental)
    if capture is None:
        return []
    return await _settle_deposit(connection, rental, capture, actor)


async def _ask(
    connection: Connection, rental: ChargedRental, now: datetime
) -> tuple[int, list[Envelope]]:
    amount = domain.to_ask_minor(rental)
    if not amount:
        return 0, []
    sequence = rental.account.next_sequence
    await ledger.open_charge(connection, rental.rental_id, sequence, amount, Purpose.ADDITIONAL)
    await repository.note_event(connection, rental.rental_id, Event.PAYMENT_REQUESTED)
    envelope = outgoing.later_payment_requested(
        rental.rental_id,
        rental.reference,
        purpose=Purpose.ADDITIONAL,
        sequence=sequence,
        amount=rental.money(amount),
        payment=None,
        expires_at=now + domain.OFF_SESSION_PATIENCE,
    )
    return amount, [envelope]


async def ask_again(connection: Connection, rental_id: UUID, now: datetime) -> list[Envelope]:
    """After a payment came: ask for what was added meanwhile."""
    rental = await repository.lock_rental(connection, rental_id)
    return (await _ask(connection, rental, now))[1]
