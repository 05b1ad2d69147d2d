"""Lives told on purpose: every transition that is documented, and what chance rarely meets."""

from collections.abc import Callable, Iterator

from tests.integration.whole_life import clock, counter, judges, money, operators, renters
from tests.integration.whole_life.rental import Rental
from tests.integration.whole_life.world import World

ECONOMY, COMPACT = ("GRU", "ECMR"), ("GRU", "CDAR")
AWAY = ("GIG", "ECMR")
HOUR, DAY = 60, 24 * 60  # in minutes
# A story yields after each step; the judges look then.
Story = Callable[[World], Iterator[None]]


def tell(world: World, story: Story) -> None:
    for _ in story(world):
        judges.after_a_step(world)
    judges.after_a_step(world)
    judges.at_the_end(world)


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


def card_pays_for_damage(world: World) -> Iterator[None]:
    rental = booked(world, waiver=True)
    yield
    out(world, rental)
    yield
    assert counter.check_in(world, rental, eighths=7, damage=400_000, km=700)
    yield
    money.give_goodwill(world, rental, 1_000)
    money.fine(world, rental, 5_000)
    world.post.deliver_all()
    yield
    assert rental.purse.kept == rental.purse.due


def deposit_pays_when_the_card_does_not(world: World) -> Iterator[None]:
    rental = booked(world, "pm_needs_holder")
    yield
    out(world, rental, "pm_needs_holder")
    yield
    assert counter.check_in(world, rental, damage=12_345)
    yield
    world.post.deliver_all()
    yield
    assert world.seen["DEPOSIT captured"]


def deposit_is_taken_at_the_counter_and_the_rest_in_cash(world: World) -> Iterator[None]:
    rental = booked(world, None)
    yield
    out(world, rental, "pm_good")
    yield
    money.settle_deposit(world, rental, 5_000)
    refused = world.seen["deposit settled: not_payable"]
    money.settle_deposit(world, rental, 6_000)
    assert world.seen["deposit settled: not_payable"] == refused + 1, "it is taken once"
    world.post.deliver_all()
    yield
    money.take_cash(world, rental)
    yield
    assert counter.check_in(world, rental)
    assert rental.purse.kept == rental.purse.due


def five_cards_are_declined(world: World) -> Iterator[None]:
    rental = booked(world, "pm_declined")
    for _ in range(4):
        yield
        renters.pay(world, rental, "pm_declined")
        world.post.deliver_all()
    yield
    assert rental.status == "FAILED"


def renter_pays_late_and_the_car_is_there(world: World) -> Iterator[None]:
    rental = booked(world, "pm_3ds")
    yield
    clock.pass_time(world, 16)
    clock.rent_timer(world)
    yield
    assert rental.status == "EXPIRED"
    renters.act(world, 0, succeeds=True, tells=True)
    world.post.deliver_all()
    yield
    assert rental.status == "CONFIRMED"


def renter_pays_late_and_the_car_is_gone(world: World) -> Iterator[None]:
    rental = booked(world, "pm_3ds")
    yield
    clock.pass_time(world, 16)
    clock.rent_timer(world)
    yield
    while renters.book(world, ECONOMY, 1, 2, None):
        yield
    renters.act(world, 0, succeeds=True, tells=True)
    world.post.deliver_all()
    yield
    assert (rental.status, rental.purse.kept) == ("EXPIRED", 0)


def renter_cancels_before_paying_and_pays_all_the_same(world: World) -> Iterator[None]:
    rental = booked(world, "pm_3ds")
    yield
    renters.cancel(world, rental)
    renters.act(world, 0, succeeds=True, tells=True)
    yield
    world.post.deliver_all()
    yield
    assert rental.purse.kept == 0


