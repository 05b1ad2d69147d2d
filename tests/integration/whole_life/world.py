"""The company, its renters and their banks: what is real, and what ought to be so beside it."""

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, LiteralString, TypeVar
from uuid import UUID

import psycopg

from rent_process.fleet.repository import extend_calendar
from shared.contracts.caller import Caller
from shared.database import transaction
from shared.errors import Rejected
from tests.integration.payment_process.fake_vendor import FakeVendor
from tests.integration.whole_life.fleet import (
    FOREVER,
    PLACES,
    WINDOW,
    Car,
    Fleet,
    Place,
    hour_of,
)
from tests.integration.whole_life.post import Post
from tests.integration.whole_life.rental import Rental
from tests.plugins.counter import POLICY
from tests.plugins.market import MARKET

OPERATOR = Caller(subject="operator-1", roles=frozenset({"operator"}))
# Long ago, at noon of a Monday in São Paulo: no run depends on the day on which it is made.
BEGINNING = datetime(2026, 3, 2, 15, tzinfo=UTC)
ATTEMPTS = 5
# The test's own record of every change of state, which no code of the product can forget.
WITNESS = """
CREATE TABLE public.witnessed (number bigint GENERATED ALWAYS AS IDENTITY, reference text,
                               before text, after text);
GRANT ALL ON public.witnessed TO PUBLIC;
CREATE FUNCTION public.witness() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' OR OLD.status IS DISTINCT FROM NEW.status THEN
        INSERT INTO public.witnessed (reference, before, after)
        VALUES (NEW.reference, CASE WHEN TG_OP = 'UPDATE' THEN OLD.status ELSE '[*]' END,
                NEW.status);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER witness AFTER INSERT OR UPDATE ON rent.rental
    FOR EACH ROW EXECUTE FUNCTION public.witness()
"""
RESET = """
TRUNCATE rent.rental, rent.vehicle, rent.supply_exception, rent.class_calendar, rent.class_supply,
         rent.outbox, payment.payment, payment.outbox, payment.payment_event, public.witnessed
         CASCADE
"""
# Cars that are there to begin with; four of ten in a hundred more than there are may be sold.
FLEET: dict[Place, int] = dict(zip(PLACES, (4, 3, 3, 2), strict=True))
OVERBOOKED = {PLACES[0]: 40}
BEGIN: LiteralString = """
INSERT INTO rent.class_supply (branch_code, class_code, supply, overbooking, overbooking_percent,
                               overbooking_in_force)
VALUES (%(branch)s, %(car_class)s, %(cars)s, %(cars)s * %(percent)s / 100, %(percent)s,
        %(percent)s)
"""
PARK: LiteralString = """
INSERT INTO rent.vehicle (plate, class_code, branch_code, model, model_year, odometer_km)
SELECT plate, %(car_class)s, %(branch)s, 'X', 2026, 1000 FROM unnest(%(plates)s::text[]) AS plate
"""

Answer = TypeVar("Answer")


def found_company(url: str) -> None:
    """Once a database: branches, rates and policies of the tests' company, and the witness."""
    with psycopg.connect(url, autocommit=True) as connection:
        for script in (MARKET % 0, POLICY, WITNESS):
            connection.execute(script.encode())


