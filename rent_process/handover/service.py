"""A car leaves: the rental, its slice, the car's allocation and the deposit, in one transaction."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TypeVar
from zoneinfo import ZoneInfo

from rent_process import outgoing
from rent_process.audit import service as audit
from rent_process.booking.domain import Event, check_transition
from rent_process.charging import service as charging
from rent_process.handover import domain, repository
from rent_process.handover.domain import Car, Leg, OperatedRental
from rent_process.handover.repository import Departure
from rent_process.settlement.repository import hour_of, note_event
from rent_process.slices import repository as slices
from rent_process.slices.repository import Slice
from rent_process.supply.service import patiently
from shared import outbox
from shared.contracts.caller import Caller
from shared.contracts.handover import (
    CheckedOut,
    CheckOutRequest,
    ExchangeRequest,
    Vehicle,
    VehicleSuggestion,
)
from shared.contracts.money import Money
from shared.contracts.renter import RentalStatus, Stop
from shared.database import Connection, ConstraintViolation, transaction
from shared.errors import Rejected
from shared.outbox import Envelope
from shared.telemetry import event

Result = TypeVar("Result")

SUGGESTIONS = 10
# A car that is out is allocated, and out once (infra/migrations): PostgreSQL has the last word.
ELSEWHERE = frozenset({"vehicle_in_one_place", "vehicle_out_once"})


async def suggest_vehicle(reference: str, now: datetime) -> VehicleSuggestion:
    """Free cars for a rental that can be checked out, the best first.

    Raises:
        Rejected: ``not_found``; ``illegal_transition``.
        Unavailable: the database is down.
    """
    async with transaction("rent") as connection:
        rental = await repository.lock_rental(connection, reference)
        if rental.status is not RentalStatus.CHECKED_OUT:  # who is out may exchange
            check_transition(rental.status, RentalStatus.CHECKED_OUT)
        own = [rental.class_code]
        found = await repository.suggest(connection, rental, own, now, SUGGESTIONS)
        upgrades = [] if found else await _suggest_better(connection, rental, now)
    return VehicleSuggestion(
        reference=reference,
        status=rental.status,
        suggested=found[0] if found else None,
        others=found[1:],
        upgrades=upgrades,
    )


async def _suggest_better(
    connection: Connection, rental: OperatedRental, now: datetime
) -> list[Vehicle]:
    """Cars of better classes, as far as the calendar can spare one; the next class up first."""
    keep = Slice(rental.class_code, hour_of(now), rental.to_hour)
    if keep.from_hour >= keep.to_hour:
        return []
    better = await slices.list_better(connection, rental.rental_id, keep, now)
    classes = [each.class_code for each in better if each.available]
    return await repository.suggest(connection, rental, classes, now, SUGGESTIONS)


async def check_out(
    reference: str, request: CheckOutRequest, caller: Caller, now: datetime
) -> CheckedOut:
    """Let a car go; the same call again is answered the same.

    Raises:
        Rejected: ``not_found``, ``illegal_transition``, ``vehicle_unavailable``,
            ``car_unavailable`` (an earlier hour or another class is sold out),
            ``payment_in_progress`` (a declined deposit is still being given up),
            ``validation_failed``.
        Unavailable: the database is down, or the class is too busy.
    """
    return await vehicle_or_refuse(
        partial(patiently, partial(_check_out, reference, request, caller, now))
    )


async def _check_out(
    reference: str, request: CheckOutRequest, caller: Caller, now: datetime
) -> CheckedOut:
    async with transaction("rent") as connection:
        rental = await repository.lock_rental(connection, reference)
        legs = await repository.list_legs(connection, rental.rental_id)
        if rental.status is RentalStatus.CHECKED_OUT and _is_same(legs[-1], request):
            return await _answer(connection, rental)
        check_transition(rental.status, RentalStatus.CHECKED_OUT)
        domain.check_startable(rental, now)
        found = await repository.lock_vehicles(connection, request.plate)
        car = domain.check_car(
            rental, found.get(request.plate), rental.pickup_branch, upgrade=request.upgrade
        )
        changed = await _take(connection, rental, car, now)
        await _leave(connection, changed, car, request, now)
        await _note(connection, rental, changed, Event.CHECKED_OUT, caller)
        envelopes = await _ask_deposit(connection, rental, request, caller, now)
        envelopes.append(outgoing.documents_requested(rental.rental_id))
        await outbox.write(connection, envelopes)
        await audit.record(
            connection,
            caller,
            "rental_checked_out",
            reference=reference,
            reason=request.notes,
            before=_state(rental),
            after=_state(changed)
            | {"plate": car.plate}
            | request.model_dump(include={"odometer_km", "fuel_eighths"}),
        )
        answer = await _answer(connection, changed)
    outbox.relay("rent", envelopes)
    event("rental_checked_out", {"rental_id": str(rental.rental_id), "class": car.class_code})
    return answer


async def exchange(
    reference: str, request: ExchangeRequest, caller: Caller, now: datetime
) -> CheckedOut:
    """Take one car back and let another one go; the same call again is answered the same.

    Raises:
        Rejected: as :func:`check_out`.
        Unavailable: the database is down, or the class is too busy.
    """
    return await vehicle_or_refuse(
        partial(patiently, partial(_exchange, reference, request, caller, now))
    )


async def _exchange(
    reference: str, request: ExchangeRequest, caller: Caller, now: datetime
) -> CheckedOut:
    async with transaction("rent") as connection:
        rental = await repository.lock_rental(connection, reference)
        if rental.status is not RentalStatus.CHECKED_OUT:
            detail = f"a rental that is {rental.status} has no car to exchange"
            raise Rejected("illegal_transition", detail)
        out = (await repository.list_legs(connection, rental.rental_id))[-1]
        if out.number > 1 and _is_same(out, request):
            return await _answer(connection, rental)
        found = await repository.lock_vehicles(connection, request.plate, out.plate)
        car = domain.check_car(
            rental, found.get(request.plate), rental.pickup_branch, upgrade=request.upgrade
        )
        domain.check_reading(out, request.returned.odometer_km, "/returned/odometer_km")
        now = domain.later_than(out, now)
        changed = await _take(connection, rental, car, now)
        await repository.end_leg(
            connection,
            rental,
            in_at=now,
            odometer_km=request.returned.odometer_km,
            fuel_eighths=request.returned.fuel_eighths,
        )
        await _leave(connection, changed, car, request, now)
        await _note(connection, rental, changed, Event.EXCHANGED, caller)
        await outbox.write(connection, [outgoing.documents_requested(rental.rental_id)])
        await audit.record(
            connection,
            caller,
            "vehicle_exchanged",
            reference=reference,
            reason=request.reason,
            before=_state(rental) | {"plate": out.plate},
            after=_state(changed) | request.model_dump(exclude={"reason", "upgrade"}),
        )
        answer = await _answer(connection, changed)
    event("vehicle_exchanged", {"rental_id": str(rental.rental_id), "class": car.class_code})
    return answer


async def vehicle_or_refuse(step: Callable[[], Awaitable[Result]]) -> Result:
    """Run a transaction in which the database may refuse to have a car in two places.

    Raises:
        Rejected: ``vehicle_unavailable``.
    """
    try:
        return await step()
    except ConstraintViolation as violation:
        if violation.constraint not in ELSEWHERE:
            raise
        raise domain.vehicle_unavailable() from violation


async def _take(
    connection: Connection, rental: OperatedRental, car: Car, now: datetime
) -> OperatedRental:
    """Keep from this hour on what the car is of: earlier hours, or another class, if need be."""
    now_hour = hour_of(now)
    give = Slice(rental.class_code, max(rental.from_hour, now_hour), rental.to_hour)
    take = Slice(car.class_code, now_hour, rental.to_hour)
    if give != take:
        moved = await slices.move(connection, rental.pickup_branch, give, take)
        if not moved.available:
            raise Rejected("car_unavailable", "the class is sold out for a part of that time")
    sold = rental.sold_class
    if car.class_code != rental.class_code and sold is None:
        sold = rental.class_code
    return replace(
        rental,
        status=RentalStatus.CHECKED_OUT,
        class_code=car.class_code,
        sold_class=sold,
        from_hour=min(rental.from_hour, now_hour),
    )


async def _leave(
    connection: Connection,
    rental: OperatedRental,
    car: Car,
    request: CheckOutRequest | ExchangeRequest,
    now: datetime,
) -> None:
    departure = Departure(
        rental_id=rental.rental_id,
        vehicle_id=car.vehicle_id,
        out_at=now,
        until=rental.planned_until(now),
        odometer_km=request.odometer_km,
        fuel_eighths=request.fuel_eighths,
        notes=request.notes if isinstance(request, CheckOutRequest) else None,
    )
    await repository.start_leg(connection, departure)
    await repository.change_rental(connection, rental)


async def _ask_deposit(
    connection: Connection,
    rental: OperatedRental,
    request: CheckOutRequest,
    caller: Caller,
    now: datetime,
) -> list[Envelope]:
    """Of a card: Pix, boleto and the counter's money cannot be authorised ahead."""
    card = request.deposit_payment_method_id
    if card is None and rental.payment_method != "card":
        return []
    return await charging.authorize_deposit(
        connection, rental.rental_id, now, payment_method_id=card, actor=caller.actor
    )


