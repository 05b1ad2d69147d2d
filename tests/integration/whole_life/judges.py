"""Held against what ought to be after every step: calendar, places, money, states.

The judges read the tables and the bank's books, and reckon for themselves.
"""

import json
from collections import defaultdict
from typing import LiteralString
from uuid import UUID

from payment_process.domain import IntentStatus
from shared.contracts.messages import Purpose
from tests.integration.whole_life import clock, documented
from tests.integration.whole_life.fleet import WINDOW
from tests.integration.whole_life.rental import Rental
from tests.integration.whole_life.world import World

BLOCK = 384
RENTAL_STATES = documented.drawn("The rental's states")
PAYMENT_STATES = documented.tabled("The payment's states")
Hour = tuple[int, int]  # free and short
CALENDAR: LiteralString = """
SELECT branch_code, class_code, block, free, short FROM rent.class_calendar
WHERE block BETWEEN %(hour)s / 384 AND (%(hour)s + %(window)s - 1) / 384
"""
RENTALS: LiteralString = """
SELECT r.reference, r.status, r.pickup_branch, r.class_code, r.return_branch, r.pickup_at,
       r.return_at, r.total_minor, min(l.out_at), count(l.*) - count(l.in_at), max(l.in_at),
       (SELECT plate FROM rent.rental_leg o JOIN rent.vehicle USING (vehicle_id)
        WHERE o.rental_id = r.rental_id ORDER BY number DESC LIMIT 1)
FROM rent.rental r LEFT JOIN rent.rental_leg l USING (rental_id) GROUP BY r.rental_id
"""
# No car is kept for two things at a time, nor out twice, nor out without being kept for that.
NEVER: LiteralString = """
SELECT a.vehicle_id FROM rent.vehicle_allocation a JOIN rent.vehicle_allocation b
    ON a.vehicle_id = b.vehicle_id AND a.allocation_id < b.allocation_id AND a.period && b.period
UNION ALL
SELECT vehicle_id FROM rent.rental_leg WHERE in_at IS NULL GROUP BY vehicle_id HAVING count(*) > 1
UNION ALL
SELECT a.vehicle_id FROM rent.rental_leg a JOIN rent.rental_leg b
    ON a.vehicle_id = b.vehicle_id AND (a.rental_id, a.number) < (b.rental_id, b.number)
   AND tstzrange(a.out_at, a.in_at) && tstzrange(b.out_at, b.in_at)
UNION ALL
SELECT l.vehicle_id FROM rent.rental_leg l LEFT JOIN rent.vehicle_allocation a
    ON a.allocation_id = l.allocation_id AND a.vehicle_id = l.vehicle_id
   AND lower(a.period) <= l.out_at
WHERE a.allocation_id IS NULL
UNION ALL
SELECT payment_id FROM payment.refund WHERE status = 'FAILED' -- more was asked back than was taken
"""
TIMELINE: LiteralString = """
SELECT reference, event FROM rent.rental_event JOIN rent.rental USING (rental_id)
WHERE event IN ('CONFIRMED', 'EXPIRED', 'FAILED', 'CANCELLED', 'CHECKED_OUT', 'COMPLETED',
                'NO_SHOW')
ORDER BY position
"""
PAYMENT_CHANGES: LiteralString = """
SELECT DISTINCT status_before, status FROM payment.payment_event WHERE status_before <> status
"""
VEHICLES: LiteralString = "SELECT plate, status, branch_code, class_code FROM rent.vehicle"


def after_a_step(world: World) -> None:
    world.post.collect()
    rentals_are_as_agreed(world)
    calendar_is_what_cars_less_rentals_leave(world)
    cars_are_in_one_place(world)
    money_is_what_price_and_policy_say(world)


def rentals_are_as_agreed(world: World) -> None:
    rows = world.ask(RENTALS)
    assert len(rows) == len(world.rentals)
    for reference, status, branch, car_class, destination, *rest in rows:
        known = world.rentals[reference]
        terms = known.terms
        assert status == known.status, f"{reference} is {status}, not {known.status}"
        assert ((branch, car_class), destination) == (known.place, known.destination)
        pickup_at, return_at, total, out_at, cars_out, in_at, plate = rest
        assert (pickup_at, return_at, total) == (terms.pickup_at, terms.return_at, known.total)
        assert (out_at, cars_out) == (known.out_at, int(status == "CHECKED_OUT"))
        assert plate == (known.plates[-1] if known.plates else None)
        assert status != "COMPLETED" or in_at == known.back_at


def calendar_is_what_cars_less_rentals_leave(world: World) -> None:
    """In every hour ahead: free - short = supply + overbooking - sold; never both, never < 0."""
    balances, first = world.balances(), world.hour
    hours = 0
    for branch, car_class, block, free, short in world.ask(CALENDAR, hour=first, window=WINDOW):
        low, high = max(first, block * BLOCK), min(first + WINDOW, (block + 1) * BLOCK)
        there = slice(low - block * BLOCK, high - block * BLOCK)
        left = balances[branch, car_class][low - first : high - first]
        ought = [(max(each, 0), max(-each, 0)) for each in left]
        found = list(zip(free[there], short[there], strict=True))
        assert found == ought, _difference(branch, car_class, low - first, found, ought)
        hours += high - low
    assert hours == len(balances) * WINDOW


