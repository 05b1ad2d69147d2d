"""What happens at a branch: cars leave, are exchanged, stay longer, come back; nobody comes."""

import json
from datetime import timedelta

from rent_process.handover import service as handover
from rent_process.no_show import service as no_show
from rent_process.overtime import service as overtime
from rent_process.returns import service as returns
from shared.contracts.handover import (
    CheckInRequest,
    CheckOutRequest,
    ExchangeRequest,
    ExtensionRequest,
)
from tests.integration.whole_life.fleet import hour_after, hour_of
from tests.integration.whole_life.rental import TURNAROUND, Rental
from tests.integration.whole_life.tariff import NO_SHOW_AFTER
from tests.integration.whole_life.world import OPERATOR, World
from tests.plugins.counter import coming, leaving

FULL = 8
MOMENT = timedelta(milliseconds=10)  # several things happen in one; each later than the last
NO_CAR = {"vehicle_unavailable", "validation_failed"}


def a_car(world: World, rental: Rental, which: int, *, upgrade: bool) -> str:
    """Mostly one that may go: of the class or of another one, at the branch, not out."""
    fleet = world.fleet.cars
    plates = sorted(
        fleet,
        key=lambda p: (
            fleet[p].belongs(world.hour) is None,
            (fleet[p].belongs(world.hour) or ("", ""))[0] != rental.place[0],
            ((fleet[p].belongs(world.hour) or ("", ""))[1] == rental.place[1]) == upgrade,
            world.is_out(p),
            p,
        ),
    )
    return plates[which % len(plates) if which % 4 == 0 else 0]


def check_out(
    world: World, rental: Rental, plate: str, *, upgrade: bool = False, card: str | None = None
) -> bool:
    car, before = world.fleet.cars[plate], rental.status
    odometer = car.odometer_km + 1  # else it may be a repeat
    body = leaving(plate, odometer_km=odometer, upgrade=upgrade, deposit_payment_method_id=card)
    step = handover.check_out(
        rental.reference, CheckOutRequest.model_validate(body), OPERATOR, world.now
    )
    refusals = {"illegal_transition", "car_unavailable", "payment_in_progress"} | NO_CAR
    possible = _is_to_be_had(world, rental, plate)
    if world.attempt("checked out", step, refusals) is None:
        return False
    assert before == "CONFIRMED"
    assert world.now < rental.terms.return_at
    assert possible
    assert not world.is_out(plate)
    _take_along(world, rental, plate, odometer)
    rental.status, rental.out_at = "CHECKED_OUT", world.now
    return True


def _is_to_be_had(world: World, rental: Rental, plate: str) -> bool:
    """Whether the hours that the rental does not hold yet are free: earlier, or another class's."""
    place = (rental.place[0], (world.fleet.cars[plate].belongs(world.hour) or rental.place)[1])
    held = rental.slice or (rental.place, 0, 0)
    end = min(held[1], held[2]) if place == rental.place else held[2]
    return world.least(place, world.hour, end) >= 1


def _take_along(world: World, rental: Rental, plate: str, odometer: int) -> None:
    car = world.fleet.cars[plate]
    place = car.belongs(world.hour)
    assert place is not None
    assert place[0] == rental.place[0]
    if place != rental.place:
        world.seen["upgraded"] += 1
    rental.place = place
    rental.plates.append(plate)
    rental.left_at = world.now
    car.odometer_km = odometer


def exchange(
    world: World, rental: Rental, plate: str, *, upgrade: bool = False, km: int = 150,
    eighths: int = FULL,
) -> bool:  # fmt: skip
    if not rental.plates:
        old, back = None, 0
    else:
        old = world.car_out(rental)
        back = old.odometer_km + km
    odometer = world.fleet.cars[plate].odometer_km + 1
    returned = {"odometer_km": back, "fuel_eighths": eighths}
    body = leaving(plate, odometer_km=odometer, upgrade=upgrade, reason="noise", returned=returned)
    request = ExchangeRequest.model_validate(body)
    step = handover.exchange(rental.reference, request, OPERATOR, world.now)
    possible, was_out = _is_to_be_had(world, rental, plate), world.is_out(plate)
    refusals = {"illegal_transition", "car_unavailable"} | NO_CAR
    if world.attempt("exchanged", step, refusals) is None:
        return False
    assert rental.status == "CHECKED_OUT"
    assert old is not None
    assert possible
    assert not was_out
    old.odometer_km = back
    rental.km += km
    rental.eighths += FULL - eighths
    _take_along(world, rental, plate, odometer)
    return True


