"""The fleet's life, played at random on a real database; plain counting is the judge.

The model knows where each car is hour by hour, and what is booked, and counts. After every step,
for every hour ahead: free and short are what cars less rentals leave, and a change is refused if,
and only if, it would leave a new hour without a car.
"""

import asyncio
import json
from collections import Counter
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from rent_process.booking import service as booking
from rent_process.changes import service as changes
from rent_process.fleet import repository
from rent_process.fleet import service as fleet
from rent_process.pricing import service as pricing
from rent_process.vehicles import maintenance
from rent_process.vehicles import service as vehicles
from shared.contracts.caller import Caller
from shared.contracts.fleet import MaintenanceRequest, VehicleChange, VehicleRequest
from shared.contracts.renter import OffersQuery, RentalRequest
from shared.database import close_pools, transaction
from shared.errors import Rejected
from tests.plugins.market import SAO_PAULO, Renter, at_local

WINDOW = 2 * 384  # hours ahead that are looked at: whatever is drawn ends well before
FOREVER = 10**9
PLACES = [("GRU", "ECMR"), ("GRU", "CDAR"), ("GIG", "ECMR")]
OPERATOR = Caller(subject="operator-1", roles=frozenset({"operator"}))
HOURS = st.integers(0, 3 * 24)
WHICH = st.integers(0, 11)
RESET = """
TRUNCATE rent.rental, rent.vehicle CASCADE;
TRUNCATE rent.supply_exception, rent.class_calendar, rent.class_supply, rent.outbox CASCADE
"""
BEGIN = "INSERT INTO rent.class_supply (branch_code, class_code, supply) VALUES (%s, %s, 0)"
# Where nothing is sold yet, as at the far end of the real calendar.
FORGET = """
DELETE FROM rent.class_calendar
WHERE block > greatest(%s, (SELECT max(to_hour - 1) / 384 FROM rent.rental))
"""
CALENDAR = """
SELECT branch_code, class_code, block * 384 + i - 1, f, s
FROM rent.class_calendar, unnest(free, short) WITH ORDINALITY AS u(f, s, i)
WHERE block * 384 + i - 1 BETWEEN %(hour)s AND %(hour)s + %(window)s - 1
"""


@dataclass
class Car:
    """Where it is: (place, first hour, end hour); and when it is in the workshop."""

    stays: list[tuple[tuple[str, str], int, int]]
    absences: dict[UUID, tuple[int, int]] = field(default_factory=dict)
    busy_until: datetime | None = None  # a move that is planned

    def belongs(self, hour: int) -> tuple[str, str] | None:
        return next((place for place, first, end in self.stays if first <= hour < end), None)

    def is_whole(self, start: int, end: int) -> bool:
        """In one place, and not in the workshop, for all of these hours."""
        return any(first <= start and end <= last for _, first, last in self.stays) and not any(
            first < end and start < last for first, last in self.absences.values()
        )


@dataclass
class World:
    cars: dict[str, Car] = field(default_factory=dict)
    rentals: dict[str, tuple[tuple[str, str], int, int]] = field(default_factory=dict)

    def balances(self, first: int) -> dict[tuple[str, str], list[int]]:
        """Cars less rentals of each place, hour by hour."""
        left = {place: [0] * WINDOW for place in PLACES}

        def count(place: tuple[str, str], change: int, start: int, end: int) -> None:
            for hour in range(max(start - first, 0), min(end - first, WINDOW)):
                left[place][hour] += change

        for car in self.cars.values():
            for stay in car.stays:
                count(stay[0], 1, *stay[1:])
            for absence in car.absences.values():
                place = car.belongs(absence[0])
                assert place is not None
                count(place, -1, *absence)
        for place, start, end in self.rentals.values():
            count(place, -1, start, end)
        return left


