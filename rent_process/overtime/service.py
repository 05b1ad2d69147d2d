"""Extend a rental, and follow one that is overdue: the branch does without its car meanwhile."""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from rent_process import outgoing
from rent_process.audit import service as audit
from rent_process.booking.domain import Event
from rent_process.charging import service as charging
from rent_process.handover import repository as handover
from rent_process.handover.domain import OperatedRental
from rent_process.handover.service import return_stop, vehicle_or_refuse
from rent_process.overtime import domain, repository
from rent_process.reading.service import stop_of
from rent_process.returns.service import to_charge
from rent_process.settlement.repository import note_event
from rent_process.slices import repository as slices
from rent_process.slices.repository import Slice
from rent_process.supply.domain import SupplyChange
from rent_process.supply.service import patiently
from rent_process.terms.repository import read_terms
from rent_process.vehicles.waiting import hold_up
from shared import outbox
from shared.contracts.caller import Caller
from shared.contracts.handover import (
    Extension,
    ExtensionRequest,
    Overdue,
    OverdueQuery,
    OverdueRental,
)
from shared.contracts.money import Money
from shared.contracts.renter import PriceLine, RentalStatus
from shared.database import connect, transaction
from shared.errors import Rejected
from shared.outbox import Envelope
from shared.sweeping import for_each
from shared.telemetry import event

BATCH = 200
LISTED = 200  # more than a branch has on its worst day


async def quote_extension(reference: str, return_at: datetime, now: datetime) -> Extension:
    """What more time would cost, and whether it can be had.

    Raises:
        Rejected: ``not_found``, ``illegal_transition``, ``period_invalid``.
    """
    async with transaction("rent") as connection:
        rental = await handover.lock_rental(connection, reference)
        domain.check_extension(rental, return_at, now)
        terms = await read_terms(connection, rental.rental_id)
        lines = domain.extension_lines(rental, terms, return_at)
        added = Slice(rental.class_code, rental.to_hour, rental.slice_end(return_at))
        available = await slices.is_free(connection, rental.pickup_branch, added)
    return _answer(replace(rental, return_at=return_at), lines, available=available)


async def extend(
    reference: str, request: ExtensionRequest, caller: Caller, now: datetime
) -> Extension:
    """Agree a later return; the same call again is answered the same, and charged once.

    Raises:
        Rejected: ``not_found``, ``illegal_transition``, ``period_invalid``, ``car_unavailable``
            unless overridden, ``vehicle_unavailable`` when the car itself is planned elsewhere.
        Unavailable: the database is down, or the class is too busy.
    """
    domain.check_override(request)
    step = partial(_extend, reference, request, caller, now)
    answer, envelopes = await vehicle_or_refuse(partial(patiently, step))
    outbox.relay("rent", envelopes)
    return answer


async def _extend(
    reference: str, request: ExtensionRequest, caller: Caller, now: datetime
) -> tuple[Extension, list[Envelope]]:
    async with transaction("rent") as connection:
        rental = await handover.lock_rental(connection, reference)
        known = await repository.find_extension(connection, rental.rental_id, request.return_at)
        if known is not None:
            lines = [PriceLine.model_validate(each) for each in known]
            return _answer(rental, lines, available=True), []
        domain.check_extension(rental, request.return_at, now)
        terms = await read_terms(connection, rental.rental_id)
        lines = domain.extension_lines(rental, terms, request.return_at)
        end = max(rental.to_hour, rental.slice_end(request.return_at))
        keep = Slice(rental.class_code, rental.from_hour, rental.to_hour)
        moved = await slices.move(
            connection, rental.pickup_branch, keep, replace(keep, to_hour=end),
            forced=request.override,
        )  # fmt: skip
        if not moved.available:
            raise Rejected("car_unavailable", "the class is sold out for the added time")
        changed = replace(rental, return_at=request.return_at, to_hour=end)
        await repository.prolong_allocation(
            connection, rental.rental_id, changed.planned_until(now)
        )
        await handover.change_rental(connection, changed)
        number = await repository.insert_extension(connection, rental, request.return_at, lines)
        await note_event(connection, rental.rental_id, Event.EXTENDED, caller.actor)
        envelopes = [outgoing.documents_requested(rental.rental_id)]
        if lines:
            added = await charging.add_charges(
                connection,
                rental.rental_id,
                [to_charge(line) for line in lines],
                now,
                key=charging.key_of(f"extension-{number}"),
                actor=caller.actor,
            )
            envelopes += added.envelopes
        await outbox.write(connection, envelopes)
        await audit.record(
            connection,
            caller,
            "rental_extended",
            reference=reference,
            reason=request.reason,
            before={"return_at": rental.return_at.isoformat(), "to_hour": rental.to_hour},
            after={
                "return_at": changed.return_at.isoformat(),
                "to_hour": changed.to_hour,
                "override": request.override,
                "hours_short": moved.hours_short,
                "charged_minor": sum(line.amount.amount for line in lines),
            },
        )
    event("rental_extended", {"rental_id": str(rental.rental_id)})
    return _answer(changed, lines, available=True), envelopes


