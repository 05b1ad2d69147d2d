"""Supply in hours: what a change does to the calendar. No I/O; the clock is an argument."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from shared.contracts.problems import SupplyConflict
from shared.errors import Rejected

HOUR_SECONDS = 3600
PERCENT = 100


@dataclass(frozen=True, slots=True)
class SupplyChange:
    """Cars more, or (negative) fewer, that a branch has of a class in hours [from, to).

    ``to_hour`` None: for good, which also changes the overbooking that follows from the supply.
    Hours are counted in UTC from 1970, as everywhere in the calendar.
    """

    branch_code: str
    class_code: str
    cars: int
    from_hour: int
    to_hour: int | None = None
    vehicle_id: UUID | None = None

    @property
    def pair(self) -> tuple[str, str]:
        return self.branch_code, self.class_code


@dataclass(frozen=True, slots=True)
class Supply:
    """The row of a branch and class that stands when everything planned has happened."""

    branch_code: str
    class_code: str
    supply: int
    overbooking: int
    overbooking_percent: int
    overbooking_in_force: int


@dataclass(frozen=True, slots=True)
class Shift:
    """What follows for the calendar: ``cars`` more to sell, beginning with ``from_hour``."""

    branch_code: str
    class_code: str
    cars: int
    from_hour: int
    to_hour: int | None
    vehicle_id: UUID | None = None


def floor_hour(at: datetime) -> int:
    """The hour that ``at`` lies in."""
    return int(at.timestamp() // HOUR_SECONDS)


def ceil_hour(at: datetime) -> int:
    """The first hour that begins at ``at`` or later: a car that joins is sold from then on."""
    return int(-(-at.timestamp() // HOUR_SECONDS))


def overbooked_cars(supply: int, percent: int) -> int:
    """How many cars beyond ``supply`` may be sold: rounded down, so one car is never two."""
    return supply * percent // PERCENT


def changed(row: Supply, change: SupplyChange) -> tuple[Supply, Shift]:
    """Return the row after ``change``, and what the calendar makes of it.

    Raises:
        Rejected: ``supply_below_zero``: more cars than the class was ever given.
    """
    supply, overbooking = row.supply, row.overbooking
    if change.to_hour is None:
        supply += change.cars
        if supply < 0:
            detail = f"{row.branch_code} has {row.supply} cars of {row.class_code} to sell"
            raise Rejected("supply_below_zero", detail)
        overbooking = overbooked_cars(supply, row.overbooking_in_force)
    difference = supply + overbooking - row.supply - row.overbooking
    shift = Shift(
        *change.pair,
        cars=change.cars if change.to_hour is not None else difference,
        from_hour=change.from_hour,
        to_hour=change.to_hour,
        vehicle_id=change.vehicle_id,
    )
    after = replace(row, supply=supply, overbooking=overbooking)
    return after, shift


def overbooked(row: Supply, percent: int, in_force: int, from_hour: int) -> tuple[Supply, Shift]:
    """Return the row with another percentage, and what the calendar makes of it."""
    cars = overbooked_cars(row.supply, in_force)
    after = replace(row, overbooking=cars, overbooking_percent=percent,
                    overbooking_in_force=in_force)  # fmt: skip
    pair = (row.branch_code, row.class_code)
    return after, Shift(*pair, cars - row.overbooking, from_hour, None)


def in_lock_order(changes: Iterable[SupplyChange]) -> list[SupplyChange]:
    """By (branch, class), as everybody locks; one change of each at a time.

    Raises:
        ValueError: two changes are of the same branch and class.
    """
    ordered = sorted(changes, key=lambda change: change.pair)
    if len({change.pair for change in ordered}) != len(ordered):
        raise ValueError("one change of a branch and class at a time")
    return ordered


class SupplyBelowSold(Rejected):
    """Fewer cars than are sold: refused with the hours and the rentals that stand in the way."""

    def __init__(self, conflicts: Sequence[SupplyConflict]) -> None:
        detail = "cars are sold that would not be there; see conflicts, or override with a reason"
        super().__init__("supply_below_sold", detail, members={"conflicts": list(conflicts)})
