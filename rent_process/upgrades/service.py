"""Upgrade a rental before its car leaves: the slice moves to the other class, the price stays."""

from dataclasses import replace
from datetime import datetime
from functools import partial

from rent_process import outgoing
from rent_process.audit import service as audit
from rent_process.booking.domain import Event
from rent_process.handover import repository as handover
from rent_process.handover.domain import OperatedRental
from rent_process.settlement.repository import hour_of, note_event
from rent_process.slices import repository as slices
from rent_process.slices.repository import Slice
from rent_process.supply.service import patiently
from rent_process.upgrades import domain
from shared import outbox
from shared.contracts.caller import Caller
from shared.contracts.messages import EmailTemplate
from shared.contracts.renter import RentalStatus
from shared.contracts.upgrades import BetterClass, Upgraded, UpgradeRequest, Upgrades
from shared.database import Connection, transaction
from shared.errors import Rejected
from shared.outbox import Envelope
from shared.telemetry import event


async def list_upgrades(reference: str, now: datetime) -> Upgrades:
    """How short the rental's class is, and which better ones have a car over all of its time.

    Raises:
        Rejected: ``not_found``; ``illegal_transition``.
        Unavailable: the database is down.
    """
    async with transaction("rent") as connection:
        rental = await handover.lock_rental(connection, reference)
        domain.check_upgradable(rental, now)
        keep = _ahead(rental, now)
        short = await slices.count_short(connection, rental.pickup_branch, keep)
        better = await slices.list_better(connection, rental.rental_id, keep, now)
    return Upgrades(
        reference=reference,
        status=rental.status,
        car_class=rental.class_code,
        hours_short=short,
        classes=[
            BetterClass(car_class=each.class_code, available=each.available)
            for each in better
            if each.available
        ],
    )


async def upgrade(
    reference: str, request: UpgradeRequest, caller: Caller, now: datetime
) -> Upgraded:
    """Give a rental a better class for nothing; the same call again is answered the same.

    Raises:
        Rejected: ``not_found``, ``illegal_transition``, ``car_unavailable``,
            ``validation_failed`` (a class that is no better, or not for the driver's age).
        Unavailable: the database is down, or the class is too busy.
    """
    step = partial(_upgrade, reference, request, caller, now)
    answer, envelopes = await patiently(step)
    outbox.relay("rent", envelopes)
    return answer


async def _upgrade(
    reference: str, request: UpgradeRequest, caller: Caller, now: datetime
) -> tuple[Upgraded, list[Envelope]]:
    async with transaction("rent") as connection:
        rental = await handover.lock_rental(connection, reference)
        domain.check_upgradable(rental, now)
        if rental.sold_class is not None and rental.class_code == request.car_class:
            return _answer(rental), []
        changed = await _move(connection, rental, request.car_class, now)
        await handover.change_rental(connection, changed)
        await note_event(connection, rental.rental_id, Event.UPGRADED, caller.actor)
        envelopes = [
            outgoing.email_requested(rental.rental_id, EmailTemplate.RENTAL_UPGRADED),
            outgoing.documents_requested(rental.rental_id),
        ]
        await outbox.write(connection, envelopes)
        await audit.record(
            connection,
            caller,
            "rental_upgraded",
            reference=reference,
            reason=request.reason,
            before={"class": rental.class_code},
            after={"class": changed.class_code, "sold_class": changed.sold_class},
        )
    event("rental_upgraded", {"rental_id": str(rental.rental_id), "class": changed.class_code})
    return _answer(changed), envelopes


async def _move(
    connection: Connection, rental: OperatedRental, wanted: str, now: datetime
) -> OperatedRental:
    keep = _ahead(rental, now)
    better = await slices.list_better(connection, rental.rental_id, keep, now)
    domain.check_class(wanted, {each.class_code: each.available for each in better})
    moved = await slices.move(
        connection, rental.pickup_branch, keep, replace(keep, class_code=wanted)
    )
    if not moved.available:  # somebody was faster
        raise Rejected("car_unavailable", "the class is sold out for a part of that time")
    return replace(rental, class_code=wanted, sold_class=rental.sold_class or rental.class_code)


def _ahead(rental: OperatedRental, now: datetime) -> Slice:
    """Hours that have gone by are nobody's any more."""
    return Slice(rental.class_code, max(rental.from_hour, hour_of(now)), rental.to_hour)


def _answer(rental: OperatedRental) -> Upgraded:
    return Upgraded(
        reference=rental.reference,
        status=RentalStatus(rental.status),
        car_class=rental.class_code,
        sold_class=rental.sold_class or rental.class_code,
    )
