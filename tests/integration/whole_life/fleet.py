"""Where each car is, hour by hour, and what can be sold then: counted, not read from anywhere."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from uuid import UUID

Place = tuple[str, str]  # branch and class
Stretch = tuple[Place, int, int]  # from the first hour to before the last
PLACES: list[Place] = [("GRU", "ECMR"), ("GRU", "CDAR"), ("GIG", "ECMR"), ("GIG", "CDAR")]
WINDOW = 16 * 24  # hours ahead that are looked at: whatever is planned ends before
FOREVER = 10**9
HOUR_SECONDS = 3600
MOMENT = timedelta(minutes=1)  # over which nobody has a car whose change takes no time
PERCENT = 100


def hour_of(at: datetime) -> int:
    return int(at.timestamp()) // HOUR_SECONDS


def hour_after(at: datetime) -> int:
    """The first hour that begins at ``at`` or later."""
    return int(-(-at.timestamp() // HOUR_SECONDS))


@dataclass(frozen=True)
class Move:
    """A change of place that was planned; ``to`` None: out of the fleet."""

    to: Place | None
    leaves_at: datetime
    arrives_at: datetime


@dataclass
class Car:
    """Where it is: (place, first hour, end hour); and when it is in the workshop."""

    stays: list[Stretch]
    joins_at: datetime
    odometer_km: int = 1_000
    absences: dict[UUID, tuple[datetime, datetime]] = field(default_factory=dict)
    move: Move | None = None

    def belongs(self, hour: int) -> Place | None:
        return next((place for place, first, end in self.stays if first <= hour < end), None)

    @property
    def is_in_the_fleet(self) -> bool:
        return self.stays[-1][2] == FOREVER

    @property
    def home(self) -> Place | None:
        """Where it belongs until a move that is planned is done; None: out of the fleet."""
        if self.move is None:
            return self.stays[-1][0] if self.is_in_the_fleet else None
        return self.stays[-1 if self.move.to is None else -2][0]

    def is_kept(self, at: datetime) -> bool:
        """Something is planned for it at that time or later."""
        planned = self.move is not None or self.joins_at > at
        return planned or any(end > at for _, end in self.absences.values())

    def leave(self, hour: int) -> Place:
        """Its place has it until that hour."""
        place, first, _ = self.stays.pop()
        self.stays.append((place, first, max(hour, first)))
        return place

    def wait(self, out_at: datetime | None, back_hour: int) -> int:
        """It is out until then: what was to begin earlier begins then; returns how much waits."""
        back_at = datetime.fromtimestamp(back_hour * HOUR_SECONDS, UTC)
        plans: list[tuple[datetime, UUID | None]]
        plans = [(period[0], name) for name, period in self.absences.items()]
        plans += [(self.move.leaves_at, None)] if self.move is not None else []
        waited = 0
        for from_at, name in sorted(plans, key=lambda plan: plan[0]):
            if out_at is not None and out_at < from_at < back_at:
                waited += 1
                back_at = self._begin_later(name, back_at)
        return waited

    def _begin_later(self, name: UUID | None, back_at: datetime) -> datetime:
        """Maintenance that is over before it could begin is missed; a move arrives later."""
        if name is not None:
            end = self.absences.pop(name)[1]
            if end > back_at:
                self.absences[name] = (back_at, end)
            return back_at
        assert self.move is not None
        move = replace(self.move, leaves_at=back_at, arrives_at=max(self.move.arrives_at, back_at))
        self.call_off()
        self.leave(hour_of(back_at))
        if move.to is not None:
            self.stays.append((move.to, hour_after(move.arrives_at), FOREVER))
        self.move = move
        if move.to is None:
            return back_at
        return max(move.arrives_at, back_at + MOMENT)

    def call_off(self) -> None:
        """What was planned is not going to happen."""
        assert self.move is not None
        if self.move.to is not None:
            self.stays.pop()
        place, first, _ = self.stays.pop()
        self.stays.append((place, first, FOREVER))
        self.move = None


@dataclass
class Fleet:
    cars: dict[str, Car] = field(default_factory=dict)
    percent: dict[Place, int] = field(default_factory=dict)
    beyond: dict[Place, list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))

    def align(self, place: Place, hour: int) -> None:
        """Overbooking is a share of the cars that a place has for good, in whole cars."""
        cars = sum(c.stays[-1][0] == place and c.is_in_the_fleet for c in self.cars.values())
        wanted = cars * self.percent.get(place, 0) // PERCENT
        known = sum(each for _, each in self.beyond[place])
        if wanted != known:
            self.beyond[place].append((hour, wanted - known))

    def balances(self, first: int, slices: list[Stretch]) -> dict[Place, list[int]]:
        """Cars and overbooking, less what is sold: of each place, hour by hour."""
        steps = {place: [0] * (WINDOW + 1) for place in PLACES}
        for change, stretches in ((1, self._there()), (-1, self._absent()), (-1, slices)):
            for place, start, end in stretches:
                _count(steps[place], change, start - first, end - first)
        for place, changes in self.beyond.items():
            for hour, cars in changes:
                _count(steps[place], cars, hour - first, WINDOW)
        return {place: list(accumulate(steps[place][:WINDOW])) for place in PLACES}

    def _there(self) -> Iterator[Stretch]:
        for car in self.cars.values():
            yield from car.stays

    def _absent(self) -> Iterator[Stretch]:
        for car in self.cars.values():
            for from_at, to_at in car.absences.values():
                for hour in range(hour_of(from_at), hour_after(to_at)):
                    place = car.belongs(hour)
                    if place is not None:
                        yield place, hour, hour + 1


def _count(steps: list[int], change: int, start: int, end: int) -> None:
    """So many cars more from one hour of the window to another."""
    low, high = max(start, 0), min(end, WINDOW)
    if low < high:
        steps[low] += change
        steps[high] -= change
