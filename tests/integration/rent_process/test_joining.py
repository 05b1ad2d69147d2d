"""A car that is left at another branch: supply follows it, and nothing is sold twice."""

from datetime import UTC, datetime, timedelta

import psycopg

from infra.local.drills.judge import Judge
from rent_process.fleet import service as fleet
from rent_process.supply.domain import ceil_hour, floor_hour
from rent_process.vehicles.moves import Rest, join_branch
from shared.contracts.caller import Caller
from shared.database import transaction
from tests.plugins.market import SUPPLY, Renter, at_local
from tests.plugins.operator import Operator, rows
from tests.plugins.saga import available

CAR = {"plate": "RIO2A18", "branch": "GRU", "class": "ECMR", "model": "HB20", "model_year": 2026}
AT_COUNTER = {"method": "counter"}
GIG = {"pickup_branch": "GIG", "return_branch": "GIG"}
CALLER = Caller(subject="operator-1", roles=frozenset({"operator"}))


async def join(at: datetime, *, rest_until_hour: int | None = None) -> int:
    rest = None if rest_until_hour is None else Rest("GRU", "ECMR", rest_until_hour)
    async with transaction("rent") as connection:
        return await join_branch(
            connection, CALLER, "RIO2A18", "GIG", at, datetime.now(UTC), rest=rest
        )


async def test_car_that_joins_leaves_its_branch_and_is_sold_where_it_is(
    renter: Renter, operator: Operator, market: str
) -> None:
    assert (await operator.send("POST", "/vehicles", CAR)).status_code == 201
    assert await join(at_local(0, 10) + timedelta(days=1)) == 0
    assert await available(renter) == SUPPLY
    assert await available(renter, **GIG) == SUPPLY + 1
    [shown] = (await operator.get("/vehicles")).json()["vehicles"]
    assert (shown["branch"], shown["status"]) == ("GIG", "active")
    entry = (await operator.audit())[0]
    assert (entry["action"], entry["target"]) == ("vehicle_joined_branch", "RIO2A18")
    assert (entry["before"], entry["after"]["branch"]) == ({"branch": "GRU"}, "GIG")
    assert await join(at_local(2)) == 0  # it is there already
    assert len(await operator.audit()) == 2
    assert await fleet.check_drift(datetime.now(UTC)) == 0
    with Judge(market) as judge:
        assert judge.ask("calendar_disagrees") == 0


async def test_rest_of_the_rental_is_given_back_in_the_same_step(
    renter: Renter, operator: Operator, market: str
) -> None:
    """All eleven cars are sold, one of them one-way; it comes back early, at the other end."""
    assert (await operator.send("POST", "/vehicles", CAR)).status_code == 201
    one_way = await renter.offer(return_branch="GIG")
    booked = await renter.book(one_way, payment=AT_COUNTER)
    assert booked.status_code == 202, booked.text
    offer = await renter.offer()
    for _ in range(SUPPLY):
        assert (await renter.book(offer, payment=AT_COUNTER)).status_code == 202
    [(to_hour,)] = rows(market, "SELECT to_hour FROM rent.rental WHERE return_branch = 'GIG'")
    back_at = at_local(12)
    assert floor_hour(back_at) < to_hour
    assert await join(back_at, rest_until_hour=to_hour) == 0  # no hour is short of a car
    with psycopg.connect(market) as connection:  # what a check-in writes
        connection.execute(
            "ALTER TABLE rent.rental DROP CONSTRAINT IF EXISTS rental_check;"
            "ALTER TABLE rent.rental DROP CONSTRAINT IF EXISTS rental_check1;"
            "ALTER TABLE rent.rental DROP CONSTRAINT IF EXISTS rental_check2;"
            "ALTER TABLE rent.rental DROP CONSTRAINT IF EXISTS rental_to_hour"
        )
        connection.execute(
            "UPDATE rent.rental SET to_hour = %s WHERE return_branch = 'GIG'", [ceil_hour(back_at)]
        )
    assert await fleet.check_drift(datetime.now(UTC)) == 0
    after = {"pickup_at": back_at.isoformat(), "return_at": at_local(14).isoformat()}
    assert await available(renter, **after, **GIG) == SUPPLY + 1


async def test_what_the_branch_has_sold_of_the_car_becomes_short(
    renter: Renter, operator: Operator, market: str
) -> None:
    assert (await operator.send("POST", "/vehicles", CAR)).status_code == 201
    offer = await renter.offer()
    for _ in range(SUPPLY + 1):
        assert (await renter.book(offer, payment=AT_COUNTER)).status_code == 202
    assert await join(at_local(9)) == 73
    assert (await operator.audit())[0]["after"]["short_hours"] == 73
    assert await fleet.check_drift(datetime.now(UTC)) == 0


async def test_maintenance_to_come_is_missing_where_the_car_is(
    renter: Renter, operator: Operator, market: str
) -> None:
    assert (await operator.send("POST", "/vehicles", CAR)).status_code == 201
    planned = {"from": at_local(10).isoformat(), "to": at_local(13).isoformat(), "reason": "oil"}
    path = "/vehicles/RIO2A18/maintenance"
    assert (await operator.send("POST", path, planned)).status_code == 201
    assert await join(at_local(5)) == 0
    assert (await available(renter), await available(renter, **GIG)) == (SUPPLY, SUPPLY)
    after = {"pickup_at": at_local(13).isoformat(), "return_at": at_local(14).isoformat()}
    assert await available(renter, **after, **GIG) == SUPPLY + 1
    with Judge(market) as judge:
        assert judge.ask("calendar_disagrees") == 0


async def test_planned_move_gives_way_to_where_the_car_is(
    renter: Renter, operator: Operator, market: str
) -> None:
    assert (await operator.send("POST", "/vehicles", CAR)).status_code == 201
    plan = {
        "branch": "SAOC",
        "from": at_local(9).isoformat(),
        "arrives_at": at_local(9, 20).isoformat(),
    }
    assert (await operator.send("PUT", "/vehicles/RIO2A18", plan)).status_code == 200
    assert await join(at_local(5)) == 0
    saoc = {"pickup_branch": "SAOC", "return_branch": "SAOC"}
    assert await available(renter, **saoc) == SUPPLY
    assert await available(renter, **GIG) == SUPPLY + 1
    assert rows(market, "SELECT count(*) FROM rent.vehicle_allocation") == [(0,)]
    with Judge(market) as judge:
        assert judge.ask("calendar_disagrees") == 0
