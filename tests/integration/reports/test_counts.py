"""Every report against a count by hand, on random rentals around midnights and clock changes."""

from datetime import date, datetime, timedelta
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest

from rent_process.reports import service
from rent_process.reports.domain import KINDS
from shared.contracts.caller import Caller
from shared.contracts.money import Money
from shared.contracts.reports import ReportQuery
from tests.integration.reports import counted
from tests.integration.reports.company import FIRST, LAST, ZONES, Company, make_company

SEEDS = (1, 2)
SIZE = 250
BY_NAME = {kind.name: kind for kind in KINDS}
OFFICE = Caller(subject="o", roles=frozenset({"operator"}))
COUNTER = Caller(subject="o", roles=frozenset({"operator"}), branches=frozenset({"JFK", "DEL"}))
SPANS = (
    (FIRST, LAST),
    (date(2026, 11, 1), date(2026, 11, 1)),  # 25 hours in New York
    (date(2026, 9, 27), date(2026, 9, 27)),  # 23 hours in Auckland
    (date(2026, 10, 15), date(2026, 11, 2)),
)
WHO: tuple[tuple[Caller, str | None, frozenset[str]], ...] = (
    (OFFICE, None, frozenset(ZONES)),
    (OFFICE, "AKL", frozenset({"AKL"})),
    (COUNTER, None, COUNTER.branches),
    (COUNTER, "JFK", frozenset({"JFK"})),
)


@pytest.fixture(params=SEEDS)
def company(database: str, request: pytest.FixtureRequest) -> Company:
    with psycopg.connect(database, autocommit=True) as connection, connection.transaction():
        return make_company(connection, request.param, SIZE)


async def run(name: str, first: date, last: date, who: tuple[Caller, str | None, Any]) -> list[Any]:
    query = {"from": first.isoformat(), "to": last.isoformat(), "branch": who[1]}
    found = await service.report(
        BY_NAME[name], ReportQuery.model_validate(query), who[0], datetime.now().astimezone()
    )
    return list(found.rows)


async def test_every_report_agrees_with_a_count_by_hand(company: Company) -> None:
    for (first, end), who in product(SPANS, WHO):
        for name, kind in BY_NAME.items():
            last = min(end, first + timedelta(days=kind.most_days - 1))
            days = counted.days_between(first, last)
            asked = (first, last, who)
            rows = await run(name, *asked)
            assert rows or (first == last), f"{name} {asked}: proves nothing"
            shown = _comparable(name, rows)
            expected = getattr(counted, name)(company, days, who[2])
            assert shown == expected, f"{name} {asked}"
            assert len(shown) == len(rows), "a row stands twice"
            _check_order(name, rows)


def _comparable(name: str, rows: list[Any]) -> Any:
    match name:
        case "manifest":
            return sorted((r.date, r.branch, r.at, r.kind, r.reference, r.done) for r in rows)
        case "utilisation":
            return {
                (r.date, r.branch, r.car_class): (r.capacity_hours, r.rented_hours, r.held_hours)
                for r in rows
            }
    amounts = {}
    for row in rows:
        values = row.model_dump(by_alias=False)
        keys = [v for k, v in values.items() if k in {"date", "branch", "car_class", "purpose",
                                                      "method"}]  # fmt: skip
        numbers = [
            v["amount"] if isinstance(v, dict) else v
            for k, v in values.items()
            if isinstance(v, int | dict) and k != "net"
        ]
        [currency] = {v.currency for v in vars(row).values() if isinstance(v, Money)}
        amounts[(*keys, currency)] = tuple(numbers)
        if name == "payments":
            assert row.net.amount == row.captured.amount - row.refunded.amount
    return amounts


def _check_order(name: str, rows: list[Any]) -> None:
    key = [(r.date, r.branch, r.at if name == "manifest" else 0) for r in rows]
    assert key == sorted(key)


async def test_time_of_a_manifest_is_that_of_its_branchs_clock(company: Company) -> None:
    assert company
    for row in await run("manifest", date(2026, 10, 20), date(2026, 11, 5), WHO[0]):
        zone = ZoneInfo(ZONES[row.branch][0])
        assert row.at.utcoffset() == row.at.astimezone(zone).utcoffset()
        assert row.at.date() == row.date


async def test_day_of_a_clock_change_has_its_own_number_of_hours(company: Company) -> None:
    assert company
    change, usual = date(2026, 11, 1), date(2026, 11, 1) + timedelta(days=2)
    for day, hours in ((change, 25), (usual, 24)):
        rows = await run("utilisation", day, day, (OFFICE, "JFK", None))
        for row in rows:
            assert row.capacity_hours in {
                n * hours + more for n in (4, 5) for more in range(hours + 1)
            }
            share = row.rented_hours / row.capacity_hours
            assert row.utilisation == pytest.approx(share, abs=0.00005)
