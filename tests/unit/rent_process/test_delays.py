"""What was planned for a car that is out beyond its time."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from rent_process.supply.domain import SupplyChange, floor_hour
from rent_process.vehicles.delays import MOMENT, Plan, delays
from rent_process.vehicles.domain import LockedVehicle, Place, PlannedMove

HERE, THERE = Place("GRU", "ECMR"), Place("GIG", "ECMR")
TEN = datetime(2026, 12, 1, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
CAR_ID = UUID(int=1)


def a_car(move: PlannedMove | None = None) -> LockedVehicle:
    return LockedVehicle(CAR_ID, "RIO2A18", HERE, "active", "HB20", 2026, 0, move)


def a_plan(kind: str, from_at: datetime, to_at: datetime | None) -> Plan:
    return Plan(UUID(int=2), kind, from_at, to_at, None)


def shift(place: Place, cars: int, from_at: datetime, to_at: datetime) -> SupplyChange:
    hours = floor_hour(from_at), floor_hour(to_at)
    return SupplyChange(place.branch_code, place.class_code, cars, *hours, CAR_ID)


def test_plan_after_the_cars_return_does_not_wait() -> None:
    assert delays(a_car(), [a_plan("maintenance", TEN, TEN + HOUR)], TEN) == []


def test_maintenance_gives_back_the_hours_that_the_rental_takes() -> None:
    plan = a_plan("maintenance", TEN + 30 * MINUTE, TEN + 5 * HOUR)
    [delay] = delays(a_car(), [plan], TEN + 2 * HOUR)
    assert (delay.from_at, delay.to_at, delay.is_missed) == (TEN + 2 * HOUR, plan.to_at, False)
    assert delay.changes == (shift(HERE, 1, TEN, TEN + 2 * HOUR),)


def test_missed_maintenance_gives_back_its_opened_hours_and_no_more() -> None:
    [delay] = delays(a_car(), [a_plan("maintenance", TEN, TEN + 90 * MINUTE)], TEN + 9 * HOUR)
    assert delay.is_missed
    assert delay.changes == (shift(HERE, 1, TEN, TEN + 2 * HOUR),)


def test_plan_at_the_cars_target_waits_for_its_arrival() -> None:
    plan = a_plan("maintenance", TEN + HOUR, TEN + 5 * HOUR)
    move = PlannedMove(THERE, TEN, TEN + HOUR)
    plans = [a_plan("transfer", TEN, TEN + HOUR), plan]
    moved, mended = delays(a_car(move), plans, TEN + 2 * HOUR)
    assert moved.move == PlannedMove(THERE, TEN + 2 * HOUR, TEN + 2 * HOUR)
    assert moved.changes == (
        shift(HERE, 1, TEN, TEN + 2 * HOUR),
        shift(THERE, -1, TEN + HOUR, TEN + 2 * HOUR),
    )
    # The workshop is where the car goes: it is not missing there before it has arrived.
    assert mended.from_at == TEN + 2 * HOUR + MOMENT
    assert mended.changes == (shift(THERE, 1, TEN + HOUR, TEN + 2 * HOUR),)


def test_move_that_can_still_arrive_in_time_only_leaves_later() -> None:
    move = PlannedMove(THERE, TEN, TEN + 8 * HOUR)
    plans = [a_plan("transfer", TEN, TEN + 8 * HOUR), a_plan("maintenance", TEN + 8 * HOUR, None)]
    [delay] = delays(a_car(move), plans, TEN + 3 * HOUR)
    assert (delay.from_at, delay.to_at) == (TEN + 3 * HOUR, TEN + 8 * HOUR)
    assert delay.changes == (shift(HERE, 1, TEN, TEN + 3 * HOUR),)


def test_car_leaves_the_fleet_for_good_later() -> None:
    move = PlannedMove(None, TEN, TEN)
    [delay] = delays(a_car(move), [a_plan("retired", TEN, None)], TEN + HOUR)
    assert (delay.from_at, delay.to_at, delay.is_missed) == (TEN + HOUR, None, False)
    assert delay.changes == (shift(HERE, 1, TEN, TEN + HOUR),)
