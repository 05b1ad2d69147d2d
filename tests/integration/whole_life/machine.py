"""The whole life at random: hypothesis chooses who does what next; the judges look every time."""

import asyncio
from collections import Counter
from typing import Any, get_args

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.integration.payment_process.fake_vendor import Call, Fault
from tests.integration.whole_life import clock, counter, judges, money, operators, renters
from tests.integration.whole_life.fleet import PLACES, Place
from tests.integration.whole_life.rental import Rental
from tests.integration.whole_life.stories import open_company
from tests.integration.whole_life.world import World

# References are random: rentals are picked by their order, so that a run can be repeated.
WHICH = st.integers(0, 23)
PLACE = st.sampled_from(PLACES)
CARD = st.sampled_from(renters.CARDS)
SOMETIMES = st.sampled_from([False, False, True])
SOON = st.integers(0, 2)
DAYS = st.integers(1, 3)
HOURS = st.integers(0, 3 * 24)
DAMAGE = st.sampled_from([0, 0, 12_345, 90_000, 400_000])


def somebody(*statuses: str) -> Any:
    """Only while there is such a rental."""
    return precondition(
        lambda self: any(not statuses or r.status in statuses for r in self.world.rentals.values())
    )


class WholeLife(RuleBasedStateMachine):
    url: str
    runner: asyncio.Runner
    seen: Counter[str]
    world: World

    @initialize()
    def begin(self) -> None:
        self.is_sound = True
        self.world = World(self.url, self.runner, self.seen)
        open_company(self.world)

    def teardown(self) -> None:
        try:
            if self.is_sound:  # else the first complaint is the one to read
                judges.at_the_end(self.world)
        finally:
            self.world.close()

    @invariant()
    def everything_is_as_it_ought_to_be(self) -> None:
        self.is_sound = False
        judges.after_a_step(self.world)
        self.is_sound = True

    def pick(self, which: int, *statuses: str) -> Rental:
        return self.world.pick(which, *statuses)

    # --- renters --------------------------------------------------------------------------------

    @rule(place=PLACE, day=SOON, days=DAYS, card=CARD, one_way=st.booleans(),
          waiver=st.booleans(), at_once=st.sampled_from([True, True, False]))  # fmt: skip
    def book(self, place: Place, day: int, days: int, card: str | None, *, one_way: bool,
             waiver: bool, at_once: bool) -> None:  # fmt: skip
        renters.book(self.world, place, day, days, card, one_way=one_way, waiver=waiver)
        if at_once:
            self.world.post.deliver_all()

    @somebody()
    @rule(which=WHICH, card=st.sampled_from(["pm_good", "pm_3ds", "pm_declined"]))
    def pay(self, which: int, card: str) -> None:
        renters.pay(self.world, self.pick(which, "PENDING", "COMPLETED"), card)

    @somebody()
    @rule(which=WHICH, succeeds=st.booleans(), tells=st.booleans())
    def act(self, which: int, *, succeeds: bool, tells: bool) -> None:
        renters.act(self.world, which, succeeds=succeeds, tells=tells)

    @somebody("PENDING", "CONFIRMED")
    @rule(which=WHICH)
    def cancel(self, which: int) -> None:
        renters.cancel(self.world, self.pick(which, "PENDING", "CONFIRMED"))

    @somebody("CONFIRMED")
    @rule(which=WHICH, place=PLACE, day=SOON, days=DAYS, one_way=st.booleans(),
          by_card=st.booleans())  # fmt: skip
    def modify(
        self, which: int, place: Place, day: int, days: int, *, one_way: bool, by_card: bool
    ) -> None:
        rental = self.pick(which, "CONFIRMED")
        renters.modify(self.world, rental, place, day, days, one_way=one_way, by_card=by_card)

    # --- the counter ----------------------------------------------------------------------------

    @somebody("CONFIRMED")
    @rule(which=WHICH, car=WHICH, upgrade=SOMETIMES,
          card=st.sampled_from([None, None, None, "pm_good", "pm_declined"]))  # fmt: skip
    def car_leaves(self, which: int, car: int, card: str | None, *, upgrade: bool) -> None:
        rental = self.pick(which, "CONFIRMED")
        if rental.status != "CHECKED_OUT":
            plate = counter.a_car(self.world, rental, car, upgrade=upgrade)
            counter.check_out(self.world, rental, plate, upgrade=upgrade, card=card)

    @somebody("CHECKED_OUT")
    @rule(which=WHICH, car=WHICH, upgrade=SOMETIMES, eighths=st.integers(6, 8))
    def car_is_exchanged(self, which: int, car: int, eighths: int, *, upgrade: bool) -> None:
        rental = self.pick(which, "CHECKED_OUT")
        plate = counter.a_car(self.world, rental, car, upgrade=upgrade)
        counter.exchange(self.world, rental, plate, upgrade=upgrade, eighths=eighths)

    @somebody("CHECKED_OUT")
    @rule(which=WHICH, hours=st.sampled_from([1, 5, 24, 50]), override=st.booleans())
    def car_stays_longer(self, which: int, hours: int, *, override: bool) -> None:
        counter.extend(self.world, self.pick(which, "CHECKED_OUT"), hours, override=override)

    @somebody("CHECKED_OUT")
    @rule(which=WHICH, km=st.sampled_from([0, 150, 700]), eighths=st.integers(6, 8), damage=DAMAGE,
          goes_home=st.booleans(), minutes_ago=st.sampled_from([0, 0, 40]))  # fmt: skip
    def car_comes_back(self, which: int, km: int, eighths: int, damage: int, minutes_ago: int, *,
                       goes_home: bool) -> None:  # fmt: skip
        counter.check_in(
            self.world, self.pick(which, "CHECKED_OUT"), km=km, eighths=eighths, damage=damage,
            goes_home=goes_home, minutes_ago=minutes_ago,
        )  # fmt: skip

    @somebody("CONFIRMED")
    @rule(which=WHICH)
    def nobody_comes(self, which: int) -> None:
        counter.miss(self.world, self.pick(which, "CONFIRMED"))

    @somebody()
    @rule(which=WHICH, part=st.integers(1, 2))
    def cash_is_taken(self, which: int, part: int) -> None:
        statuses = ("CONFIRMED", "CHECKED_OUT", "COMPLETED")
        money.take_cash(self.world, self.pick(which, *statuses), part)

    @somebody("CANCELLED", "NO_SHOW", "CONFIRMED")
    @rule(which=WHICH)
    def cash_goes_back(self, which: int) -> None:
        money.hand_back(self.world, self.pick(which, "CANCELLED", "NO_SHOW", "CONFIRMED"))

    @somebody()
    @rule(which=WHICH, minor=st.sampled_from([1_000, 20_000]))
    def favour_is_done(self, which: int, minor: int) -> None:
        money.give_goodwill(self.world, self.pick(which, "COMPLETED", "CONFIRMED"), minor)

    @somebody("CHECKED_OUT", "COMPLETED")
    @rule(which=WHICH, minor=st.sampled_from([49, 5_000, 120_000]))
    def fine_comes(self, which: int, minor: int) -> None:
        money.fine(self.world, self.pick(which, "CHECKED_OUT", "COMPLETED"), minor)

    @somebody("CHECKED_OUT", "COMPLETED")
    @rule(which=WHICH, minor=st.sampled_from([0, 5_000, 80_000]))
    def deposit_is_settled(self, which: int, minor: int) -> None:
        money.settle_deposit(self.world, self.pick(which, "CHECKED_OUT", "COMPLETED"), minor)

    # --- the fleet ------------------------------------------------------------------------------

    def plate(self, which: int) -> str:
        return list(self.world.fleet.cars)[which % len(self.world.fleet.cars)]

    @rule(place=PLACE, later=HOURS)
    def car_joins(self, place: Place, later: int) -> None:
        operators.add_car(self.world, place, later)

    @rule(which=WHICH, to=st.sampled_from([*PLACES, None]), later=HOURS, takes=st.integers(0, 30),
          override=SOMETIMES)  # fmt: skip
    def car_moves(
        self, which: int, to: Place | None, later: int, takes: int, *, override: bool
    ) -> None:
        operators.move_car(self.world, self.plate(which), to, later, takes, override=override)

    @precondition(lambda self: any(car.move for car in self.world.fleet.cars.values()))
    @rule(override=SOMETIMES)
    def move_is_called_off(self, *, override: bool) -> None:
        plate = next(p for p, car in self.world.fleet.cars.items() if car.move)
        operators.call_off(self.world, plate, override=override)

    @rule(which=WHICH, later=HOURS, lasts=st.integers(1, 60), override=SOMETIMES)
    def car_is_mended(self, which: int, later: int, lasts: int, *, override: bool) -> None:
        operators.mend(self.world, self.plate(which), later, lasts, override=override)

    @precondition(lambda self: any(car.absences for car in self.world.fleet.cars.values()))
    @rule(which=WHICH)
    def maintenance_ends(self, which: int) -> None:
        operators.end_maintenance(self.world, which)

    @rule(place=PLACE, percent=st.sampled_from([0, 40, 100]), override=SOMETIMES)
    def class_is_overbooked(self, place: Place, percent: int, *, override: bool) -> None:
        operators.overbook(self.world, place, percent, override=override)

    # --- time, the queues and the network ---------------------------------------------------------

    @rule(minutes=st.sampled_from([1, 16, 60, 60 * 9, 60 * 24]))
    def time_passes(self, minutes: int) -> None:
        clock.pass_time(self.world, minutes)

    @rule()
    def next_event_is_awaited(self) -> None:
        clock.await_next(self.world)

    @rule()
    def rent_timer_runs(self) -> None:
        clock.rent_timer(self.world)

    @rule()
    def payment_timer_runs(self) -> None:
        clock.payment_timer(self.world)

    @rule()
    def night_falls(self) -> None:
        clock.night(self.world)

    @precondition(lambda self: self.world.post.waiting)
    @rule(which=WHICH, again=SOMETIMES)
    def one_message_arrives(self, which: int, *, again: bool) -> None:
        self.world.post.deliver(which, again=again)

    @precondition(lambda self: self.world.post.waiting)
    @rule()
    def all_messages_arrive(self) -> None:
        self.world.post.deliver_all()

    @precondition(lambda self: self.world.vendor.intents)
    @rule(which=WHICH)
    def bank_tells(self, which: int) -> None:
        intents = list(self.world.vendor.intents)
        renters.hear_of(self.world, intents[which % len(intents)])

    @rule(call=st.sampled_from(get_args(Call)), fault=st.sampled_from(get_args(Fault)))
    def network_breaks(self, call: Call, fault: Fault) -> None:
        self.world.vendor.fail(call, fault)
