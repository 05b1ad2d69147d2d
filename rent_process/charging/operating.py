"""What an operator does about a rental's money after return, each with its audit."""

from datetime import datetime

from rent_process import outgoing
from rent_process.audit import service as audit
from rent_process.charging import repository, service
from rent_process.charging.service import DepositState
from shared import outbox
from shared.contracts.caller import Caller
from shared.contracts.charging import Charged, ChargesRequest, Deposit, DepositRequest
from shared.contracts.money import Money
from shared.database import transaction
from shared.errors import FieldError, Rejected


async def charge(
    reference: str, request: ChargesRequest, key: str, caller: Caller, now: datetime
) -> tuple[Charged, bool]:
    """Add fines, tolls or damage, once per key. Whether the caller may is checked before.

    Returns the answer, and whether the key had it before.

    Raises:
        Rejected: ``not_found``, ``illegal_transition``, ``validation_failed``,
            ``idempotency_key_reused``.
        Unavailable: the database is down.
    """
    async with transaction("rent") as connection:
        rental_id = await repository.find_rental_id(connection, reference)
        added = await service.add_charges(
            connection, rental_id, request.lines, now, key=key, actor=caller.actor
        )
        rental = await repository.lock_rental(connection, rental_id)
        if not added.replayed:
            added.envelopes.append(outgoing.documents_requested(rental_id))
        await outbox.write(connection, added.envelopes)
        if not added.replayed:
            await audit.record(
                connection,
                caller,
                "charges_added",
                reference=reference,
                after={
                    "purposes": [line.purpose for line in request.lines],
                    "amount_minor": added.amount_minor,
                    "asked_minor": added.asked_minor,
                    "due_minor": added.due_minor,
                },
            )
    outbox.relay("rent", added.envelopes)
    answer = Charged(
        reference=reference,
        status=rental.status,
        amount=rental.money(added.amount_minor),
        asked=rental.money(added.asked_minor),
        due=rental.money(added.due_minor),
    )
    return answer, added.replayed


async def settle(reference: str, request: DepositRequest, caller: Caller) -> Deposit:
    """Capture a part of the deposit or release it; the same again changes nothing.

    Raises:
        Rejected: ``not_found``, ``not_payable``, ``amount_exceeds_deposit``,
            ``amount_exceeds_due``, ``validation_failed``.
        Unavailable: the database is down.
    """
    async with transaction("rent") as connection:
        rental_id = await repository.find_rental_id(connection, reference)
        rental = await repository.lock_rental(connection, rental_id)
        _check_amount(request.captured, rental.currency)
        envelopes = await service.settle_deposit(
            connection, rental_id, request.captured.amount, actor=caller.actor
        )
        state = await service.read_deposit(connection, rental_id)
        if state is None:
            raise Rejected("not_payable", "this rental has no deposit")
        await outbox.write(connection, envelopes)
        if envelopes:
            await audit.record(
                connection,
                caller,
                "deposit_settled",
                reference=reference,
                reason=request.reason,
                after={"captured_minor": request.captured.amount},
            )
    outbox.relay("rent", envelopes)
    return _deposit(reference, state, rental.currency)


def _check_amount(captured: Money, currency: str) -> None:
    if captured.currency != currency or captured.amount < 0:
        detail = f"is an amount in {currency}, from 0 up"
        raise Rejected("validation_failed", detail, (FieldError("/captured", detail),))


def _deposit(reference: str, state: DepositState, currency: str) -> Deposit:
    return Deposit(
        reference=reference,
        status="SETTLING" if state.is_settling else state.status.value,
        amount=Money(amount=state.asked_minor, currency=currency),
        captured=Money(amount=state.captured_minor, currency=currency),
    )
