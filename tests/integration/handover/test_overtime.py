"""The car stays longer, agreed or not: hours, price, and what others are promised meanwhile."""

import asyncio
import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from rent_process.overtime import service as overtime
from shared.contracts.handover import Extension, ExtensionRequest, OverdueQuery
from shared.contracts.renter import PriceLine
from shared.errors import Rejected
from tests.plugins.counter import (
    CALLER,
    PICKUP,
    RETURN,
    check_in,
    check_out,
    confirmed,
    events_of,
    judge,
    park,
)
from tests.plugins.market import Renter, at_local, change
from tests.plugins.operator import Operator, rows
from tests.plugins.saga import messages, query

DAY = timedelta(days=1)
AFTER = {"pickup_at": at_local(13, 12).isoformat(), "return_at": at_local(14).isoformat()}


async def extend(reference: str, return_at: datetime, **changes: Any) -> Extension:
    now = changes.pop("now", PICKUP + DAY)
    body = {"return_at": return_at.isoformat()} | changes
    request = ExtensionRequest.model_validate_json(json.dumps(body))
    return await overtime.extend(reference, request, CALLER, now)


def priced(line: PriceLine) -> tuple[str, int]:
    return line.purpose, line.unit_amount.amount


def sell_out(url: str) -> None:
    query(url, "UPDATE rent.class_supply SET supply = 1 RETURNING 1")
    query(
        url,
        "UPDATE rent.class_calendar SET free = array_fill(1::smallint, ARRAY[384]) RETURNING 1",
    )


def hours_short(url: str) -> int:
    [(found,)] = query(
        url, "SELECT coalesce(sum(s), 0)::integer FROM rent.class_calendar, unnest(short) AS s"
    )
    return int(found)


# --- extension ---------------------------------------------------------------------------------


async def test_extension_costs_what_was_quoted_and_takes_the_added_hours(
    renter: Renter, operator: Operator, market: str
) -> None:
    [plate, _] = park(market)
    reference = await confirmed(renter, market)
    await check_out(reference, plate)
    until = RETURN + DAY + timedelta(hours=2)
    quoted = await operator.get(f"/rentals/{reference}/extension", return_at=until.isoformat())
    assert quoted.status_code == 200, quoted.text
    assert quoted.json()["available"] is True
    assert rows(market, "SELECT count(*) FROM rent.rental_extension") == [(0,)]
    given = await operator.send(
        "POST", f"/rentals/{reference}/extension", {"return_at": until.isoformat()}
    )
    assert given.status_code == 200, given.text
    assert given.json()["charges"] == quoted.json()["charges"]
    bought = [(each["purpose"], each["amount"]["amount"]) for each in given.json()["charges"]]
    assert bought == [("BaseRate", 10_000), ("AdditionalHour", 4_000), ("AirportFee", 1_680)]
    assert datetime.fromisoformat(given.json()["return"]["at"]) == until
    judge(market)
    asked = messages(market, "payment_requested.v1")[-1]
    assert (asked["purpose"], asked["amount"]["amount"]) == ("ADDITIONAL", 15_680)
    assert asked["off_session"] is True
    again = await operator.send(
        "POST", f"/rentals/{reference}/extension", {"return_at": until.isoformat()}
    )
    assert again.json() == given.json()
    assert rows(market, "SELECT count(*) FROM rent.additional_charge") == [(1,)]
    [entry, _] = await operator.audit(rental=reference)
    assert entry["action"] == "rental_extended"
    assert entry["after"]["charged_minor"] == 15_680
    seen = (await renter.client.get(f"/api/rentals/{reference}", headers=operator.headers)).json()
    assert datetime.fromisoformat(seen["return"]["at"]) == until
    # Nothing more is late then, and nothing is charged twice.
    assert (await check_in(reference, now=until)).charges == []
    judge(market, until)


