"""Check-in: the rental ends; slice, car and money are settled with it, in one commit."""

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256

from rent_process import outgoing
from rent_process.audit import service as audit
from rent_process.booking.domain import Event, check_transition
from rent_process.charging import service as charging
from rent_process.handover import repository as handover
from rent_process.handover.domain import HOUR, Leg, OperatedRental, check_reading, later_than
from rent_process.handover.service import vehicle_or_refuse
from rent_process.returns import domain, repository
from rent_process.returns.repository import KnownReturn
from rent_process.settlement.repository import note_event
from rent_process.slices import repository as slices
from rent_process.slices.repository import Slice
from rent_process.supply.service import patiently
from rent_process.terms.repository import read_terms
from rent_process.vehicles.moves import Rest, join_branch
from shared import outbox
from shared.contracts.caller import Caller
from shared.contracts.charging import OwedLine
from shared.contracts.handover import CheckedIn, CheckInRequest
from shared.contracts.money import Money
from shared.contracts.renter import PriceLine, RentalStatus
from shared.database import Connection, transaction
from shared.outbox import Envelope
from shared.telemetry import event


async def check_in(
    reference: str, request: CheckInRequest, caller: Caller, now: datetime
) -> CheckedIn:
    """Take a car back; the same call again is answered the same.

    Raises:
        Rejected: ``not_found``, ``illegal_transition``, ``validation_failed``,
            ``vehicle_unavailable`` (the way home is planned for something else).
        Unavailable: the database is down, or the class is too busy.
    """
    step = partial(_check_in, reference, request, caller, now)
    answer, envelopes = await vehicle_or_refuse(partial(patiently, step))
    outbox.relay("rent", envelopes)
    return answer


async def _check_in(
    reference: str, request: CheckInRequest, caller: Caller, now: datetime
) -> tuple[CheckedIn, list[Envelope]]:
    request_hash = sha256(request.model_dump_json().encode()).digest()
    async with transaction("rent") as connection:
        rental = await handover.lock_rental(connection, reference)
        known = await repository.find_return(connection, rental.rental_id)
        if known is not None and known.request_hash == request_hash:
            return _answer_again(rental, known), []
        check_transition(rental.status, RentalStatus.COMPLETED)
        legs = await handover.list_legs(connection, rental.rental_id)
        out = legs[-1]
        domain.check_damages(rental, request.damages)
        check_reading(out, request.odometer_km, "/odometer_km")
        returned_at = domain.check_time(
            rental, out, request.returned_at or later_than(out, now), now
        )
        terms = await read_terms(connection, rental.rental_id)
        lines = domain.charge_lines(rental, terms, legs, request, returned_at)
        await handover.lock_vehicles(connection, out.plate)
        changed, hours_short = await _settle(
            connection, rental, out, request, returned_at, caller, now
        )
        await repository.insert_return(
            connection, rental.rental_id, request_hash, returned_at, lines
        )
        await repository.insert_damages(
            connection, rental.rental_id, out.vehicle_id, request.damages
        )
        await note_event(connection, rental.rental_id, Event.COMPLETED, caller.actor)
        envelopes = await _charge(connection, rental, lines, caller, now)
        envelopes.append(outgoing.documents_requested(rental.rental_id))
        await outbox.write(connection, envelopes)
        total = sum(line.amount.amount for line in lines)
        await audit.record(
            connection,
            caller,
            "rental_checked_in",
            reference=reference,
            target=out.plate,
            before={"status": rental.status, "to_hour": rental.to_hour},
            after={
                "status": changed.status,
                "to_hour": changed.to_hour,
                "returned_at": returned_at.astimezone(UTC).isoformat(),
                "odometer_km": request.odometer_km,
                "fuel_eighths": request.fuel_eighths,
                "damages": len(request.damages),
                "charged_minor": total,
                "car_goes_home": request.car_goes_home,
                "hours_short": hours_short,
            },
        )
    event("rental_checked_in", {"rental_id": str(rental.rental_id), "amount_minor": total})
    return _answer(changed, returned_at, lines), envelopes


async def _settle(
    connection: Connection,
    rental: OperatedRental,
    out: Leg,
    request: CheckInRequest,
    returned_at: datetime,
    caller: Caller,
    now: datetime,
) -> tuple[OperatedRental, int]:
    """The slice ends where the car is ready again; a one-way's car joins where it was left."""
    await handover.end_leg(
        connection,
        rental,
        in_at=returned_at,
        odometer_km=request.odometer_km,
        fuel_eighths=request.fuel_eighths,
    )
    joined = 0
    stays = rental.is_one_way and not request.car_goes_home
    end = rental.slice_end(returned_at)
    if stays:
        end -= rental.reposition_hours
        joined = await join_branch(
            connection,
            caller,
            out.plate,
            rental.return_branch,
            returned_at + rental.turnaround,
            now,
            rest=Rest(rental.pickup_branch, rental.class_code, rental.to_hour),
            reference=rental.reference,
        )
    elif rental.is_one_way:
        home_at = returned_at + rental.reposition_hours * HOUR
        await repository.plan_way_home(connection, out.vehicle_id, returned_at, home_at)
    end = max(end, rental.from_hour)
    keep = Slice(rental.class_code, rental.from_hour, rental.to_hour)
    if stays:  # what lies after it has been given back already
        keep = replace(keep, to_hour=min(keep.to_hour, end))
    moved = await slices.move(
        connection, rental.pickup_branch, keep, replace(keep, to_hour=end), forced=True
    )
    ended = replace(rental, status=RentalStatus.COMPLETED, to_hour=end)
    await handover.change_rental(connection, ended)
    return ended, joined + moved.hours_short


async def _charge(
    connection: Connection,
    rental: OperatedRental,
    lines: list[PriceLine],
    caller: Caller,
    now: datetime,
) -> list[Envelope]:
    """Charge what came on top; then the card, and else the deposit, pays what is due."""
    if lines:
        await charging.add_charges(
            connection,
            rental.rental_id,
            [to_charge(line) for line in lines],
            now,
            key=charging.key_of("check-in"),
            actor=caller.actor,
            ask=False,
        )
    return await charging.settle_return(connection, rental.rental_id, now, actor=caller.actor)


def to_charge(line: PriceLine) -> OwedLine:
    return OwedLine.model_validate(
        {
            "purpose": line.purpose,
            "description": line.description,
            "quantity": int(line.quantity),
            "unit_amount": line.unit_amount.model_dump(),
        }
    )


def _answer_again(rental: OperatedRental, known: KnownReturn) -> CheckedIn:
    lines = [PriceLine.model_validate(each) for each in known.lines]
    return _answer(rental, known.returned_at, lines)


def _answer(rental: OperatedRental, returned_at: datetime, lines: list[PriceLine]) -> CheckedIn:
    total = sum(line.amount.amount for line in lines)
    return CheckedIn(
        reference=rental.reference,
        status=rental.status,
        returned_at=returned_at,
        charges=lines,
        total=Money(amount=total, currency=rental.currency),
    )