def _difference(branch: str, car_class: str, low: int, found: list[Hour], ought: list[Hour]) -> str:
    differ = [
        f"{low + i} h: {is_} not {should}"
        for i, (is_, should) in enumerate(zip(found, ought, strict=True))
        if is_ != should
    ]
    return f"{branch} {car_class}: in {len(differ)} hours, {differ[0]} to {differ[-1]}"


def cars_are_in_one_place(world: World) -> None:
    assert world.ask(NEVER) == []
    for plate, status, *place in world.ask(VEHICLES):
        car = world.fleet.cars[plate]
        assert (status == "active") == (car.home is not None), plate
        assert car.home in {tuple(place), None}, plate


def money_is_what_price_and_policy_say(world: World) -> None:
    """What the bank has taken and given back, message by message, is what the rental knows."""
    by_rental: dict[UUID, list[str]] = defaultdict(list)
    for intent_id, owner in world.vendor.owners.items():
        by_rental[owner.rental_id].append(intent_id)
    back = dict(world.vendor.refunds)
    returning = _on_their_way_back(world)
    for rental in world.rentals.values():
        taken: dict[int, int] = {}
        returned = 0
        for intent_id in by_rental[rental.rental_id]:
            intent, owner = world.vendor.intents[intent_id], world.vendor.owners[intent_id]
            if intent.received_minor:
                assert owner.sequence not in taken, "one amount due was charged twice"
                assert world.vendor.charges[intent_id] == 1, "one intent was charged twice"
                taken[owner.sequence] = intent.received_minor
            returned += sum(n for (of, _), n in back.items() if of == intent_id)
            for number, amount in returning[rental.rental_id, owner.sequence].items():
                if intent.received_minor and (intent_id, number) not in back:
                    returned += amount
        heard = rental.purse.heard
        assert {s: n for s, n in taken.items() if s in heard} == heard
        assert sum(heard.values()) - returned == rental.purse.online, rental
        assert rental.purse.online >= 0


def _on_their_way_back(world: World) -> dict[tuple[UUID, int], dict[int, int]]:
    """Refunds that were asked for and not delivered: by rental and sequence, by number."""
    found: dict[tuple[UUID, int], dict[int, int]] = defaultdict(dict)
    for letter in world.post.waiting:
        told = json.loads(letter.body)
        if told["type"] == "refund_requested.v1":
            key = (UUID(told["rental_id"]), told["sequence"])
            found[key][told["refund_number"]] = told["amount"]["amount"]
    return found


def states_changed_as_documented(world: World) -> None:
    """By what the database witnessed; and the rental's timeline tells the same."""
    told: dict[str, list[str]] = defaultdict(list)
    for reference, event in world.ask(TIMELINE):
        told[reference].append(event)
    witnessed: dict[str, list[str]] = defaultdict(list)
    for reference, before, after in world.ask("SELECT reference, before, after FROM witnessed"
                                              " ORDER BY number"):  # fmt: skip
        assert (before, after) in RENTAL_STATES, f"{before} to {after}"
        world.transitions.add((before, after))
        witnessed[reference] += [after] if after != "PENDING" else []
    assert told == witnessed
    for before, after in world.ask(PAYMENT_CHANGES):
        assert (before, after) in PAYMENT_STATES, f"payment {before} to {after}"


def at_the_end(world: World) -> None:
    """When everything was delivered and all patience is over, nothing is left half done."""
    world.vendor.faults.clear()
    for _ in range(3):
        world.post.deliver_all()
        clock.pass_time(world, 25 * 60)
        clock.rent_timer(world)
        clock.payment_timer(world)
    world.post.deliver_all()
    after_a_step(world)
    clock.night(world)
    states_changed_as_documented(world)
    assert world.post.waiting == []
    for rental in world.rentals.values():
        purse = rental.purse
        assert rental.status != "PENDING"
        too_much = purse.kept - purse.due
        assert too_much <= 0 or purse.online == 0, "what is too much went back"
        held = _held(world, rental)
        assert held == 0 or rental.status == "CHECKED_OUT", "an authorisation was left open"
        assert held <= 1
        if rental.status == "COMPLETED" and rental.card == "pm_good":
            assert purse.due - purse.kept < SMALLEST, "what is due was not asked for"


SMALLEST = 50  # what the vendor takes at least


def _held(world: World, rental: Rental) -> int:
    """How many of its deposits stand."""
    return sum(
        intent.status is IntentStatus.REQUIRES_CAPTURE
        and world.vendor.owners[intent_id].rental_id == rental.rental_id
        and world.vendor.owners[intent_id].purpose is Purpose.DEPOSIT
        for intent_id, intent in world.vendor.intents.items()
    )
