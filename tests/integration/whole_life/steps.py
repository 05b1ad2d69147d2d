"""Everything that may happen next, whoever does it, and how often: hypothesis draws from here.

References are random: rentals are picked by their order, so that a run can be repeated.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, get_args

from hypothesis import strategies as st

from tests.integration.payment_process.fake_vendor import Call, Fault
from tests.integration.whole_life import clock, counter, money, operators, renters
from tests.integration.whole_life.fleet import PLACES
from tests.integration.whole_life.world import World

WHICH = st.integers(0, 23)
PLACE = st.sampled_from(PLACES)
SOMETIMES = st.sampled_from([False, False, False, True])
SOON = st.sampled_from([0, 0, 1, 2])
DAYS = st.integers(1, 3)
HOURS = st.integers(0, 3 * 24)


@dataclass(frozen=True)
class Step:
    act: Callable[..., object]
    how: dict[str, Any]

    def __repr__(self) -> str:
        return f"{self.act.__name__}({', '.join(f'{k}={v!r}' for k, v in self.how.items())})"

    def take(self, world: World) -> None:
        self.act(world, **self.how)


# --- renters -------------------------------------------------------------------------------------


def book(world: World, card: str | None, *, at_once: bool, **trip: Any) -> None:
    renters.book(world, card=card, **trip)
    if at_once:
        world.post.deliver_all()


def pay(world: World, which: int, card: str) -> None:
    if rental := world.pick(which, "PENDING", "COMPLETED", "CHECKED_OUT"):
        renters.pay(world, rental, card)


def cancel(world: World, which: int) -> None:
    if rental := world.pick(which, "PENDING", "CONFIRMED"):
        renters.cancel(world, rental)


def modify(world: World, which: int, **trip: Any) -> None:
    if rental := world.pick(which, "CONFIRMED"):
        renters.modify(world, rental, **trip)


# --- the counter ---------------------------------------------------------------------------------


def car_leaves(world: World, which: int, car: int, card: str | None, *, upgrade: bool) -> None:
    rental = world.pick(which, "CONFIRMED")
    if rental and rental.status != "CHECKED_OUT":  # else it may be a repeat
        plate = counter.a_car(world, rental, car, upgrade=upgrade)
        counter.check_out(world, rental, plate, upgrade=upgrade, card=card)


def car_is_exchanged(world: World, which: int, car: int, eighths: int, *, upgrade: bool) -> None:
    if rental := world.pick(which, "CHECKED_OUT"):
        plate = counter.a_car(world, rental, car, upgrade=upgrade)
        counter.exchange(world, rental, plate, upgrade=upgrade, eighths=eighths)


def car_stays_longer(world: World, which: int, hours: int, *, override: bool) -> None:
    if rental := world.pick(which, "CHECKED_OUT"):
        counter.extend(world, rental, hours, override=override)


def car_comes_back(world: World, which: int, **how: Any) -> None:
    if rental := world.pick(which, "CHECKED_OUT"):
        counter.check_in(world, rental, **how)


def nobody_comes(world: World, which: int) -> None:
    if rental := world.pick(which, "CONFIRMED"):
        counter.miss(world, rental)


def cash_is_taken(world: World, which: int, part: int) -> None:
    if rental := world.pick(which, "CONFIRMED", "CHECKED_OUT", "COMPLETED"):
        money.take_cash(world, rental, part)


def cash_goes_back(world: World, which: int) -> None:
    if rental := world.pick(which, "CANCELLED", "NO_SHOW", "CONFIRMED"):
        money.hand_back(world, rental)


def favour_is_done(world: World, which: int, minor: int) -> None:
    if rental := world.pick(which, "COMPLETED", "CONFIRMED"):
        money.give_goodwill(world, rental, minor)


def fine_comes(world: World, which: int, minor: int) -> None:
    if rental := world.pick(which, "CHECKED_OUT", "COMPLETED"):
        money.fine(world, rental, minor)


def deposit_is_settled(world: World, which: int, minor: int) -> None:
    if rental := world.pick(which, "CHECKED_OUT", "COMPLETED"):
        money.settle_deposit(world, rental, minor)


# --- the fleet -----------------------------------------------------------------------------------


def car_moves(world: World, which: int, **how: Any) -> None:
    operators.move_car(world, world.plate(which), **how)


def move_is_called_off(world: World, *, override: bool) -> None:
    for plate in [plate for plate, car in world.fleet.cars.items() if car.move][:1]:
        operators.call_off(world, plate, override=override)


def car_is_mended(world: World, which: int, **how: Any) -> None:
    operators.mend(world, world.plate(which), **how)


# --- the queues and the bank ---------------------------------------------------------------------


def one_message_arrives(world: World, which: int, *, again: bool) -> None:
    world.post.deliver(which, again=again)


def all_messages_arrive(world: World) -> None:
    world.post.deliver_all()


def bank_tells(world: World, which: int) -> None:
    if intents := list(world.vendor.intents):
        renters.hear_of(world, intents[which % len(intents)])


def network_breaks(world: World, call: Call, fault: Fault) -> None:
    world.vendor.fail(call, fault)


def often(times: int, act: Callable[..., object], **how: Any) -> list[st.SearchStrategy[Step]]:
    return [st.builds(Step, st.just(act), st.fixed_dictionaries(how))] * times


_WEIGHTED: list[st.SearchStrategy[Step]] = [
    *often(6, book, place=PLACE, day=SOON, days=DAYS, card=st.sampled_from(renters.CARDS),
           one_way=st.booleans(), waiver=st.booleans(), at_once=st.booleans()),
    *often(2, pay, which=WHICH, card=st.sampled_from(["pm_good", "pm_3ds", "pm_declined"])),
    *often(2, renters.act, which=WHICH, succeeds=st.booleans(), tells=st.booleans()),
    *often(2, cancel, which=WHICH),
    *often(2, modify, which=WHICH, place=PLACE, day=SOON, days=DAYS, one_way=st.booleans(),
           by_card=st.booleans()),
    *often(5, car_leaves, which=WHICH, car=WHICH, upgrade=SOMETIMES,
           card=st.sampled_from([None, None, None, "pm_good", "pm_declined"])),
    *often(2, car_is_exchanged, which=WHICH, car=WHICH, upgrade=SOMETIMES,
           eighths=st.integers(6, 8)),
    *often(2, car_stays_longer, which=WHICH, hours=st.sampled_from([1, 5, 24, 50]),
           override=st.booleans()),
    *often(4, car_comes_back, which=WHICH, km=st.sampled_from([0, 150, 700]),
           eighths=st.integers(6, 8), damage=st.sampled_from([0, 0, 12_345, 90_000, 400_000]),
           goes_home=st.booleans(), minutes_ago=st.sampled_from([0, 0, 40])),
    *often(1, nobody_comes, which=WHICH),
    *often(2, cash_is_taken, which=WHICH, part=st.integers(1, 2)),
    *often(1, cash_goes_back, which=WHICH),
    *often(1, favour_is_done, which=WHICH, minor=st.sampled_from([1_000, 20_000])),
    *often(1, fine_comes, which=WHICH, minor=st.sampled_from([49, 5_000, 120_000])),
    *often(1, deposit_is_settled, which=WHICH, minor=st.sampled_from([0, 5_000, 80_000])),
    *often(1, operators.add_car, place=PLACE, later=HOURS),
    *often(2, car_moves, which=WHICH, to=st.sampled_from([*PLACES, None]), later=HOURS,
           takes=st.integers(0, 30), override=SOMETIMES),
    *often(1, move_is_called_off, override=SOMETIMES),
    *often(2, car_is_mended, which=WHICH, later=HOURS, lasts=st.integers(1, 60),
           override=SOMETIMES),
    *often(1, operators.end_maintenance, which=WHICH),
    *often(1, operators.overbook, place=PLACE, percent=st.sampled_from([0, 40, 100]),
           override=SOMETIMES),
    *often(3, clock.pass_time, minutes=st.sampled_from([1, 16, 60, 60 * 9, 60 * 24])),
    *often(4, clock.await_next),
    *often(2, clock.rent_timer),
    *often(2, clock.payment_timer),
    *often(1, clock.night),
    *often(6, one_message_arrives, which=WHICH, again=SOMETIMES),
    *often(4, all_messages_arrive),
    *often(1, bank_tells, which=WHICH),
    *often(1, network_breaks, call=st.sampled_from(get_args(Call)),
           fault=st.sampled_from(get_args(Fault))),
]  # fmt: skip
# Not ``one_of``: that takes each of them once, however often it stands there.
STEPS = st.sampled_from(_WEIGHTED).flatmap(lambda step: step)
