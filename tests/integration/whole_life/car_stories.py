"""Lives of cars told on purpose: exchanged, late, left elsewhere, moved while they are out."""

from collections.abc import Iterator

from tests.integration.whole_life import clock, counter, operators, renters
from tests.integration.whole_life.fleet import Place
from tests.integration.whole_life.rental import Rental
from tests.integration.whole_life.world import World

ECONOMY, COMPACT = ("GRU", "ECMR"), ("GRU", "CDAR")
AWAY = ("GIG", "ECMR")
HOUR, DAY = 60, 24 * 60  # in minutes


def booked(world: World, card: str | None = "pm_good", days: int = 2, **how: bool) -> Rental:
    """Whoever pays by a good card is confirmed then."""
    rental = renters.book(world, ECONOMY, 1, days, card, **how)
    assert rental is not None
    world.post.deliver_all()
    return rental


def out(world: World, rental: Rental, card: str | None = None) -> None:
    while rental.terms.pickup_at > world.now:
        clock.await_next(world)
    plate = counter.a_car(world, rental, 1, upgrade=False)
    assert counter.check_out(world, rental, plate, card=card)
    world.post.deliver_all()


def car_is_exchanged_kept_longer_late_and_left_elsewhere(world: World) -> Iterator[None]:
    rental = booked(world, one_way=True)
    out(world, rental)
    yield
    other = next(p for p, car in world.fleet.cars.items() if car.home == COMPACT)
    assert counter.exchange(world, rental, other, upgrade=True, eighths=6)
    yield
    counter.extend(world, rental, 5, override=False)
    yield
    counter.extend(world, rental, 24, override=True)
    world.post.deliver_all()
    yield
    clock.pass_time(world, 4 * DAY)
    clock.rent_timer(world)
    yield
    assert rental.overdue_at
    assert counter.check_in(world, rental, minutes_ago=40)


def two_renters_want_one_car(world: World) -> Iterator[None]:
    first, second = booked(world), booked(world)
    out(world, first)
    yield
    assert not counter.check_out(world, second, first.plates[-1])
    out(world, second)
    yield
    assert not counter.exchange(world, second, first.plates[-1])


def car_is_driven_home(world: World) -> Iterator[None]:
    rental = booked(world, one_way=True)
    out(world, rental)
    yield
    assert counter.check_in(world, rental, goes_home=True)


def fleet_changes_hands(world: World) -> Iterator[None]:
    first, second, third, *_ = (p for p, c in world.fleet.cars.items() if c.home == ECONOMY)
    operators.overbook(world, ECONOMY, 100)
    while renters.book(world, ECONOMY, 1, 1, None):
        yield
    operators.move_car(world, first, AWAY, 72, 5)
    yield
    operators.call_off(world, first)
    operators.move_car(world, second, AWAY, 1, 5)
    assert world.fleet.cars[second].move is None
    operators.move_car(world, second, AWAY, 1, 5, override=True)
    yield
    operators.mend(world, third, 48, 10)
    assert not world.fleet.cars[third].absences
    operators.mend(world, third, 48, 10, override=True)
    yield
    clock.pass_time(world, 6 * HOUR)
    clock.rent_timer(world)
    yield
    operators.end_maintenance(world, 0)
    operators.move_car(world, first, None, 72, 0)
    operators.add_car(world, ECONOMY, 3)
    yield
    clock.night(world)


def _moved_while_out(world: World, target: Place | None) -> Iterator[None]:
    """A plan for a car that is then out for longer than the plan allowed."""
    rental = booked(world, one_way=True)
    out(world, rental)
    operators.move_car(world, rental.plates[-1], target, 5 * 24, 0)
    assert world.car_out(rental).move
    yield
    clock.pass_time(world, 6 * DAY)
    clock.rent_timer(world)
    yield
    assert counter.check_in(world, rental)


def car_changes_its_class_while_it_is_out_too_long(world: World) -> Iterator[None]:
    return _moved_while_out(world, COMPACT)


def car_goes_over_to_the_branch_where_it_is_left(world: World) -> Iterator[None]:
    return _moved_while_out(world, AWAY)


def car_is_retired_while_it_is_out_too_long(world: World) -> Iterator[None]:
    return _moved_while_out(world, None)


def car_is_due_in_the_workshop_while_it_is_out_too_long(world: World) -> Iterator[None]:
    rental = booked(world, one_way=True)
    out(world, rental)
    operators.mend(world, rental.plates[-1], 5 * 24, 30)
    assert world.car_out(rental).absences
    yield
    clock.pass_time(world, 5 * DAY + 2 * HOUR)
    clock.rent_timer(world)
    yield
    assert counter.check_in(world, rental)
