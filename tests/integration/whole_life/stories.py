"""Lives told on purpose: every transition that is documented, and what chance rarely meets."""

from collections.abc import Callable, Iterator

from tests.integration.whole_life import car_stories, clock, counter, judges, money, renters
from tests.integration.whole_life.car_stories import COMPACT, DAY, ECONOMY, HOUR, booked, out
from tests.integration.whole_life.world import World

# A story yields after each step; the judges look then.
Story = Callable[[World], Iterator[None]]


def tell(world: World, story: Story) -> None:
    for _ in story(world):
        judges.after_a_step(world)
    judges.after_a_step(world)
    judges.at_the_end(world)


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


def payment_is_canceled_at_the_vendor(world: World) -> Iterator[None]:
    rental = booked(world, "pm_3ds")
    yield
    [intent_id] = world.vendor.intents
    world.run(world.vendor.cancel(intent_id))
    renters.hear_of(world, intent_id)
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


STORIES: tuple[Story, ...] = (
    card_pays_for_damage,
    deposit_pays_when_the_card_does_not,
    deposit_is_taken_at_the_counter_and_the_rest_in_cash,
    five_cards_are_declined,
    payment_is_canceled_at_the_vendor,
    renter_pays_late_and_the_car_is_there,
    renter_pays_late_and_the_car_is_gone,
    renter_cancels_before_paying_and_pays_all_the_same,
    renter_cancels_too_late_to_do_so_for_nothing,
    renter_thinks_again_twice,
    nobody_comes,
    car_stories.car_is_exchanged_kept_longer_late_and_left_elsewhere,
    car_stories.two_renters_want_one_car,
    car_stories.car_is_driven_home,
    car_stories.car_changes_its_class_while_it_is_out_too_long,
    car_stories.car_goes_over_to_the_branch_where_it_is_left,
    car_stories.car_is_retired_while_it_is_out_too_long,
    car_stories.car_is_due_in_the_workshop_while_it_is_out_too_long,
    deposit_is_renewed_before_it_lapses,
    car_stories.fleet_changes_hands,
)