@dataclass
class World:
    url: str
    runner: asyncio.Runner
    seen: Counter[str]
    transitions: set[tuple[str, str]]
    now: datetime = BEGINNING
    fleet: Fleet = field(default_factory=Fleet)
    rentals: dict[str, Rental] = field(default_factory=dict)
    vendor: FakeVendor = field(default_factory=FakeVendor)
    names: int = 0  # given to cars, so far

    def __post_init__(self) -> None:
        self.connection = psycopg.connect(self.url, autocommit=True)
        self.connection.execute(RESET.encode())
        self.is_touched = True  # something was asked of the product
        self.vendor.clock = self.clock
        self.vendor.network_seconds = 0
        self.post = Post(self)
        self.timer_at = self.now
        self.on_sale_until = 0
        self._open()

    def _open(self) -> None:
        for place, cars in FLEET.items():
            branch, car_class = place
            percent, plates = OVERBOOKED.get(place, 0), [self.new_plate() for _ in range(cars)]
            at = {"branch": branch, "car_class": car_class}
            self.ask(BEGIN, cars=cars, percent=percent, **at)
            self.ask(PARK, plates=plates, **at)
            self.fleet.percent[place] = percent
            for plate in plates:
                self.fleet.cars[plate] = Car([(place, self.hour, FOREVER)], self.now)
            self.fleet.align(place, self.hour)
        self.keep_calendar_ahead()

    def new_plate(self) -> str:
        self.names += 1
        return f"CAR{self.names:04}"

    def plate(self, which: int) -> str:
        return list(self.fleet.cars)[which % len(self.fleet.cars)]

    def close(self) -> None:
        self.connection.close()

    def clock(self) -> datetime:
        return self.now

    @property
    def hour(self) -> int:
        return hour_of(self.now)

    def keep_calendar_ahead(self) -> None:
        self.on_sale_until = self.hour + 2 * WINDOW

        async def extend() -> None:
            async with transaction("rent") as connection:
                await extend_calendar(connection, self.hour, self.on_sale_until)

        self.run(extend())

    def run(self, step: Coroutine[Any, Any, Answer]) -> Answer:
        self.is_touched = True
        return self.runner.run(step)

    def ask(self, statement: str, **values: Any) -> list[tuple[Any, ...]]:
        cursor = self.connection.execute(statement.encode(), values)
        return cursor.fetchall() if cursor.description else []

    def attempt(
        self, name: str, step: Coroutine[Any, Any, Answer], refusals: set[str]
    ) -> Answer | None:
        """Run a call; None when it was refused, with one of these words."""
        try:
            answer = self.run(step)
        except Rejected as refusal:
            if refusal.code not in refusals:
                raise
            self.seen[f"{name}: {refusal.code}"] += 1
            return None
        self.seen[name] += 1
        return answer

    # --- which one is meant ---------------------------------------------------------------------

    def pick(self, which: int, *statuses: str) -> Rental | None:
        """One that the call is meant for; now and then any other, to be refused."""
        rentals = list(self.rentals.values())
        if which % 8:
            rentals = [each for each in rentals if each.status in statuses]
        return rentals[which % len(rentals)] if rentals else None

    def car_out(self, rental: Rental) -> Car:
        return self.fleet.cars[rental.plates[-1]]

    def is_out(self, plate: str) -> bool:
        return any(
            each.status == "CHECKED_OUT" and each.plates[-1] == plate
            for each in self.rentals.values()
        )

    # --- what there is to sell ------------------------------------------------------------------

    def balances(self, fleet: Fleet | None = None) -> dict[Place, list[int]]:
        slices = [each.slice for each in self.rentals.values() if each.slice]
        return (fleet or self.fleet).balances(self.hour, slices)

    def least(self, place: Place, first: int, end: int) -> int:
        """The fewest cars that are to be had in any of these hours; less than 0: a deficit."""
        left = self.balances()[place]
        return min((left[h - self.hour] for h in range(max(first, self.hour), end)), default=1)

    def would_lack(self, change: Callable[[Fleet], None]) -> tuple[bool, Fleet]:
        """Whether an hour that gets worse by a change has no car left then; and what it makes."""
        after = deepcopy(self.fleet)
        change(after)
        before, then = self.balances(), self.balances(after)
        lacks = any(
            there < min(0, here)
            for place in PLACES
            for here, there in zip(before[place], then[place], strict=True)
        )
        return lacks, after

    # --- what the rental hears of its payments --------------------------------------------------

    def foresee(self, told: dict[str, Any]) -> Callable[[], None]:
        """What an answer of PaymentProcess must do to its rental."""
        by_id = {each.rental_id: each for each in self.rentals.values()}
        rental, sequence = by_id[UUID(told["rental_id"])], told.get("sequence", 1)
        first = told["type"] == "payment_settled.v1" and sequence == 1
        outcome = told.get("outcome")
        if told["type"] == "payment_settled.v1" and outcome == "captured":
            confirms = first and 1 not in rental.purse.heard and self._can_confirm(rental)
            return lambda: self._money_came(rental, sequence, told, confirms=confirms)
        if first and outcome == "declined" and told["attempt"] >= ATTEMPTS:
            return lambda: self._ended(rental, "FAILED")
        if first and outcome == "voided":
            return lambda: self._given_up(rental)
        return lambda: None

    def _can_confirm(self, rental: Rental) -> bool:
        if rental.status != "EXPIRED":
            return rental.status == "PENDING"
        rental.status = "PENDING"  # for once: what would it take?
        place, first, end = rental.slice or (rental.place, 0, 0)
        rental.status = "EXPIRED"
        ahead = rental.terms.pickup_at > self.now
        return ahead and self.least(place, first, end) >= 1

    def _money_came(
        self, rental: Rental, sequence: int, told: dict[str, Any], *, confirms: bool
    ) -> None:
        if confirms:
            rental.status = "CONFIRMED"
            rental.purse.due = rental.total
        rental.purse.hear(sequence, told["amount"]["amount"])
        self.seen[f"{told['purpose']} captured"] += 1

    def _given_up(self, rental: Rental) -> None:
        """The payment's clock was there before the rental's; or nobody can pay it any more."""
        self._ended(rental, "EXPIRED" if rental.expires_at <= self.now else "FAILED")

    @staticmethod
    def _ended(rental: Rental, status: str) -> None:
        if rental.status == "PENDING":
            rental.status = status

    def later(self, **span: float) -> datetime:
        return self.now + timedelta(**span)
