"""What the operator sees of a branch's hours, and selling beyond the cars that there are."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from azure.appconfiguration import AzureAppConfigurationClient, FeatureFlagConfigurationSetting

from infra.local.drills.judge import Judge
from infra.local.standins.appconfiguration.app import CREDENTIAL, SECRET
from rent_process.fleet import service as fleet
from rent_process.supply.overbooking import align_overbooking
from shared import features
from shared.features import Flag, close_features
from shared.settings import get_settings
from tests.plugins.market import SUPPLY, Renter, at_local
from tests.plugins.operator import Operator
from tests.plugins.saga import available
from tests.plugins.standins import Serve

CAR = {"plate": "RIO2A18", "branch": "GRU", "class": "ECMR", "model": "HB20", "model_year": 2026}
AT_COUNTER = {"method": "counter"}


async def calendar(operator: Operator, **query: Any) -> httpx.Response:
    wanted = {"branch": "GRU", "from": at_local(9).isoformat(), "to": at_local(15).isoformat()}
    return await operator.get("/calendar", **(wanted | query))


async def sell(renter: Renter, cars: int, **search: Any) -> list[str]:
    offer = await renter.offer(**search)
    answers = [await renter.book(offer, payment=AT_COUNTER) for _ in range(cars)]
    assert {answer.status_code for answer in answers} == {202}
    return [answer.json()["reference"] for answer in answers]


async def test_calendar_shows_each_hour_and_each_car(renter: Renter, operator: Operator) -> None:
    assert (await operator.send("POST", "/vehicles", CAR)).status_code == 201
    await sell(renter, 3)
    day = {"from": at_local(14).isoformat(), "to": at_local(15).isoformat(), "reason": "tyres"}
    mended = await operator.send("POST", "/vehicles/RIO2A18/maintenance", day)
    assert mended.status_code == 201, mended.text
    found = await calendar(operator)
    assert found.status_code == 200, found.text
    shown = found.json()
    assert (shown["from"], shown["to"]) == (at_local(9).isoformat(), at_local(15).isoformat())
    assert [each["class"] for each in shown["classes"]] == ["ECMR", "CDAR", "SFAR"]
    economy = shown["classes"][0]
    # A day before, three days out and the hour of turnaround, the rest of a day, the workshop.
    assert economy["sold"] == [0] * 24 + [3] * 73 + [0] * 47
    assert economy["cars"] == [SUPPLY + 1] * 120 + [SUPPLY] * 24
    assert (
        economy["free"] == [SUPPLY + 1] * 24 + [SUPPLY - 2] * 73 + [SUPPLY + 1] * 23 + [SUPPLY] * 24
    )
    assert economy["short"] == [0] * 144
    assert shown["vehicles"] == [
        {
            "plate": "RIO2A18",
            "class": "ECMR",
            "allocations": [{"kind": "maintenance"} | day],
        }
    ]


PERIODS: list[tuple[dict[str, str], int]] = [
    ({"to": at_local(9).isoformat()}, 422),
    ({"to": at_local(41).isoformat()}, 422),
    ({"to": (at_local(40) - timedelta(minutes=1)).isoformat()}, 200),
    ({"from": "0001-01-01T00:00:00+14:00"}, 422),
    ({"to": "9999-12-31T23:59:59-12:00"}, 422),
    ({"from": "2026-01-01T00:00:00"}, 422),
    ({"from": "9999-12-31T23:59:59-12:00"}, 422),
    ({"branch": "NOPE"}, 404),
    ({"branch": ""}, 422),
]


async def test_calendar_says_what_it_cannot_show(operator: Operator) -> None:
    for query, expected in PERIODS:
        assert (await calendar(operator, **query)).status_code == expected, query
    usual = (await operator.get("/calendar", branch="GRU")).json()
    assert len(usual["classes"][0]["free"]) in {168, 169}
    assert (await operator.get("/calendar")).status_code == 422


async def test_operator_of_another_branch_does_not_see_it(operator_of_gig: Operator) -> None:
    assert (await calendar(operator_of_gig)).status_code == 404
    assert (await calendar(operator_of_gig, branch="GIG")).status_code == 200


# --- overbooking -------------------------------------------------------------------------------


async def overbook(operator: Operator, percent: Any, **changes: Any) -> httpx.Response:
    body = {"branch": "GRU", "class": "ECMR", "percent": percent} | changes
    return await operator.send("PUT", "/overbooking", body)


class Flags:
    """App Configuration, turned by the test: what it holds is loaded anew."""

    def __init__(self, url: str) -> None:
        self.connection_string = f"Endpoint={url};Id={CREDENTIAL};Secret={SECRET}"

    async def turn(self, *, on: bool) -> None:
        flag = FeatureFlagConfigurationSetting(Flag.OVERBOOKING, enabled=on)
        with AzureAppConfigurationClient.from_connection_string(self.connection_string) as client:
            client.set_configuration_setting(flag)
        await close_features()


@pytest.fixture
def flags(serve_standins: Serve, environment: pytest.MonkeyPatch) -> Flags:
    # The SDK's first import can take seconds on a busy machine; that is not what is tested here.
    environment.setattr(features, "FIRST_LOAD_SECONDS", 20.0)
    store = serve_standins({"name": "appconfiguration", "options": {"flags": {}}})
    opened = Flags(store["appconfiguration"])
    environment.setenv("APP_CONFIGURATION_CONNECTION_STRING", opened.connection_string)
    get_settings.cache_clear()
    return opened


async def test_overbooking_sells_beyond_the_cars_while_the_flag_is_on(
    flags: Flags, renter: Renter, operator: Operator, market: str
) -> None:
    wished = await overbook(operator, 25)
    expected = {"branch": "GRU", "class": "ECMR", "supply": SUPPLY, "percent": 25, "cars": 0}
    assert (wished.status_code, wished.json()) == (200, expected)
    percents = [
        each["overbooking_percent"] for each in (await calendar(operator)).json()["classes"]
    ]
    assert percents == [25, 0, 0]
    assert await available(renter) == SUPPLY
    await flags.turn(on=True)
    assert await align_overbooking(datetime.now(UTC)) == 1
    assert await available(renter) == SUPPLY + 2  # 2.5 cars are two
    assert (await overbook(operator, 40)).json()["cars"] == 4
    assert await available(renter) == SUPPLY + 4
    assert (await overbook(operator, 20)).json()["cars"] == 2
    with Judge(market) as judge:
        assert judge.ask("calendar_disagrees") == 0
    assert await fleet.check_drift(datetime.now(UTC)) == 0


async def test_overbooking_that_is_sold_stays_until_it_can_go(
    flags: Flags, renter: Renter, operator: Operator, market: str
) -> None:
    await flags.turn(on=True)
    assert (await overbook(operator, 10)).json()["cars"] == 1
    references = await sell(renter, SUPPLY + 1)
    refused = await overbook(operator, 0)
    assert (refused.status_code, refused.json()["code"]) == (409, "supply_below_sold")
    assert len(refused.json()["conflicts"][0]["rentals"]) == SUPPLY + 1
    await flags.turn(on=False)
    assert await align_overbooking(datetime.now(UTC)) == 0
    cancelled = await renter.client.post(
        f"/api/rentals/{references[0]}/cancellation", json={}, headers=operator.headers
    )
    assert cancelled.status_code == 202, cancelled.text
    assert await align_overbooking(datetime.now(UTC)) == 1
    assert await available(renter) == 0
    with Judge(market) as judge:
        assert judge.ask("calendar_disagrees") == 0
        assert judge.ask("oversold") == 0


async def test_overbooking_follows_the_supply(
    flags: Flags, renter: Renter, operator: Operator, market: str
) -> None:
    await flags.turn(on=True)
    assert (await overbook(operator, 10)).json()["cars"] == 1
    for number in range(10):
        car = CAR | {"plate": f"ABC{number}D23"}
        assert (await operator.send("POST", "/vehicles", car)).status_code == 201
    assert await available(renter) == 2 * SUPPLY + 2
    answer = await operator.send("PUT", "/vehicles/ABC0D23", {"status": "retired"})
    assert answer.status_code == 200, answer.text
    assert await available(renter) == 2 * SUPPLY  # one car fewer, and one overbooked car with it
    with Judge(market) as judge:
        assert judge.ask("calendar_disagrees") == 0


BAD_OVERBOOKING: list[tuple[Any, dict[str, Any], int]] = [
    (101, {}, 422), (-1, {}, 422), ("all", {}, 422), (10, {"override": True}, 422),
    (10, {"class": "ZZZZ"}, 404), (10, {"branch": "NOPE"}, 404),
]  # fmt: skip


async def test_bad_overbooking_is_refused(operator: Operator) -> None:
    for percent, changes, expected in BAD_OVERBOOKING:
        assert (await overbook(operator, percent, **changes)).status_code == expected, changes
    assert await operator.audit() == []


async def test_overbooking_of_another_branch_is_not_theirs(operator_of_gig: Operator) -> None:
    assert (await overbook(operator_of_gig, 10)).status_code == 404
    assert (await overbook(operator_of_gig, 10, branch="GIG")).status_code == 200
