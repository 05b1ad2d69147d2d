"""The car leaves: which one, for whom, and never for two."""

import asyncio
from collections import Counter
from datetime import datetime, timedelta

import pytest

from rent_process.handover import service as handover
from shared.contracts.handover import ExchangeRequest
from shared.errors import Rejected
from tests.plugins.counter import (
    CALLER,
    PICKUP,
    RETURN,
    check_out,
    confirmed,
    events_of,
    judge,
    leaving,
    park,
)
from tests.plugins.market import Renter, at_local
from tests.plugins.operator import Operator, rows
from tests.plugins.saga import available, query


def plan(url: str, plate: str, begins_at: datetime, ends_at: datetime) -> None:
    query(
        url,
        "INSERT INTO rent.vehicle_allocation (vehicle_id, kind, period) SELECT vehicle_id,"
        " 'maintenance', tstzrange(%s, %s) FROM rent.vehicle WHERE plate = %s RETURNING 1",
        begins_at,
        ends_at,
        plate,
    )


async def test_car_leaves_and_the_renter_sees_it(
    renter: Renter, operator: Operator, market: str
) -> None:
    [plate, _] = park(market)
    reference = await confirmed(renter, market)
    before = await renter.client.get(f"/api/rentals/{reference}", headers=operator.headers)
    assert "cars" not in before.json()
    answer = await operator.send("POST", f"/rentals/{reference}/check-out", leaving(plate))
    assert answer.status_code == 200, answer.text
    assert answer.json()["vehicle"]["plate"] == plate
    assert answer.json()["deposit"] == {"amount": 70_000, "currency": "BRL"}
    seen = await renter.client.get(f"/api/rentals/{reference}", headers=operator.headers)
    assert seen.json()["status"] == "CHECKED_OUT"
    assert "CHECKED_OUT" in [each["event"] for each in seen.json()["timeline"]]
    [entry] = await operator.audit(rental=reference)
    assert entry["action"] == "rental_checked_out"
    assert entry["before"] == {"status": "CONFIRMED", "class": "ECMR"}
    assert entry["after"]["status"] == "CHECKED_OUT"
    assert entry["after"]["plate"] == plate
    judge(market)


async def test_second_call_is_answered_as_the_first_and_another_is_refused(
    renter: Renter, operator: Operator, market: str
) -> None:
    [plate, other] = park(market)
    path = f"/rentals/{await confirmed(renter, market)}/check-out"
    first = await operator.send("POST", path, leaving(plate))
    again = await operator.send("POST", path, leaving(plate.lower()))
    assert (again.status_code, again.json()) == (200, first.json())
    different = await operator.send("POST", path, leaving(other))
    assert (different.status_code, different.json()["code"]) == (409, "illegal_transition")
    assert rows(market, "SELECT count(*) FROM rent.audit") == [(1,)]
    assert rows(market, "SELECT count(*) FROM rent.vehicle_allocation") == [(1,)]


async def test_pickup_in_time_leaves_the_calendar_alone_and_an_early_one_takes_its_hours(
    renter: Renter, market: str
) -> None:
    plates = park(market)
    in_time, early = [await confirmed(renter, market) for _ in range(2)]
    before = {"pickup_at": at_local(9).isoformat(), "return_at": at_local(9, 12).isoformat()}
    assert await available(renter, **before) == 10
    await check_out(early, plates[0], now=at_local(9, 11))
    assert await available(renter, **before) == 9
    judge(market, at_local(9, 11))
    await check_out(in_time, plates[1])
    judge(market, PICKUP)


async def test_early_pickup_of_a_class_that_is_sold_out_before_is_refused(
    renter: Renter, market: str
) -> None:
    [plate, _] = park(market)
    query(market, "UPDATE rent.class_supply SET supply = 1 RETURNING 1")
    query(
        market,
        "UPDATE rent.class_calendar SET free = array_fill(1::smallint, ARRAY[384]) RETURNING 1",
    )
    early = {"pickup_at": at_local(6).isoformat(), "return_at": at_local(8).isoformat()}
    await confirmed(renter, market, **early)
    reference = await confirmed(renter, market)
    with pytest.raises(Rejected, match="sold out"):
        await check_out(reference, plate, now=at_local(7))
    judge(market)
    assert rows(market, "SELECT count(*) FROM rent.vehicle_allocation") == [(0,)]