class Fleet(RuleBasedStateMachine):
    url: str
    runner: asyncio.Runner
    seen: Counter[str]

    @initialize()
    def start(self) -> None:
        self.connection = psycopg.connect(self.url, autocommit=True)
        self.connection.execute(RESET)
        for place in PLACES:
            self.connection.execute(BEGIN, place)
        self.now = at_local(1, 12).astimezone(UTC)
        self.world = World()
        self.names = 0
        self.night()
        for place in PLACES:
            self.add(place, 0)

    def teardown(self) -> None:
        self.connection.close()

    @property
    def hour(self) -> int:
        return hour_of(self.now)

    # --- what operators do ----------------------------------------------------------------------

    @rule(place=st.sampled_from(PLACES), later=HOURS)
    def car_joins(self, place: tuple[str, str], later: int) -> None:
        self.add(place, later)

    def add(self, place: tuple[str, str], later: int) -> None:
        plate = f"CAR{self.names:04}"
        self.names += 1
        body = {"branch": place[0], "class": place[1], "model": "X", "model_year": 2026}
        request = {"plate": plate, "from": self.later(later)} | body
        self.run(vehicles.add_vehicle(VehicleRequest.model_validate(request), OPERATOR, self.now))
        car = Car([(place, self.hour + later, FOREVER)])
        car.busy_until = self.now + timedelta(hours=later)
        self.world.cars[plate] = car

    @precondition(lambda self: self.world.cars)
    @rule(which=WHICH, place=st.sampled_from([*PLACES, None]), later=HOURS,
          takes=st.integers(0, 30), override=st.sampled_from([False, False, True]))  # fmt: skip
    def car_moves(
        self, which: int, place: tuple[str, str] | None, later: int, takes: int, *, override: bool
    ) -> None:
        plate = self.pick(which)
        car = self.world.cars[plate]
        leaves = self.now + timedelta(hours=later)
        if self.is_kept(car, leaves) or not self.is_settled(car):
            return
        if place == car.stays[-1][0]:
            return
        body: dict[str, Any] = {"status": "retired"}
        if place is not None:
            body = {"branch": place[0], "class": place[1]}
            body |= {"arrives_at": leaves + timedelta(hours=takes)} if takes else {}
        body |= {"from": leaves, "override": override, "reason": "why not"}
        request = VehicleChange.model_validate(body)
        after = deepcopy(self.world)
        moved = after.cars[plate]
        here, first, _ = moved.stays[-1]
        left = self.hour + later
        moved.stays[-1] = (here, first, left)
        if place is not None:
            moved.stays.append((place, left + takes, FOREVER))
        moved.busy_until = leaves + timedelta(hours=takes)
        self.expect(
            "moved",
            after,
            lambda: vehicles.change_vehicle(plate, request, OPERATOR, self.now),
            override=override,
        )

    @precondition(lambda self: self.world.cars)
    @rule(
        which=WHICH,
        later=HOURS,
        lasts=st.integers(1, 60),
        override=st.sampled_from([False, False, True]),
    )
    def car_is_mended(self, which: int, later: int, lasts: int, *, override: bool) -> None:
        plate = self.pick(which)
        car = self.world.cars[plate]
        first, end = self.hour + later, self.hour + later + lasts
        if not car.is_whole(first, end) or self.later(later) == car.busy_until:
            return
        body = {"from": self.later(later), "to": self.later(later + lasts), "reason": "brakes"}
        request = MaintenanceRequest.model_validate(body | {"override": override})
        after = deepcopy(self.world)
        placeholder = uuid4()
        after.cars[plate].absences[placeholder] = (first, end)
        planned = self.expect(
            "mended",
            after,
            lambda: maintenance.plan(plate, request, OPERATOR, self.now),
            override=override,
        )
        if planned is not None:
            absences = self.world.cars[plate].absences
            absences[planned.id] = absences.pop(placeholder)

    @precondition(lambda self: any(car.absences for car in self.world.cars.values()))
    @rule(which=WHICH)
    def maintenance_ends(self, which: int) -> None:
        known = [(p, a) for p, car in self.world.cars.items() for a in car.absences]
        plate, absence = known[which % len(known)]
        self.run(maintenance.end(plate, absence, OPERATOR, self.now))
        first, end = self.world.cars[plate].absences[absence]
        if first >= self.hour:
            del self.world.cars[plate].absences[absence]
        else:
            self.world.cars[plate].absences[absence] = (first, min(end, self.hour))
        self.seen["ended"] += 1

    # --- what renters do ------------------------------------------------------------------------

    @rule(place=st.sampled_from(PLACES), day=st.integers(1, 2), days=st.integers(1, 4),
          renters=st.integers(1, 3))  # fmt: skip
    def rush(self, place: tuple[str, str], day: int, days: int, renters: int) -> None:
        for _ in range(renters):
            self.book(place, day, days)

    def book(self, place: tuple[str, str], day: int, days: int) -> None:
        first = self.now.astimezone(SAO_PAULO).replace(hour=10, minute=0, second=0, microsecond=0)
        query = OffersQuery(
            pickup_branch=place[0],
            return_branch=place[0],
            pickup_at=first + timedelta(days=day),
            return_at=first + timedelta(days=day + days),
            driver_age=30,
        )
        found = self.run(pricing.search_offers(query, "en", self.now))
        offer = next(each for each in found.offers if each.car_class == place[1])
        slice_ = (hour_of(query.pickup_at), hour_of(query.return_at) + 1)
        left = self.world.balances(self.hour)[place]
        free = max(min(left[hour - self.hour] for hour in range(*slice_)), 0)
        assert offer.available == free
        if offer.offer is None:
            return
        body = Renter(None).request(offer.offer, payment={"method": "counter"})  # type: ignore[arg-type] # no client
        request = RentalRequest.model_validate_json(json.dumps(body))
        accepted = self.run(booking.book(request, str(uuid4()), Caller(), self.now))
        self.world.rentals[accepted.reference] = (place, *slice_)
        self.seen["booked"] += 1

    @precondition(lambda self: self.world.rentals)
    @rule(which=WHICH)
    def cancel(self, which: int) -> None:
        reference = list(self.world.rentals)[which % len(self.world.rentals)]
        self.run(changes.cancel(reference, None, "guest", self.now))
        del self.world.rentals[reference]  # what has gone by stays sold, and nobody asks any more

    # --- what else happens ----------------------------------------------------------------------

    @rule(hours=st.sampled_from([1, 7, 30]))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        self.run(vehicles.settle_moves(self.now))

    @rule()
    def night(self) -> None:
        """The far end of the calendar is lost, and made anew from what is planned."""
        self.connection.execute(FORGET, [self.hour // 384])
        self.run(self.extend())

    async def extend(self) -> None:
        async with transaction("rent") as connection:
            await repository.extend_calendar(connection, self.hour, self.hour + WINDOW)

    # --- the judges -----------------------------------------------------------------------------

    @invariant()
    def calendar_is_what_cars_less_rentals_leave(self) -> None:
        rows = self.connection.execute(
            CALENDAR.encode(), {"hour": self.hour, "window": WINDOW}
        ).fetchall()
        balances = self.world.balances(self.hour)
        assert len(rows) > len(PLACES) * 384
        for branch, car_class, hour, free, short in rows:
            left = balances[branch, car_class][hour - self.hour]
            assert (free, short) == (max(left, 0), max(-left, 0)), (branch, car_class, hour)

    @invariant()
    def nightly_check_agrees(self) -> None:
        assert self.run(fleet.check_drift(self.now)) == 0

    @invariant()
    def cars_belong_where_they_are(self) -> None:
        rows = self.connection.execute(
            "SELECT plate, branch_code, class_code FROM rent.vehicle WHERE status = 'active'"
        ).fetchall()
        active = {plate: (branch, car_class) for plate, branch, car_class in rows}
        for plate, car in self.world.cars.items():
            here = [place for place, first, end in car.stays if first <= self.hour < end]
            if here:
                assert active[plate] == here[0]

    # --- how ------------------------------------------------------------------------------------

    def expect(self, what: str, after: World, act: Callable[[], Any], *, override: bool) -> Any:
        """Refused when an hour that gets worse has no car left, and nothing happened then."""
        before, then = self.world.balances(self.hour), after.balances(self.hour)
        lacking = any(
            there < min(0, here)
            for place in PLACES
            for here, there in zip(before[place], then[place], strict=True)
        )
        try:
            result = self.run(act())
        except Rejected as refusal:
            assert (refusal.code, lacking, override) == ("supply_below_sold", True, False)  # noqa: PT017
            self.seen["refused"] += 1
            return None
        assert override or not lacking
        self.seen["overridden" if lacking else what] += 1
        self.world = after
        return result

    def is_settled(self, car: Car) -> bool:
        """In the fleet, and not about to move."""
        arrived = car.busy_until is None or car.busy_until <= self.now
        return car.stays[-1][2] == FOREVER and arrived

    def is_kept(self, car: Car, at: datetime) -> bool:
        return any(end > hour_of(at) for _, end in car.absences.values())

    def later(self, hours: int) -> datetime:
        return self.now + timedelta(hours=hours)

    def pick(self, which: int) -> str:
        return list(self.world.cars)[which % len(self.world.cars)]

    def run(self, awaitable: Any) -> Any:
        return self.runner.run(awaitable)


def hour_of(at: datetime) -> int:
    return int(at.timestamp()) // 3600


@pytest.mark.timeout(300)
def test_life_of_the_fleet_keeps_the_calendar_true(market: str) -> None:
    with asyncio.Runner() as runner:
        seen: Counter[str] = Counter()
        machine = type("FleetOnDatabase", (Fleet,), {"url": market, "runner": runner, "seen": seen})
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=12, stateful_step_count=25, deadline=None, database=None,
                derandomize=True, phases=[Phase.generate], suppress_health_check=list(HealthCheck),
            ),
        )  # fmt: skip
        runner.run(close_pools())
    # What was never tried was never proved.
    assert set(seen) >= {"moved", "mended", "ended", "booked", "refused", "overridden"}