async def test_time_on_top_costs_what_its_days_cost_at_the_tier_of_the_whole_rental(
    renter: Renter, market: str
) -> None:
    [plate, _] = park(market)
    change(
        market,
        "UPDATE rate SET weekend_basis_points = 15000",
        "INSERT INTO length_tier SELECT branch_group, effective_at, 4, 1000 FROM tariff",
    )
    reference = await confirmed(renter, market)
    await check_out(reference, plate)
    # As if every day were a weekend's: the card that it was sold by is what counts.
    change(market, "UPDATE tariff SET weekend = '{1,2,3,4,5,6,7}'")
    quoted = await overtime.quote_extension(reference, RETURN + DAY, PICKUP + DAY)
    fourth = 10_000 * 15 // 10 * 9 // 10
    assert priced(quoted.charges[0]) == ("BaseRate", fourth)
    back = await check_in(reference, now=RETURN + timedelta(hours=2))
    # With two hours the rental has three days and no discount.
    assert priced(back.charges[0]) == ("AdditionalHour", 3_000)


async def test_extension_into_hours_that_are_sold_is_refused_unless_overridden(
    renter: Renter, operator: Operator, market: str
) -> None:
    [plate, _] = park(market)
    sell_out(market)
    reference = await confirmed(renter, market)
    await confirmed(renter, market, **AFTER)
    await check_out(reference, plate)
    quoted = await overtime.quote_extension(reference, RETURN + DAY, PICKUP + DAY)
    assert not quoted.available
    with pytest.raises(Rejected) as refusal:
        await extend(reference, RETURN + DAY)
    assert refusal.value.code == "car_unavailable"
    judge(market, PICKUP + DAY)
    with pytest.raises(Rejected) as refusal:
        await extend(reference, RETURN + DAY, override=True)
    assert refusal.value.errors[0].pointer == "/reason"
    await extend(reference, RETURN + DAY, override=True, reason="the flight was cancelled")
    judge(market, PICKUP + DAY)
    # The other one has the hours from 12:00 to 11:00, of which it was free for one before.
    assert hours_short(market) == 23
    [entry, *_] = await operator.audit(rental=reference)
    assert entry["reason"] == "the flight was cancelled"
    assert (entry["after"]["override"], entry["after"]["hours_short"]) == (True, 23)
    await check_in(reference, now=RETURN - timedelta(hours=5))
    assert hours_short(market) == 0
    judge(market, RETURN - timedelta(hours=5))


async def test_extension_over_the_cars_own_next_plan_is_refused(
    renter: Renter, market: str
) -> None:
    [plate, _] = park(market)
    reference = await confirmed(renter, market)
    await check_out(reference, plate)
    query(
        market,
        "INSERT INTO rent.vehicle_allocation (vehicle_id, kind, period) SELECT vehicle_id,"
        " 'maintenance', tstzrange(%s, %s) FROM rent.vehicle WHERE plate = %s RETURNING 1",
        RETURN + timedelta(hours=12),
        RETURN + DAY,
        plate,
    )
    with pytest.raises(Rejected) as refusal:
        await extend(reference, RETURN + DAY)
    assert refusal.value.code == "vehicle_unavailable"
    assert rows(market, "SELECT count(*) FROM rent.rental_extension") == [(0,)]
    judge(market, PICKUP + DAY)


async def test_same_extension_at_once_is_charged_once(renter: Renter, market: str) -> None:
    [plate, _] = park(market)
    reference = await confirmed(renter, market)
    await check_out(reference, plate)
    answers = await asyncio.gather(*(extend(reference, RETURN + DAY) for _ in range(6)))
    assert len({answer.model_dump_json() for answer in answers}) == 1
    assert rows(market, "SELECT count(*) FROM rent.additional_charge") == [(1,)]
    judge(market, PICKUP + DAY)


async def test_bad_extensions_are_refused(renter: Renter, operator: Operator, market: str) -> None:
    [plate, _] = park(market)
    reference = await confirmed(renter, market)
    await check_out(reference, plate)
    path = f"/rentals/{reference}/extension"
    for return_at, code in (
        (RETURN, "period_invalid"),
        (RETURN - DAY, "period_invalid"),
        (RETURN + 61 * DAY, "period_invalid"),
        (None, "validation_failed"),
    ):
        value = return_at and return_at.isoformat()
        refused = await operator.send("POST", path, {"return_at": value})
        assert (refused.status_code, refused.json()["code"]) == (422, code)
    unknown = await operator.get(path)
    assert (unknown.status_code, unknown.json()["code"]) == (422, "validation_failed")
    assert (await operator.get(path, return_at=RETURN.isoformat())).json()["code"] == (
        "period_invalid"
    )


# --- overdue -----------------------------------------------------------------------------------