def extend(world: World, rental: Rental, hours: int, *, override: bool) -> None:
    terms = rental.terms
    until = terms.return_at + timedelta(hours=hours)
    body = {"return_at": until.isoformat(), "override": override, "reason": "they insist"}
    request = ExtensionRequest.model_validate_json(json.dumps(body))
    place, _, end = rental.slice or (rental.place, 0, 0)
    free = world.least(place, end, end + hour_after(until) - hour_after(terms.return_at)) >= 1
    step = overtime.extend(rental.reference, request, OPERATOR, world.now)
    name = "extended anyway" if override else "extended"
    refusals = {"illegal_transition", "period_invalid", "car_unavailable", "vehicle_unavailable"}
    answer = world.attempt(name, step, refusals)
    if answer is None:
        return
    assert rental.status == "CHECKED_OUT"
    assert until > world.now
    assert free or override
    assert answer.total.amount == terms.extension_minor(until)
    rental.purse.due += answer.total.amount
    rental.extend(until)


def check_in(
    world: World, rental: Rental, *, km: int = 150, eighths: int = FULL, damage: int = 0,
    goes_home: bool = False, minutes_ago: int = 0,
) -> bool:  # fmt: skip
    if rental.status == "COMPLETED":
        return False  # it may be a repeat
    back = world.car_out(rental).odometer_km + km if rental.plates else km
    body = coming(fuel_eighths=eighths, odometer_km=back, car_goes_home=goes_home)
    if damage:
        price = {"amount": damage, "currency": "BRL"}
        body["damages"] = [{"description": "door", "amount": price}]
    back_at = world.now
    if minutes_ago:
        back_at = world.later(minutes=-minutes_ago)
        body["returned_at"] = back_at.isoformat()
    request = CheckInRequest.model_validate_json(json.dumps(body))
    step = returns.check_in(rental.reference, request, OPERATOR, world.now)
    refusals = {"illegal_transition", "validation_failed", "vehicle_unavailable"}
    answer = world.attempt("checked in", step, refusals)
    if answer is None:
        return False
    assert rental.status == "CHECKED_OUT"
    assert abs(answer.returned_at - back_at) <= MOMENT
    km, eighths = rental.km + km, rental.eighths + FULL - eighths
    on_top = rental.terms.return_minor(answer.returned_at, km, eighths, damage)
    assert answer.total.amount == on_top
    rental.purse.due += on_top
    world.car_out(rental).odometer_km = back
    rental.status, rental.back_at, rental.goes_home = "COMPLETED", answer.returned_at, goes_home
    if rental.is_one_way and not goes_home:
        _join(world, rental)
        world.seen["joined"] += 1
    return True


def _join(world: World, rental: Rental) -> None:
    """A one-way's car belongs where it was left, from when it is ready on."""
    car, fleet = world.car_out(rental), world.fleet
    places = set()
    if car.move is not None:
        move = car.move
        car.call_off()
        places |= {(move.to, hour_after(move.arrives_at)), (car.home, hour_of(move.leaves_at))}
    assert rental.back_at is not None
    hour = max(hour_after(rental.back_at + TURNAROUND), world.hour)
    source = car.stays[-1][0]
    target = (rental.destination, source[1])
    if source != target and car.is_in_the_fleet:  # what was sold meanwhile stays sold
        car.leave(hour)
        car.stays.append((target, hour, 10**9))
        places |= {(source, hour), (target, hour)}
    for place, at in places:
        if place is not None:
            fleet.align(place, at)


def miss(world: World, rental: Rental) -> None:
    """Nobody comes. What was paid is shared by the policy of the tariff."""
    before, purse = rental.status, rental.purse
    step = no_show.record_no_show(rental.reference, None, OPERATOR, world.now)
    answer = world.attempt("not shown", step, {"illegal_transition"})
    waited = world.now >= rental.terms.pickup_at + NO_SHOW_AFTER
    assert (answer is not None) == (before == "NO_SHOW" or (before == "CONFIRMED" and waited))
    if answer is None or before == "NO_SHOW":
        return
    fee = min(rental.terms.no_show_minor, purse.kept)
    rental.status = "NO_SHOW"
    assert (answer.fee.amount, answer.refund.amount) == (fee, purse.owe(fee))
