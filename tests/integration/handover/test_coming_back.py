"""The car is back: where it is then, and what the calendar gets back."""

from rent_process.handover import service as handover
from tests.plugins.counter import (
    RETURN,
    check_in,
    check_out,
    confirmed,
    fleet_of,
    judge,
    park,
)
from tests.plugins.market import Renter, at_local
from tests.plugins.operator import Operator
from tests.plugins.saga import available, query

ONE_WAY = {"return_branch": "GIG"}


async def test_early_return_gives_back_the_rest_and_frees_the_car(
    renter: Renter, market: str
) -> None:
    [plate, _] = park(market)
    reference = await confirmed(renter, market)
    await check_out(reference, plate)
    rest = {"pickup_at": at_local(12).isoformat(), "return_at": at_local(13).isoformat()}
    assert await available(renter, **rest) == 9
    now = at_local(11, 17)
    await check_in(reference, now=now)
    assert await available(renter, **rest) == 10
    judge(market, now)
    other = await confirmed(renter, market, **rest)
    await check_out(other, plate, now=at_local(12), odometer_km=1_300)


async def test_one_way_joins_the_destination_and_leaves_the_origin(
    renter: Renter, operator: Operator, market: str
) -> None:
    [plate, _] = park(market)
    reference = await confirmed(renter, market, **ONE_WAY)
    await check_out(reference, plate)
    await check_in(reference)
    assert fleet_of(market) == {"GRU": 9, "GIG": 11, "SAOC": 10}
    judge(market, RETURN)
    stands = query(market, "SELECT branch_code FROM rent.vehicle WHERE plate = %s", plate)
    assert stands == [("GIG",)]
    [entry, joined, _] = await operator.audit(rental=reference)
    assert (entry["action"], entry["after"]["hours_short"]) == ("rental_checked_in", 0)
    assert (joined["action"], joined["after"]["branch"]) == ("vehicle_joined_branch", "GIG")


async def test_one_way_that_goes_home_keeps_its_slice_until_it_is_there(
    renter: Renter, market: str
) -> None:
    [plate, other] = park(market)
    reference = await confirmed(renter, market, **ONE_WAY)
    await check_out(reference, plate)
    await check_in(reference, car_goes_home=True)
    assert fleet_of(market)["GRU"] == 10
    judge(market, RETURN)
    following = await confirmed(
        renter, market, pickup_at=at_local(14).isoformat(), return_at=at_local(16).isoformat()
    )
    found = await handover.suggest_vehicle(following, at_local(14))
    assert found.suggested is not None
    assert (found.suggested.plate, found.others) == (other, [])


async def test_one_way_leaves_an_audited_deficit_where_the_origin_has_sold_all(
    renter: Renter, operator: Operator, market: str
) -> None:
    [plate, _] = park(market)
    query(market, "UPDATE rent.class_supply SET supply = 1 RETURNING 1")
    query(
        market,
        "UPDATE rent.class_calendar SET free = array_fill(1::smallint, ARRAY[384]) RETURNING 1",
    )
    reference = await confirmed(renter, market, **ONE_WAY)
    later = {"pickup_at": at_local(20).isoformat(), "return_at": at_local(21, 9).isoformat()}
    await confirmed(renter, market, **later)
    await check_out(reference, plate)
    await check_in(reference)
    judge(market, RETURN)
    [entry, *_] = await operator.audit(rental=reference)
    assert entry["after"]["hours_short"] == 24  # 23 hours and the turnaround


async def test_one_way_joins_a_branch_that_never_had_the_class(renter: Renter, market: str) -> None:
    [plate, _] = park(market)
    reference = await confirmed(renter, market, **ONE_WAY)
    for table in ("class_calendar", "class_supply"):
        query(
            market,
            f"DELETE FROM rent.{table} WHERE branch_code = 'GIG' AND class_code = 'ECMR'"  # noqa: S608 -- ours
            " RETURNING 1",
        )
    await check_out(reference, plate)
    await check_in(reference)
    judge(market, RETURN)
    assert fleet_of(market)["GIG"] == 1
    far = {"pickup_branch": "GIG", "return_branch": "GIG"}
    period = {"pickup_at": at_local(20).isoformat(), "return_at": at_local(21).isoformat()}
    assert await available(renter, **far, **period) == 1
