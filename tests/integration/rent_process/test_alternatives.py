"""What an alternative costs: as much as a search for it says, whatever the card makes of it."""

from typing import Any

import pytest

from tests.plugins.market import SUPPLY, Renter, at_local, change, sell_out

CITY_CARD = "UPDATE {} SET {} WHERE branch_group = 'city'"
# Each makes the same class cost something else at another time or branch.
CARDS = {
    "plain": [],
    "weekends": ["UPDATE rate SET weekend_basis_points = 15000"],
    "seasons": [
        "UPDATE rate SET season = daterange('2020-01-01', current_date + 11)",
        """INSERT INTO rate (branch_group, class_code, season, effective_at, hour_minor, day_minor,
               week_minor, month_minor)
           SELECT branch_group, class_code, daterange(current_date + 11, '2100-01-01'),
                  effective_at, hour_minor * 2, day_minor * 3, week_minor * 3, month_minor * 3
           FROM rate""",
    ],
    "another card in the city": [
        CITY_CARD.format("tariff", "tax_basis_points = 750, young_driver_day_minor = 1000"),
        CITY_CARD.format("rate", "day_minor = 12345, hour_minor = 3000"),
        """INSERT INTO length_tier SELECT 'city', effective_at, 2, 1000 FROM tariff
           WHERE branch_group = 'city'""",
    ],
    "dollars in the city": [
        CITY_CARD.format("branch", "currency = 'USD'"),
        CITY_CARD.format("tariff", "currency = 'USD'"),
    ],
}
ASKED: list[dict[str, Any]] = [
    {},
    {"driver_age": 22},
    {"promo_code": "TEN"},
    {"return_branch": "GIG"},
    {"return_at": at_local(12, 13).isoformat()},
]


async def search(renter: Renter, **query: Any) -> dict[str, Any]:
    answer = await renter.search(**query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


@pytest.fixture
def promo(market: str) -> None:
    change(
        market,
        """INSERT INTO promo_code (promo_code, basis_points, valid_from, valid_until, minimum_days,
               branch_codes)
           VALUES ('TEN', 1000, now() - interval '1 day', now() + interval '1 day', 1,
                   ARRAY['SAOC'])""",
        "INSERT INTO one_way VALUES ('SAOC', 'GIG', 10000, 20)",
        """INSERT INTO one_way_fee SELECT branch_group, effective_at, 'SAOC', 'GIG', 12345
           FROM tariff WHERE branch_group = 'city'""",
    )


@pytest.mark.usefixtures("promo")
@pytest.mark.parametrize("card", CARDS)
async def test_total_is_what_a_search_for_it_says(renter: Renter, market: str, card: str) -> None:
    sell_out(market, "ECMR", hours=(0, 2))
    change(market, *CARDS[card])
    kinds = set()
    for asked in ASKED:
        for each in (await search(renter, **asked))["alternatives"]:
            there = {
                name: each[name]
                for name in ("pickup_branch", "return_branch", "pickup_at", "return_at")
            }
            offers = (await search(renter, **asked | there))["offers"]
            [offer] = [offer for offer in offers if offer["class"] == each["class"]]
            assert each["total"] == offer["price"]["total"], (asked, each)
            assert each["available"] == offer["available"] == SUPPLY
            kinds.add(each["kind"])
    assert kinds == {"class", "time", "branch"}


async def named(renter: Renter, **query: Any) -> list[str]:
    return [each["kind"] for each in (await search(renter, **query))["alternatives"]]


async def test_time_that_ends_on_a_day_without_a_rate_is_not_named(
    renter: Renter, market: str
) -> None:
    sell_out(market, "ECMR", hours=(0, 2))
    late = {"return_at": at_local(13, 23).isoformat()}  # the city is closed then
    assert await named(renter, **late) == ["class", "time"]
    end = at_local(14).date().isoformat()
    change(market, f"UPDATE rate SET season = daterange('2020-01-01', '{end}')")  # noqa: S608 -- ours
    assert await named(renter, **late) == ["class"]


async def test_branch_that_refuses_the_drivers_age_is_not_named(
    renter: Renter, market: str
) -> None:
    sell_out(market, "ECMR", hours=(0, 2))
    assert await named(renter, driver_age=22) == ["class", "branch", "time"]
    change(market, "UPDATE class_terms SET young_driver = false WHERE branch_group = 'city'")
    assert await named(renter, driver_age=22) == ["class", "time"]
    assert await named(renter, driver_age=25) == ["class", "branch", "time"]


async def test_one_way_from_a_branch_whose_card_has_no_fee_for_it_is_not_named(
    renter: Renter, market: str
) -> None:
    sell_out(market, "ECMR")
    change(market, "INSERT INTO one_way VALUES ('SAOC', 'GIG', 10000, 20)")
    found = (await search(renter, return_branch="GIG"))["alternatives"]
    assert "branch" not in {each["kind"] for each in found}