async def test_one_car_never_leaves_for_two_renters_at_once(
    renter: Renter, operator: Operator, market: str
) -> None:
    [plate, _] = park(market)
    references = [await confirmed(renter, market) for _ in range(8)]
    answers = await asyncio.gather(
        *(operator.send("POST", f"/rentals/{r}/check-out", leaving(plate)) for r in references)
    )
    codes = Counter(answer.json().get("code", "ok") for answer in answers)
    assert codes == {"ok": 1, "vehicle_unavailable": 7}
    judge(market)


async def test_car_that_is_out_beyond_its_plan_does_not_leave_again(
    renter: Renter, market: str
) -> None:
    [plate, _] = park(market)
    late, next_one = (
        await confirmed(renter, market),
        await confirmed(
            renter, market, pickup_at=at_local(15).isoformat(), return_at=at_local(16).isoformat()
        ),
    )
    await check_out(late, plate)
    with pytest.raises(Rejected) as refusal:
        await check_out(next_one, plate, now=at_local(15))
    assert refusal.value.code == "vehicle_unavailable"


async def test_free_car_that_leaves_the_least_gap_is_suggested(
    renter: Renter, operator: Operator, market: str
) -> None:
    plates = park(market, cars=4)
    park(market, "GIG", cars=1)
    hour, day = timedelta(hours=1), timedelta(days=1)
    plan(market, plates[1], PICKUP - 9 * day, PICKUP - 8 * day)
    plan(market, plates[1], RETURN + 3 * day, RETURN + 4 * day)
    plan(market, plates[2], PICKUP - 2 * day, PICKUP - day)
    plan(market, plates[2], RETURN + 5 * hour, RETURN + day)
    plan(market, plates[3], PICKUP - day, PICKUP + hour)  # the tightest, but not back in time
    reference = await confirmed(renter, market)
    found = await handover.suggest_vehicle(reference, PICKUP)
    assert found.suggested is not None
    assert [found.suggested.plate, *(each.plate for each in found.others)] == [
        plates[2],
        plates[1],
        plates[0],
    ]
    answer = await operator.get(f"/rentals/{reference}/check-out")
    assert answer.status_code == 200
    assert answer.json()["suggested"]["class"] == "ECMR"


async def test_upgrade_is_said_and_moves_the_slice_to_the_other_class(
    renter: Renter, market: str
) -> None:
    [better, _] = park(market, car_class="CDAR")
    reference = await confirmed(renter, market)
    with pytest.raises(Rejected) as refusal:
        await check_out(reference, better)
    assert (refusal.value.code, refusal.value.errors[0].pointer) == ("validation_failed", "/plate")
    await check_out(reference, better, upgrade=True)
    judge(market, PICKUP)
    later = {"pickup_at": at_local(11).isoformat(), "return_at": at_local(12).isoformat()}
    assert await available(renter, "ECMR", **later) == 10
    assert await available(renter, "CDAR", **later) == 9
    assert rows(market, "SELECT class_code, sold_class FROM rent.rental") == [("CDAR", "ECMR")]
    assert {"CHECKED_OUT", "UPGRADED"} <= set(events_of(market, reference))


async def test_upgrade_into_a_class_that_is_sold_out_is_refused(
    renter: Renter, market: str
) -> None:
    [better, _] = park(market, car_class="CDAR")
    reference = await confirmed(renter, market)
    query(
        market,
        "UPDATE rent.class_calendar SET free = array_fill(0::smallint, ARRAY[384])"
        " WHERE class_code = 'CDAR' RETURNING 1",
    )
    with pytest.raises(Rejected) as refusal:
        await check_out(reference, better, upgrade=True)
    assert refusal.value.code == "car_unavailable"
    assert rows(market, "SELECT status FROM rent.rental") == [("CONFIRMED",)]


@pytest.mark.parametrize("state", ["elsewhere", "maintenance", "retired", "planned"])
async def test_car_that_is_not_to_be_had_is_refused(
    state: str, renter: Renter, operator: Operator, market: str
) -> None:
    [plate, _] = park(market)
    reference = await confirmed(renter, market)
    if state == "elsewhere":
        query(market, "UPDATE rent.vehicle SET branch_code = 'GIG' RETURNING 1")
    elif state == "planned":
        plan(market, plate, at_local(11), at_local(12))
    else:
        query(market, "UPDATE rent.vehicle SET status = %s RETURNING 1", state)
    answer = await operator.send("POST", f"/rentals/{reference}/check-out", leaving(plate))
    assert (answer.status_code, answer.json()["code"]) == (409, "vehicle_unavailable")
    assert rows(market, "SELECT status FROM rent.rental") == [("CONFIRMED",)]