async def take_overdue(now: datetime) -> int:
    """Take the next hours for cars that should be back, one rental per transaction.

    What is not there becomes short. Returns how many rentals took hours.

    Raises:
        Unavailable: the database is down; the next run takes the rest.
    """
    taken = 0

    async def take(reference: str) -> None:
        nonlocal taken
        taken += await patiently(partial(_take_overdue, reference, now))

    while True:
        async with connect("rent") as connection:
            late = await repository.list_late(connection, now, BATCH)
        await for_each(late, take, at_once=1)
        if len(late) < BATCH:
            return taken


async def _take_overdue(reference: str, now: datetime) -> bool:
    async with transaction("rent") as connection:
        rental = await handover.lock_rental(connection, reference)
        end = rental.slice_end(now)
        if rental.status is not RentalStatus.CHECKED_OUT or end <= rental.to_hour:
            return False
        out = (await handover.list_legs(connection, rental.rental_id))[-1]
        rented = SupplyChange(
            rental.pickup_branch, rental.class_code, -1, rental.to_hour, end, out.vehicle_id
        )
        delayed = await hold_up(connection, out.plate, rented, reference, now)
        none = Slice(rental.class_code, rental.to_hour, rental.to_hour)
        moved = await slices.move(
            connection, rental.pickup_branch, none, replace(none, to_hour=end), forced=True
        )
        until = now + rental.turnaround + timedelta(hours=1)
        await repository.stretch_allocation(connection, rental.rental_id, until)
        await handover.change_rental(connection, replace(rental, to_hour=end))
        first = not await repository.is_known_overdue(connection, rental.rental_id)
        if first:
            await note_event(connection, rental.rental_id, Event.OVERDUE)
    attributes = {"rental_id": str(rental.rental_id), "branch": rental.pickup_branch,
                  "class": rental.class_code}  # fmt: skip
    if first:
        event("rental_overdue", attributes)
    for delay in delayed:
        event("plan_missed" if delay.is_missed else "plan_delayed",
              attributes | {"kind": delay.plan.kind})  # fmt: skip
    if moved.hours_short:
        event("calendar_short", attributes | {"count": moved.hours_short, "reason": "overdue"})
    return True


async def list_overdue(query: OverdueQuery, caller: Caller, now: datetime) -> Overdue:
    """Cars that should be back, the longest overdue first.

    Raises:
        Unavailable: the database is down.
    """
    async with connect("rent") as connection:
        rows = await repository.list_overdue(
            connection, branch=query.branch, branches=caller.limited_to, now=now, limit=LISTED
        )
    return Overdue(
        rentals=[
            OverdueRental.model_validate(
                {
                    "reference": row["reference"],
                    "return": stop_of(row, "return"),
                    "class": row["class_code"],
                    "plate": row["plate"],
                    "driver": {
                        name: row["driver"].get(name, "")
                        for name in ("given_name", "family_name", "email", "phone")
                    },
                    "minutes_late": (now - row["return_at"]) // timedelta(minutes=1),
                    "hours_short": row["hours_short"],
                    "next_plan": _next_plan(row),
                }
            )
            for row in rows
        ]
    )


def _next_plan(row: dict[str, Any]) -> dict[str, Any] | None:
    """By the clock of the branch where the car is to be brought back."""
    plan: dict[str, Any] | None = row["next_plan"]
    if plan is None:
        return None
    zone = ZoneInfo(row["return_timezone"])

    def local(at: str | None) -> datetime | None:
        return None if at is None else datetime.fromisoformat(at).astimezone(zone)

    return plan | {"from": local(plan["from"]), "to": local(plan["to"])}


def _answer(rental: OperatedRental, lines: list[PriceLine], *, available: bool) -> Extension:
    total = sum(line.amount.amount for line in lines)
    return Extension.model_validate(
        {
            "reference": rental.reference,
            "status": rental.status,
            "return": return_stop(rental),
            "available": available,
            "charges": lines,
            "total": Money(amount=total, currency=rental.currency),
        }
    )
