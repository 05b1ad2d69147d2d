"""Nobody came: the car goes back on sale and the money is shared by the policy, in one commit."""

from dataclasses import replace
from datetime import datetime
from functools import partial

from rent_process import outgoing
from rent_process.audit import service as audit
from rent_process.booking.domain import Event, check_transition
from rent_process.changes.domain import Settlement
from rent_process.handover import repository as handover
from rent_process.handover.domain import OperatedRental
from rent_process.ledger import repository as ledger
from rent_process.ledger.domain import Account
from rent_process.ledger.service import refund
from rent_process.no_show import domain, repository
from rent_process.settlement.repository import note_event
from rent_process.slices import repository as slices
from rent_process.slices.repository import Slice
from rent_process.supply.service import patiently
from rent_process.terms.repository import read_terms
from shared import outbox
from shared.contracts.caller import Caller
from shared.contracts.handover import NoShow
from shared.contracts.money import Money
from shared.contracts.renter import RentalStatus
from shared.database import Connection, transaction
from shared.outbox import Envelope
from shared.telemetry import event


async def record_no_show(
    reference: str, reason: str | None, caller: Caller, now: datetime
) -> NoShow:
    """End a rental that nobody came for; the same call again is answered the same.

    Raises:
        Rejected: ``not_found``; ``illegal_transition``, also before the policy's hour.
        Unavailable: the database is down, or the class is too busy.
    """
    step = partial(_record_no_show, reference, reason, caller, now)
    answer, envelopes = await patiently(step)
    outbox.relay("rent", envelopes)
    return answer


async def _record_no_show(
    reference: str, reason: str | None, caller: Caller, now: datetime
) -> tuple[NoShow, list[Envelope]]:
    async with transaction("rent") as connection:
        rental = await handover.lock_rental(connection, reference)
        known = await repository.find_no_show(connection, rental.rental_id)
        if known is not None:
            return _answer(rental, known), []
        check_transition(rental.status, RentalStatus.NO_SHOW)
        terms = await read_terms(connection, rental.rental_id)
        end = domain.check_waited(rental, terms, now)
        account = await ledger.read_account(connection, rental.rental_id)
        settlement = domain.settle_no_show(rental, terms, account)
        keep = Slice(rental.class_code, rental.from_hour, rental.to_hour)
        await slices.move(connection, rental.pickup_branch, keep, replace(keep, to_hour=end))
        changed = replace(rental, status=RentalStatus.NO_SHOW, to_hour=end)
        await handover.change_rental(connection, changed)
        await repository.insert_no_show(connection, rental.rental_id, settlement)
        await note_event(connection, rental.rental_id, Event.NO_SHOW, caller.actor)
        envelopes = await _give_back(connection, rental, account, settlement)
        envelopes.append(outgoing.documents_requested(rental.rental_id))
        await outbox.write(connection, envelopes)
        await audit.record(
            connection,
            caller,
            "no_show_recorded",
            reference=reference,
            reason=reason,
            before={"status": rental.status, "to_hour": rental.to_hour},
            after={
                "status": changed.status,
                "to_hour": end,
                "fee_minor": settlement.fee_minor,
                "refund_minor": settlement.refund_minor,
            },
        )
    event("rental_no_show", {"rental_id": str(rental.rental_id)})
    return _answer(changed, settlement), envelopes


async def _give_back(
    connection: Connection, rental: OperatedRental, account: Account, settlement: Settlement
) -> list[Envelope]:
    """Give up what is not paid or only held, and give back what is above the fee."""
    envelopes = [
        outgoing.payment_given_up(rental.rental_id, "cancelled", charge.sequence, charge.purpose)
        for charge in account.to_give_up
    ]
    if settlement.refund_minor:
        amount = Money(amount=settlement.refund_minor, currency=rental.currency)
        envelopes += await refund(connection, rental.rental_id, account, amount, "cancelled")
        await note_event(connection, rental.rental_id, Event.REFUND_REQUESTED)
    return envelopes


def _answer(rental: OperatedRental, settlement: Settlement) -> NoShow:
    waits = settlement.at_counter_minor
    return NoShow(
        reference=rental.reference,
        status=rental.status,
        fee=Money(amount=settlement.fee_minor, currency=rental.currency),
        refund=Money(amount=settlement.refund_minor, currency=rental.currency),
        at_counter=Money(amount=waits, currency=rental.currency) if waits else None,
    )