BAD = (
        ({"plate": "NOSUCH1"}, "/plate"),
        ({"plate": "A-1"}, "/plate"),
        ({"plate": None}, "/plate"),
        ({"odometer_km": -1}, "/odometer_km"),
        ({"odometer_km": "12"}, "/odometer_km"),
        ({"odometer_km": 2_000_001}, "/odometer_km"),
        ({"fuel_eighths": 9}, "/fuel_eighths"),
        ({"fuel_eighths": 7.5}, "/fuel_eighths"),
        ({"notes": "two\nlines"}, "/notes"),
        ({"upgrade": "yes"}, "/upgrade"),
        ({"extra": 1}, "/extra"),
)  # fmt: skip


async def test_bad_bodies_are_refused(renter: Renter, operator: Operator, market: str) -> None:
    [plate, _] = park(market)
    reference = await confirmed(renter, market)
    for changes, pointer in BAD:
        body = leaving(plate) | changes
        answer = await operator.send("POST", f"/rentals/{reference}/check-out", body)
        assert (answer.status_code, answer.json()["code"]) == (422, "validation_failed")
        assert [each["pointer"] for each in answer.json()["errors"]] == [pointer]
    assert rows(market, "SELECT status FROM rent.rental") == [("CONFIRMED",)]


async def test_exchange_takes_one_car_back_and_lets_another_go(
    renter: Renter, operator: Operator, market: str
) -> None:
    [first, second] = park(market)
    reference = await confirmed(renter, market)
    await check_out(reference, first)
    body = leaving(second, returned={"odometer_km": 1_200, "fuel_eighths": 5}, reason="flat tyre")
    request = ExchangeRequest.model_validate(body)
    at = PICKUP + timedelta(hours=30)
    answer = await handover.exchange(reference, request, CALLER, at)
    again = await handover.exchange(reference, request, CALLER, at + timedelta(minutes=1))
    assert answer == again
    judge(market, at)
    legs = rows(
        market,
        "SELECT v.plate, l.in_odometer_km, v.odometer_km FROM rent.rental_leg l"
        " JOIN rent.vehicle v USING (vehicle_id) ORDER BY number",
    )
    assert legs == [(first, 1_200, 1_200), (second, None, 1_000)]
    actions = [entry["action"] for entry in await operator.audit(rental=reference)]
    assert actions == ["vehicle_exchanged", "rental_checked_out"]
    seen = await renter.client.get(f"/api/rentals/{reference}", headers=operator.headers)
    shown = ("plate", "class", "out_odometer_km", "out_fuel_eighths", "in_odometer_km")
    assert [tuple(car.get(each) for each in shown) for car in seen.json()["cars"]] == [
        (first, "ECMR", 1_000, 8, 1_200),
        (second, "ECMR", 1_000, 8, None),
    ]
    body["returned"]["odometer_km"] = 900
    backwards = ExchangeRequest.model_validate(body | {"plate": first})
    with pytest.raises(Rejected) as refusal:
        await handover.exchange(reference, backwards, CALLER, at)
    assert refusal.value.errors[0].pointer == "/returned/odometer_km"


async def test_two_renters_who_swap_cars_do_not_wait_for_ever(renter: Renter, market: str) -> None:
    plates = park(market)
    references = [await confirmed(renter, market) for _ in range(2)]
    for reference, plate in zip(references, plates, strict=True):
        await check_out(reference, plate)
    at = PICKUP + timedelta(hours=5)

    async def swap(reference: str, plate: str) -> str:
        body = leaving(plate, returned={"odometer_km": 1_100, "fuel_eighths": 8}, reason="swap")
        try:
            await handover.exchange(reference, ExchangeRequest.model_validate(body), CALLER, at)
        except Rejected as refusal:
            return refusal.code
        return "ok"

    codes = await asyncio.gather(*map(swap, references, reversed(plates)))
    assert set(codes) == {"vehicle_unavailable"}  # each is still out with the other
    judge(market, at)
