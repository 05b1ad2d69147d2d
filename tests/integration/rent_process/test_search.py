"""Search on a real database: one round trip, what cards say, alternatives, every refusal."""

from datetime import timedelta
from typing import Any

import psycopg
import pytest

from rent_process.pricing.offer import OfferTerms
from tests.plugins.market import Renter, at_local, change, sell_out
from tests.plugins.saga import query

# The day of the return, also where it is not yet that day in UTC.
HOLIDAYS = (
    "INSERT INTO branch_holiday SELECT 'GRU', current_date + d, 'Feriado'"
    " FROM generate_series(12, 14) AS d"
)


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every statement that goes to the database, as it goes."""
    sent: list[str] = []
    execute = psycopg.AsyncCursor.execute

    async def listening(self: Any, query: Any, *args: Any, **options: Any) -> Any:
        sent.append(str(query))
        return await execute(self, query, *args, **options)

    monkeypatch.setattr(psycopg.AsyncCursor, "execute", listening)
    return sent


@pytest.mark.parametrize("changes", [{}, {"promo_code": "TEN"}, {"return_branch": "GIG"}])
async def test_search_is_one_round_trip_also_when_sold_out(
    renter: Renter, market: str, statements: list[str], changes: dict[str, str]
) -> None:
    sell_out(market, "ECMR")
    found = await renter.search(**changes)
    assert found.status_code == 200, found.text
    assert found.json()["alternatives"]
    assert len(statements) == 1


async def test_sold_out_class_names_the_next_class_up_other_times_and_a_branch_nearby(
    renter: Renter, market: str
) -> None:
    sell_out(market, "ECMR")
    found = (await renter.search()).json()["alternatives"]
    times = {"pickup_at": at_local(10).isoformat(), "return_at": at_local(13).isoformat()}
    usual = times | {"instead_of": "ECMR", "available": 10}
    brl = {"currency": "BRL"}
    here = {"pickup_branch": "GRU", "return_branch": "GRU"}
    city = {"pickup_branch": "SAOC", "return_branch": "SAOC", "distance_km": 0.0}
    assert found == [
        # Three days and the airport's 12 %; in the city there is no such fee.
        usual | here | {"kind": "class", "class": "CDAR", "total": {"amount": 50400} | brl},
        # Gone are 78 hours: none of the times up to three days away fits 73 hours beside them.
        usual | city | {"kind": "branch", "class": "ECMR", "total": {"amount": 30000} | brl},
    ]


async def test_times_are_the_nearest_at_which_both_branches_are_open(
    renter: Renter, market: str
) -> None:
    sell_out(market, "ECMR", hours=(0, 2))
    found = (await renter.search()).json()["alternatives"]
    times = [each["pickup_at"] for each in found if each["kind"] == "time"]
    assert times == [at_local(10, 12).isoformat()]  # three days before it ends in those hours
    change(market, "UPDATE branch_hours SET opens = '13:00' WHERE branch_code = 'GRU'")
    assert (await renter.search()).json()["code"] == "branch_closed"


async def test_branch_nearby_has_the_class_and_takes_the_car_back(
    renter: Renter, market: str
) -> None:
    change(market, "UPDATE branch SET latitude = -23.3 WHERE branch_code = 'SAOC'")
    sell_out(market, "SFAR")
    found = (await renter.search()).json()["alternatives"]
    [near] = [each for each in found if each["kind"] == "branch"]
    assert (near["pickup_branch"], near["return_branch"], near["class"]) == ("SAOC", "SAOC", "SFAR")
    assert near["distance_km"] == pytest.approx(33.4, abs=0.1)  # 0.3 degrees of latitude
    # A one-way to Galeão cannot begin there: there is no such pair.
    one_way = (await renter.search(return_branch="GIG")).json()["alternatives"]
    assert not [each for each in one_way if each["kind"] == "branch"]
    sell_out(market, "SFAR", branch="SAOC")
    again = (await renter.search()).json()["alternatives"]
    assert not [each for each in again if each["kind"] == "branch"]


async def test_nothing_sold_out_has_no_alternatives(renter: Renter) -> None:
    assert (await renter.search()).json()["alternatives"] == []


# --- what a card says --------------------------------------------------------------------------


async def test_newest_card_in_force_is_the_whole_truth(renter: Renter, market: str) -> None:
    change(
        market,
        """INSERT INTO tariff (branch_group, effective_at, young_driver_age,
               young_driver_day_minor, licence_day_minor, airport_fee_basis_points,
               tax_basis_points, grace_minutes, free_cancellation_hours, cancellation_fee_percent)
           SELECT 'airport', at, 25, 0, 0, 0, 0, 59, 24, 25
           FROM unnest(ARRAY[now() - interval '1 minute', now() + interval '1 hour']) AS at""",
        """INSERT INTO rate (branch_group, class_code, season, effective_at, hour_minor, day_minor,
               week_minor, month_minor)
           SELECT branch_group, 'ECMR', '[2020-01-01,2100-01-01)', effective_at, 1, 7000, 42000,
                  150000
           FROM tariff WHERE effective_at > '2021-01-01'""",
        """INSERT INTO class_terms SELECT branch_group, effective_at, 'ECMR', 5000
           FROM tariff WHERE effective_at > '2021-01-01'""",
    )
    [offer] = (await renter.search()).json()["offers"]  # other classes have no price any more
    assert (offer["price"]["total"]["amount"], offer["deposit"]["amount"]) == (21000, 5000)
    assert offer["extras"] == offer["coverages"] == []
    refused = (await renter.search(return_branch="GIG")).json()
    assert refused["code"] == "one_way_not_offered"


async def test_class_without_a_price_on_every_day_is_not_offered(
    renter: Renter, market: str
) -> None:
    end = at_local(12).date().isoformat()
    change(
        market,
        f"UPDATE rate SET season = '[2020-01-01,{end})' WHERE class_code = 'CDAR'",  # noqa: S608 -- ours
    )
    found = (await renter.search()).json()["offers"]
    assert [offer["class"] for offer in found] == ["ECMR", "SFAR"]


async def test_class_may_refuse_young_drivers(renter: Renter, market: str) -> None:
    change(market, "UPDATE class_terms SET young_driver = class_code <> 'ECMR'")
    young = (await renter.search(driver_age=22)).json()["offers"]
    assert [offer["class"] for offer in young] == ["CDAR"]
    change(market, "UPDATE class_terms SET young_driver = false")
    refused = (await renter.search(driver_age=22)).json()
    assert (refused["code"], refused["detail"]) == (
        "driver_too_young", "the driver must be at least 25 years old"
    )  # fmt: skip


async def test_a_branch_of_another_currency_prices_books_and_taxes_in_it(
    renter: Renter, market: str
) -> None:
    change(
        market,
        """UPDATE branch SET currency = 'USD', timezone = 'America/New_York'
           WHERE branch_code = 'SAOC'""",
    )
    city = {"pickup_branch": "SAOC", "return_branch": "SAOC"}
    assert (await renter.search(**city)).json()["offers"] == []  # its card is still in reais
    change(
        market,
        "UPDATE tariff SET currency = 'USD', tax_basis_points = 750 WHERE branch_group = 'city'",
        "UPDATE extra_rate SET cap_minor = 5000 WHERE extra_code = 'CHILD_SEAT'",
    )
    offer = (await renter.search(**city)).json()["offers"][0]
    assert offer["price"]["total"] == {"amount": 32250, "currency": "USD"}  # 300 + 7.5 %
    assert offer["tax_basis_points"] == 750
    [seat] = [extra for extra in offer["extras"] if extra["code"] == "CHILD_SEAT"]
    assert seat["maximum_amount"] == {"amount": 5000, "currency": "USD"}
    chosen: dict[str, Any] = {
        "extras": [{"code": "CHILD_SEAT", "quantity": 1}],
        "coverages": ["CDW"],
    }
    pix = await renter.book(offer["offer"], payment={"method": "pix"}, **chosen)
    assert (pix.status_code, pix.json()["code"]) == (422, "payment_method_unavailable")
    accepted = (await renter.book(offer["offer"], **chosen)).json()
    # 300.00, a seat of 3 x 25.00 capped at 50.00, coverage 3 x 39.90; 7.5 % of 469.70 is 35.2275.
    assert accepted["total"] == {"amount": 30000 + 5000 + 11970 + 3523, "currency": "USD"}
    lines = (await renter.read(accepted))["price"]["lines"]
    assert [each["purpose"] for each in lines] == ["BaseRate", "Equipment", "Coverage", "Tax"]


async def test_offers_signed_before_this_version_are_honoured() -> None:
    for field in ("tax", "promo_code"):
        assert not OfferTerms.model_fields[field].is_required()


# --- refusals ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("prepare", "changes", "code"),
    [
        ("UPDATE branch_hours SET opens = '11:00' WHERE branch_code = 'GRU'", {}, "branch_closed"),
        ("DELETE FROM branch_hours WHERE branch_code = 'GRU'", {}, "branch_closed"),
        (HOLIDAYS, {}, "branch_holiday"),
        ("UPDATE branch SET minimum_notice_minutes = 14400 + 2880", {}, "too_soon"),
        ("UPDATE branch SET maximum_advance_days = 5", {}, "too_far_ahead"),
        ("UPDATE branch SET maximum_rental_days = 2", {}, "period_invalid"),
        ("UPDATE branch SET minimum_rental_minutes = 10080", {}, "period_invalid"),
        (None, {"return_at": at_local(10).isoformat()}, "period_invalid"),
        (None, {"return_at": at_local(9).isoformat()}, "period_invalid"),
        (None, {"return_at": (at_local(10) + timedelta(minutes=30)).isoformat()},
         "period_invalid"),
        (None, {"return_at": at_local(75).isoformat()}, "period_invalid"),
        (None, {"pickup_at": at_local(-1).isoformat()}, "too_soon"),
        (None, {"return_branch": "SAOC"}, "one_way_not_offered"),
        ("DELETE FROM one_way_fee", {"return_branch": "GIG"}, "one_way_not_offered"),
        (None, {"driver_age": 18}, "driver_too_young"),
        (None, {"pickup_branch": "XXX", "return_branch": "XXX"}, "validation_failed"),
        (None, {"promo_code": "x;drop"}, "validation_failed"),
    ],
)  # fmt: skip
async def test_what_a_branch_does_not_allow_has_its_code_and_pointer(
    renter: Renter, market: str, prepare: str | None, changes: dict[str, Any], code: str
) -> None:
    if prepare:
        change(market, prepare)
    answer = await renter.search(**changes)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert answer.json()["errors"][0]["pointer"].startswith("/")


async def test_cards_that_were_written_are_never_edited(market: str) -> None:
    with psycopg.connect(market) as connection:
        connection.execute(b"SET ROLE rent")
        for table in ("tariff", "rate", "length_tier", "class_terms", "extra_rate", "one_way_fee"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
                connection.execute(f"DELETE FROM rent.{table}".encode())  # noqa: S608 -- ours
    assert query(market, "SELECT count(*) FROM rent.tariff") == [(2,)]
