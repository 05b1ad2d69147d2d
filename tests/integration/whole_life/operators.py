"""What operators do with the fleet: each change moves supply, or is refused for what is sold."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

from rent_process.supply import overbooking
from rent_process.vehicles import maintenance
from rent_process.vehicles import service as vehicles
from shared.contracts.fleet import (
    MaintenanceRequest,
    OverbookingRequest,
    VehicleChange,
    VehicleRequest,
)
from tests.integration.whole_life.fleet import (
    FOREVER,
    Car,
    Fleet,
    Move,
    Place,
    hour_after,
    hour_of,
)
from tests.integration.whole_life.world import OPERATOR, World

FEWER = "supply_below_sold"
ELSEWHERE = {"vehicle_allocated", "move_planned"}


def add_car(world: World, place: Place, later: int = 0) -> None:
    plate = world.new_plate()
    joins_at = world.later(hours=later)
    body = {"branch": place[0], "class": place[1], "model": "X", "model_year": 2026}
    request = {"plate": plate, "from": joins_at, "odometer_km": 1_000} | body
    world.run(vehicles.add_vehicle(VehicleRequest.model_validate(request), OPERATOR, world.now))
    hour = hour_after(joins_at)
    world.fleet.cars[plate] = Car([(place, hour, FOREVER)], joins_at)
    world.fleet.align(place, hour)
    world.seen["added"] += 1


def move_car(
    world: World, plate: str, to: Place | None, later: int, takes: int, *, override: bool = False
) -> None:
    """To another branch or class, on the road for a while; or out of the fleet."""
    car = world.fleet.cars[plate]
    leaves_at = world.later(hours=later)
    arrives_at = leaves_at + timedelta(hours=takes if to else 0)
    if not car.is_in_the_fleet or to == car.stays[-1][0] or car.move is not None:
        return
    body: dict[str, Any] = {"status": "retired"}
    if to is not None:
        body = {"branch": to[0], "class": to[1]}
        body |= {"arrives_at": arrives_at} if takes else {}
    body |= {"from": leaves_at, "override": override, "reason": "why not"}
    request = VehicleChange.model_validate(body)

    def change(fleet: Fleet) -> None:
        moved = fleet.cars[plate]
        source = moved.leave(hour_of(leaves_at))
        if to is not None:
            moved.stays.append((to, hour_after(arrives_at), FOREVER))
            fleet.align(to, hour_after(arrives_at))
        fleet.align(source, hour_of(leaves_at))
        moved.move = Move(to, leaves_at, arrives_at) if arrives_at > world.now else None

    kept = car.is_kept(leaves_at) or world.is_out(plate)
    step = vehicles.change_vehicle(plate, request, OPERATOR, world.now)
    _expect(world, "moved" if to else "retired", step, change, override=override, may_be_kept=kept)


def call_off(world: World, plate: str, *, override: bool = False) -> None:
    """The car stays where it is after all."""
    car = world.fleet.cars[plate]
    move, here = car.move, car.home
    if move is None or here is None:
        return
    body = {"branch": here[0], "class": here[1], "status": "active", "reason": "why not"}

    def change(fleet: Fleet) -> None:
        fleet.cars[plate].call_off()
        fleet.align(here, hour_of(move.leaves_at))
        if move.to is not None:
            fleet.align(move.to, hour_after(move.arrives_at))

    request = VehicleChange.model_validate(body | {"override": override})
    step = vehicles.change_vehicle(plate, request, OPERATOR, world.now)
    _expect(world, "called off", step, change, override=override, may_be_kept=True)


def mend(world: World, plate: str, later: int, lasts: int, *, override: bool = False) -> None:
    car = world.fleet.cars[plate]
    period = (world.later(hours=later), world.later(hours=later + lasts))
    body = {"from": period[0], "to": period[1], "reason": "brakes", "override": override}
    request = MaintenanceRequest.model_validate(body)
    placeholder = uuid4()

    def change(fleet: Fleet) -> None:
        fleet.cars[plate].absences[placeholder] = period

    places = {car.belongs(hour) for hour in range(hour_of(period[0]), hour_after(period[1]))}
    kept = car.is_kept(world.now) or world.is_out(plate) or places != {car.stays[0][0]}
    step = maintenance.plan(plate, request, OPERATOR, world.now)
    planned = _expect(world, "mended", step, change, override=override, may_be_kept=kept)
    if planned is not None:
        absences = world.fleet.cars[plate].absences
        absences[planned.id] = absences.pop(placeholder)


def end_maintenance(world: World, which: int) -> None:
    known = [(p, a) for p, car in world.fleet.cars.items() for a in car.absences]
    if not known:
        return
    plate, absence = known[which % len(known)]
    car = world.fleet.cars[plate]
    from_at, to_at = car.absences[absence]
    world.run(maintenance.end(plate, absence, OPERATOR, world.now))
    if from_at >= world.now:
        del car.absences[absence]
    else:
        car.absences[absence] = (from_at, min(to_at, world.now))
    world.seen["maintenance ended"] += 1


def overbook(world: World, place: Place, percent: int, *, override: bool = False) -> None:
    body = {"branch": place[0], "class": place[1], "percent": percent}
    request = OverbookingRequest.model_validate(body | {"override": override, "reason": "feast"})

    def change(fleet: Fleet) -> None:
        fleet.percent[place] = percent
        fleet.align(place, world.hour)

    step = overbooking.change_overbooking(request, OPERATOR, world.now)
    _expect(world, "overbooked", step, change, override=override, may_be_kept=False)


def _expect(
    world: World, what: str, step: Any, change: Callable[[Fleet], None], *,
    override: bool, may_be_kept: bool,
) -> Any:  # fmt: skip
    """Refused when an hour that gets worse has no car left, and nothing happened then."""
    lacks, after = world.would_lack(change)
    refusals = {FEWER} | (ELSEWHERE if may_be_kept else set())
    refused_before = world.seen[f"{what}: {FEWER}"]
    answer = world.attempt(what, step, refusals)
    if answer is None:
        if world.seen[f"{what}: {FEWER}"] > refused_before:
            assert lacks
            assert not override
        return None
    assert override or not lacks
    world.seen["overridden"] += lacks
    world.fleet = after
    return answer