def renter_cancels_too_late_to_do_so_for_nothing(world: World) -> Iterator[None]:
    rental = booked(world, days=3, one_way=True)  # a day's rate is less than the percentage
    clock.pass_time(world, 2 * HOUR)
    yield
    clock.pass_time(world, DAY)
    renters.cancel(world, rental)
    yield
    assert rental.purse.kept > 0
    counted = renters.book(world, ECONOMY, 2, 1, None)
    assert counted
    money.take_cash(world, counted)
    renters.cancel(world, counted)
    yield
    money.hand_back(world, counted)
    assert world.seen["cash handed back"]


def renter_thinks_again_twice(world: World) -> Iterator[None]:
    rental = booked(world)
    yield
    renters.modify(world, rental, COMPACT, 2, 3, one_way=True, by_card=True)
    world.post.deliver_all()
    yield
    assert rental.purse.kept == rental.total
    renters.modify(world, rental, ECONOMY, 1, 1, one_way=False, by_card=True)
    yield
    world.post.deliver_all()


def nobody_comes(world: World) -> Iterator[None]:
    rental = booked(world)
    clock.await_next(world)
    counter.miss(world, rental)
    yield
    clock.pass_time(world, 2 * HOUR)
    counter.miss(world, rental)
    yield
    assert rental.status == "NO_SHOW"


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


def deposit_is_renewed_before_it_lapses(world: World) -> Iterator[None]:
    rental = booked(world)
    out(world, rental)
    yield
    counter.extend(world, rental, 10 * 24, override=False)
    yield
    for _ in range(3):
        clock.pass_time(world, 2.3 * DAY)
        clock.payment_timer(world)
        world.post.deliver_all()
        yield
    assert len(world.vendor.intents) > len(rental.purse.heard) + 1
    money.settle_deposit(world, rental, 0)
    yield
    assert counter.check_in(world, rental, damage=90_000)


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


def car_changes_its_class_while_it_is_out_too_long(world: World) -> Iterator[None]:
    rental = booked(world, one_way=True)
    out(world, rental)
    operators.move_car(world, rental.plates[-1], COMPACT, 5 * 24, 0)
    assert world.car_out(rental).move
    yield
    clock.pass_time(world, 6 * DAY)
    clock.rent_timer(world)
    yield
    assert counter.check_in(world, rental)


def car_goes_over_to_the_branch_where_it_is_left(world: World) -> Iterator[None]:
    rental = booked(world, one_way=True)
    out(world, rental)
    operators.move_car(world, rental.plates[-1], AWAY, 5 * 24, 0)
    yield
    clock.pass_time(world, 6 * DAY)
    clock.rent_timer(world)
    yield
    assert counter.check_in(world, rental)


def car_is_retired_while_it_is_out_too_long(world: World) -> Iterator[None]:
    rental = booked(world, one_way=True)
    out(world, rental)
    operators.move_car(world, rental.plates[-1], None, 5 * 24, 0)
    yield
    clock.pass_time(world, 6 * DAY)
    clock.rent_timer(world)
    yield
    assert counter.check_in(world, rental)


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


STORIES: tuple[Story, ...] = (
    card_pays_for_damage,
    deposit_pays_when_the_card_does_not,
    deposit_is_taken_at_the_counter_and_the_rest_in_cash,
    five_cards_are_declined,
    renter_pays_late_and_the_car_is_there,
    renter_pays_late_and_the_car_is_gone,
    renter_cancels_before_paying_and_pays_all_the_same,
    renter_cancels_too_late_to_do_so_for_nothing,
    renter_thinks_again_twice,
    nobody_comes,
    car_is_exchanged_kept_longer_late_and_left_elsewhere,
    two_renters_want_one_car,
    car_is_driven_home,
    car_changes_its_class_while_it_is_out_too_long,
    car_goes_over_to_the_branch_where_it_is_left,
    car_is_retired_while_it_is_out_too_long,
    car_is_due_in_the_workshop_while_it_is_out_too_long,
    deposit_is_renewed_before_it_lapses,
    fleet_changes_hands,
)
