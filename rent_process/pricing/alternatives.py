"""What else there is when a class is sold out: the next class up, another hour, a branch nearby."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from rent_process.pricing.domain import Branch, check_period
from shared.contracts.money import Money
from shared.contracts.renter import Alternative, OffersQuery
from shared.errors import Rejected

NEARBY_KM = 100
NEARBY_LIMIT = 3
# By how many hours a rental may be moved as a whole: the sooner the better, at most three days.
SHIFTS = [sign * hours for hours in (1, 2, 3, 4, 6, 8, 12, 24, 48, 72) for sign in (-1, 1)]


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Another place or time with its free cars by class."""

    branch: str
    return_branch: str
    shift: timedelta
    km: float
    cars: Mapping[str, int]

    @classmethod
    def from_row(cls, row: dict[str, Any]) -> "Elsewhere":
        shift = timedelta(hours=row["shift_hours"])
        return cls(row["branch_code"], row["return_code"], shift, row["km"], row["by_class"])

    @property
    def direction(self) -> int:
        """Of one direction a renter is shown only the nearest: earlier, later, or a branch (0)."""
        return (self.shift > timedelta()) - (self.shift < timedelta())


# What a class costs elsewhere; None: it has no price there, or not for this driver.
PriceOf = Callable[[str, Elsewhere], Money | None]


@dataclass(frozen=True, slots=True)
class Place:
    """What was asked for, where else there may be cars, and what they cost."""

    query: OffersQuery
    branches: Mapping[str, Branch]
    price_of: PriceOf
    now: datetime


def find(place: Place, classes: Mapping[str, int], found: Iterable[Elsewhere]) -> list[Alternative]:
    """For every class that is sold out. ``classes``: the cars of each, in the order of classes."""
    open_ = [each for each in found if _is_open(place, each)]
    alternatives: list[Alternative] = []
    for sold_out in (code for code, cars in classes.items() if not cars):
        alternatives += _next_class_up(place, sold_out, classes)
        seen: set[int] = set()
        for each in open_:
            cars = each.cars.get(sold_out, 0)
            if cars and each.direction not in seen:
                for alternative in _priced(place, sold_out, sold_out, cars, each):
                    seen.add(each.direction)
                    alternatives.append(alternative)
    return alternatives


def _is_open(place: Place, each: Elsewhere) -> bool:
    query, branches = place.query, place.branches
    if each.branch not in branches:  # it sells nothing now
        return False
    try:
        check_period(
            branches[each.branch],
            branches[each.return_branch],
            query.pickup_at + each.shift,
            query.return_at + each.shift,
            place.now,
        )
    except Rejected:
        return False
    return True


def _next_class_up(
    place: Place, sold_out: str, classes: Mapping[str, int]
) -> Iterable[Alternative]:
    query, codes = place.query, list(classes)
    for code in codes[codes.index(sold_out) + 1 :]:
        if classes[code]:
            here = Elsewhere(query.pickup_branch, query.return_branch, timedelta(), 0, {})
            return _priced(place, sold_out, code, classes[code], here)
    return ()


def _priced(
    place: Place, sold_out: str, code: str, cars: int, where: Elsewhere
) -> Iterator[Alternative]:
    """One, or none if it has no price there."""
    query, branches = place.query, place.branches
    total = place.price_of(code, where)
    if total is None:
        return
    is_there = where.branch != query.pickup_branch
    kind = "class" if code != sold_out else "branch" if is_there else "time"
    pickup, return_ = branches[where.branch], branches[where.return_branch]
    yield Alternative(
        kind=kind,
        instead_of=sold_out,
        car_class=code,
        pickup_branch=where.branch,
        return_branch=where.return_branch,
        pickup_at=pickup.local(query.pickup_at + where.shift),
        return_at=return_.local(query.return_at + where.shift),
        available=cars,
        distance_km=round(where.km, 1) if is_there else None,
        total=total,
    )
