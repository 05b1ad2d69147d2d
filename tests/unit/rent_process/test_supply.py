"""Supply in hours, by hand: what a change does, and to whose side hours are rounded."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from rent_process.supply import domain
from rent_process.supply.domain import Supply, SupplyChange
from rent_process.vehicles.domain import (
    FARTHEST,
    LockedVehicle,
    Place,
    PlannedMove,
    absent,
    check_time,
    moved,
)
from shared.errors import Rejected

NOW = datetime(2026, 12, 12, 10, 30, tzinfo=UTC)
HOUR = 499_186  # the one that NOW lies in: 10 o'clock in UTC
CAR = UUID(int=1)
GRU, GIG = Place("GRU", "ECMR"), Place("GIG", "ECMR")


def row(supply: int, percent: int = 0) -> Supply:
    return Supply("GRU", "ECMR", supply, supply * percent // 100, percent, percent)


def test_car_is_sold_only_in_hours_that_it_is_there_for_the_whole_of() -> None:
    assert (domain.floor_hour(NOW), domain.ceil_hour(NOW)) == (HOUR, HOUR + 1)
    full = NOW.replace(minute=0)
    assert (domain.floor_hour(full), domain.ceil_hour(full)) == (HOUR, HOUR)
    away = absent(CAR, GRU, NOW, NOW + timedelta(hours=2))
    assert (away.from_hour, away.to_hour, away.cars) == (HOUR, HOUR + 3, -1)


def test_move_takes_from_one_and_gives_to_the_other() -> None:
    left, joined = moved(CAR, GRU, GIG, HOUR, HOUR + 5)
    assert (left.pair, left.cars, left.from_hour, left.to_hour) == (("GRU", "ECMR"), -1, HOUR, None)
    assert (joined.pair, joined.cars, joined.from_hour) == (("GIG", "ECMR"), 1, HOUR + 5)
    assert [each.cars for each in moved(CAR, None, GIG, HOUR, HOUR)] == [1]
    assert [each.cars for each in moved(CAR, GRU, None, HOUR, HOUR)] == [-1]


@pytest.mark.parametrize(
    ("supply", "percent", "cars"), [(10, 0, 0), (10, 25, 2), (9, 10, 0), (1, 100, 1), (0, 100, 0)]
)
def test_overbooked_cars_are_whole_and_rounded_down(supply: int, percent: int, cars: int) -> None:
    assert domain.overbooked_cars(supply, percent) == cars


def test_car_that_leaves_takes_its_overbooking_along_one_in_the_workshop_does_not() -> None:
    for_good = SupplyChange("GRU", "ECMR", -1, HOUR)
    after, shift = domain.changed(row(10, 10), for_good)
    assert (after.supply, after.overbooking, shift.cars, shift.to_hour) == (9, 0, -2, None)
    for_a_while = SupplyChange("GRU", "ECMR", -1, HOUR, HOUR + 3)
    after, shift = domain.changed(row(10, 10), for_a_while)
    assert (after.supply, after.overbooking, shift.cars, shift.to_hour) == (10, 1, -1, HOUR + 3)


def test_supply_never_falls_below_nothing() -> None:
    with pytest.raises(Rejected, match="supply_below_zero"):
        domain.changed(row(0), SupplyChange("GRU", "ECMR", -1, HOUR))


def test_changes_are_locked_in_one_order_and_come_one_of_a_class_at_a_time() -> None:
    changes = moved(CAR, GRU, GIG, HOUR, HOUR)
    assert [each.branch_code for each in domain.in_lock_order(changes)] == ["GIG", "GRU"]
    with pytest.raises(ValueError, match="one change"):
        domain.in_lock_order([*changes, SupplyChange("GRU", "ECMR", 1, HOUR)])


def test_car_on_its_way_is_in_no_place() -> None:
    move = PlannedMove(GIG, NOW + timedelta(hours=5), NOW + timedelta(hours=9))
    car = LockedVehicle(CAR, "RIO2A18", GRU, "active", "HB20", 2026, 0, move)

    def place(first: int, last: int) -> Place | None:
        return car.place_during(NOW + timedelta(hours=first), NOW + timedelta(hours=last))

    assert (place(0, 5), place(9, 12)) == (GRU, GIG)
    assert [place(0, 6), place(6, 8), place(8, 12)] == [None, None, None]


def test_time_a_little_late_is_now_and_one_long_gone_is_refused() -> None:
    assert check_time(None, NOW, "/from") == NOW
    assert check_time(NOW - timedelta(minutes=5), NOW, "/from") == NOW
    assert check_time(NOW + timedelta(days=1), NOW, "/from") == NOW + timedelta(days=1)
    for wrong in (NOW - timedelta(hours=1), NOW + FARTHEST + timedelta(seconds=1)):
        with pytest.raises(Rejected, match="validation_failed"):
            check_time(wrong, NOW, "/from")
