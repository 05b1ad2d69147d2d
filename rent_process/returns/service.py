"""Check-in: the rental ends; slice, car and money are settled with it, in one commit."""

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256

from rent_process.audit import service as audit
from rent_process.booking.domain import Event, check_transition
from rent_process.charging import service as charging
from rent_process.handover import repository as handover
from rent_process.handover.domain import HOUR, Leg, OperatedRental, check_reading
from rent_process.handover.service import vehicle_or_refuse
from rent_process.returns import domain, repository
from rent_process.returns.repository import KnownReturn
from rent_process.settlement.repository import hour_of, note_event
from rent_process.slices import repository as slices
from rent_process.slices.repository import Slice
from rent_process.slices.service import patiently
from rent_process.terms.repository import read_terms
from shared import outbox
from shared.contracts.caller import Caller
from shared.contracts.charging import ChargeLine
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
        returned_at = domain.check_time(rental, out, request.returned_at or now, now)
        terms = await read_terms(connection, rental.rental_id)
        lines = domain.charge_lines(rental, terms, legs, request, returned_at)
        await handover.lock_vehicles(connection, out.plate)
        changed, hours_short = await _settle(connection, rental, out, request, returned_at, now)
        await repository.insert_return(
            connection, rental.rental_id, request_hash, returned_at, lines
        )
        await repository.insert_damages(
            connection, rental.rental_id, out.vehicle_id, request.damages
        )
        await note_event(connection, rental.rental_id, Event.COMPLETED, caller.actor)
        envelopes = await _charge(connection, rental, lines, caller, now)
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
                "car_at": _whereabouts(rental, request),
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
    now: datetime,
) -> tuple[OperatedRental, int]:
    """The slice ends where the car is ready again; a one-way's car joins where it was left."""
    branch = _whereabouts(rental, request)
    await handover.end_leg(
        connection,
        rental,
        in_at=returned_at,
        odometer_km=request.odometer_km,
        fuel_eighths=request.fuel_eighths,
        branch=branch,
    )
    if branch != rental.pickup_branch:
        changed, hours_short = await _join(connection, rental, now)
    else:
        changed, hours_short = await _end_slice(connection, rental, returned_at)
        if rental.is_one_way:
            home_at = returned_at + rental.reposition_hours * HOUR
            await repository.plan_way_home(connection, out.vehicle_id, returned_at, home_at)
    await handover.change_rental(connection, changed)
    return changed, hours_short


async def _end_slice(
    connection: Connection, rental: OperatedRental, returned_at: datetime
) -> tuple[OperatedRental, int]:
    """Give back what the early car leaves, or take what the late one has had."""
    end = max(rental.slice_end(returned_at), rental.from_hour)
    give = Slice(rental.class_code, rental.from_hour, rental.to_hour)
    take = Slice(rental.class_code, rental.from_hour, end)
    moved = await slices.move(connection, rental.pickup_branch, give, take, forced=True)
    ended = replace(rental, status=RentalStatus.COMPLETED, to_hour=end)
    return ended, moved.hours_short


async def _join(
    connection: Connection, rental: OperatedRental, now: datetime
) -> tuple[OperatedRental, int]:
    """From this hour on the car is the destination's; what the origin has sold of it is short."""
    this_hour = max(hour_of(now), rental.from_hour)
    rest = Slice(rental.class_code, this_hour, rental.to_hour)
    hours_short = await slices.move_car(
        connection, rental.pickup_branch, rental.return_branch, rest
    )
    ended = replace(rental, status=RentalStatus.COMPLETED, to_hour=min(rental.to_hour, this_hour))
    return ended, hours_short


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
            key="check-in",
            actor=caller.actor,
            ask=False,
        )
    return await charging.settle_return(connection, rental.rental_id, now, actor=caller.actor)


def to_charge(line: PriceLine) -> ChargeLine:
    return ChargeLine.model_validate(
        {
            "purpose": line.purpose,
            "description": line.description,
            "quantity": int(line.quantity),
            "unit_amount": line.unit_amount.model_dump(),
        }
    )


def _whereabouts(rental: OperatedRental, request: CheckInRequest) -> str:
    return rental.pickup_branch if request.car_goes_home else rental.return_branch


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