async def _note(
    connection: Connection,
    rental: OperatedRental,
    changed: OperatedRental,
    what: Event,
    caller: Caller,
) -> None:
    await note_event(connection, rental.rental_id, what, caller.actor)
    if changed.class_code != rental.class_code:
        await note_event(connection, rental.rental_id, Event.UPGRADED, caller.actor)


def _is_same(leg: Leg, request: CheckOutRequest | ExchangeRequest) -> bool:
    asked = (request.plate, request.odometer_km, request.fuel_eighths)
    return (leg.plate, leg.out_odometer_km, leg.out_fuel_eighths) == asked


def _state(rental: OperatedRental) -> dict[str, object]:
    """What of a rental these calls change, for the audit."""
    return {"status": rental.status, "class": rental.class_code}


async def _answer(connection: Connection, rental: OperatedRental) -> CheckedOut:
    leg = (await repository.list_legs(connection, rental.rental_id))[-1]
    deposit = await charging.read_deposit(connection, rental.rental_id)
    asked = 0 if deposit is None else deposit.asked_minor
    return CheckedOut.model_validate(
        {
            "reference": rental.reference,
            "status": rental.status,
            "vehicle": Vehicle(
                plate=leg.plate,
                car_class=leg.class_code,
                model=leg.model,
                odometer_km=leg.out_odometer_km,
            ),
            "checked_out_at": leg.out_at,
            "odometer_km": leg.out_odometer_km,
            "fuel_eighths": leg.out_fuel_eighths,
            "return": return_stop(rental),
            "deposit": Money(amount=asked, currency=rental.currency),
        }
    )


def return_stop(rental: OperatedRental) -> Stop:
    return Stop(
        branch=rental.return_branch,
        branch_name=rental.return_name,
        at=rental.return_at.astimezone(ZoneInfo(rental.return_timezone)),
        timezone=rental.return_timezone,
    )