async def test_overdue_car_takes_hour_by_hour_and_operators_are_told_once(
    renter: Renter, operator: Operator, market: str
) -> None:
    [plate, _] = park(market)
    reference = await confirmed(renter, market)
    await check_out(reference, plate)
    assert await overtime.take_overdue(RETURN) == 0
    for minutes in (1, 30, 59, 61, 119, 121, 300):
        now = RETURN + timedelta(minutes=minutes)
        await overtime.take_overdue(now)
        assert await overtime.take_overdue(now) == 0  # what was taken is not taken again
        judge(market, now, timer_at=now)
    assert events_of(market, reference).count("OVERDUE") == 1
    assert hours_short(market) == 0
    late = await overtime.list_overdue(OverdueQuery(), CALLER, RETURN + timedelta(minutes=300))
    [listed] = late.rentals
    assert (listed.reference, listed.plate, listed.minutes_late) == (reference, plate, 300)
    assert (await operator.get("/overdue")).json() == {"rentals": []}  # not yet, by the real clock
    now = RETURN + timedelta(minutes=310)
    back = await check_in(reference, now=now)
    assert [line.purpose for line in back.charges] == ["BaseRate", "AirportFee"]
    judge(market, now, timer_at=now)


async def test_overdue_car_of_a_class_that_is_sold_leaves_a_deficit_until_it_is_back(
    renter: Renter, market: str
) -> None:
    [plate, _] = park(market)
    sell_out(market)
    reference = await confirmed(renter, market)
    await confirmed(renter, market, **AFTER)
    await check_out(reference, plate)
    for hours in range(1, 6):
        now = RETURN + timedelta(hours=hours, minutes=5)
        await overtime.take_overdue(now)
        judge(market, now, timer_at=now)
    assert hours_short(market) == 5  # 12:00 to 17:00: until it could leave again
    [listed] = (await overtime.list_overdue(OverdueQuery(branch="GRU"), CALLER, now)).rentals
    assert listed.hours_short == 2  # 15:00 and 16:00 are still ahead
    assert (await overtime.list_overdue(OverdueQuery(branch="GIG"), CALLER, now)).rentals == []
    await check_in(reference, now=now)
    judge(market, now, timer_at=now)


async def test_timer_that_slept_takes_all_hours_at_once(renter: Renter, market: str) -> None:
    plates = park(market, cars=3)
    references = [await confirmed(renter, market) for _ in plates]
    for reference, plate in zip(references, plates, strict=True):
        await check_out(reference, plate)
    now = RETURN + timedelta(hours=40)
    assert await overtime.take_overdue(now) == 3
    judge(market, now, timer_at=now)


async def test_overdue_one_way_keeps_the_way_home_too(renter: Renter, market: str) -> None:
    [plate, _] = park(market)
    reference = await confirmed(renter, market, return_branch="GIG")
    await check_out(reference, plate)
    now = RETURN + timedelta(hours=3)
    await overtime.take_overdue(now)
    judge(market, now, timer_at=now)
    await check_in(reference, now=now, car_goes_home=True)
    judge(market, now, timer_at=now)


async def test_extension_of_an_overdue_rental_starts_over(renter: Renter, market: str) -> None:
    [plate, _] = park(market)
    reference = await confirmed(renter, market)
    await check_out(reference, plate)
    now = RETURN + timedelta(hours=3)
    await overtime.take_overdue(now)
    given = await extend(reference, RETURN + timedelta(hours=6), now=now)
    # Six hours cost a day at most, from the return that was agreed before.
    assert [(line.purpose, line.amount.amount) for line in given.charges] == [
        ("BaseRate", 10_000),
        ("AirportFee", 1_200),
    ]
    judge(market, now)
    now = RETURN + timedelta(hours=8)
    await overtime.take_overdue(now)
    judge(market, now, timer_at=now)
    assert events_of(market, reference).count("OVERDUE") == 2


async def test_timer_and_check_in_at_once_agree(renter: Renter, market: str) -> None:
    plates = park(market, cars=6)
    references = [await confirmed(renter, market) for _ in plates]
    for reference, plate in zip(references, plates, strict=True):
        await check_out(reference, plate)
    now = RETURN + timedelta(hours=3)
    await asyncio.gather(
        overtime.take_overdue(now),
        *(check_in(reference, now=now) for reference in references),
        overtime.take_overdue(now),
    )
    judge(market, now)
