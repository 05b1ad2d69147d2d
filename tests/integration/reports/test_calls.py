"""The reports over the public API: form, whose branches, bad input."""

import csv
import io
from typing import Any

import httpx
import psycopg
import pytest

from rent_process.reports.domain import KINDS
from tests.plugins.market import Renter, at_local
from tests.plugins.operator import Operator
from tests.plugins.saga import book_and_pay

NAMES = [kind.name for kind in KINDS]
DAY = at_local(10).date().isoformat()


async def report(operator: Operator, name: str, accept: str = "*/*", **query: Any) -> Any:
    return await operator.client.get(
        f"/api/operator/reports/{name}",
        params={"from": DAY, "to": DAY} | query,
        headers=operator.headers | {"Accept": accept},
    )


def table(answer: httpx.Response) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8"), newline="")))


@pytest.fixture
async def references(renter: Renter, market: str) -> dict[str, str]:
    """A rental that begins and ends at GRU, one that ends at GIG, one at GIG, one cancelled."""
    search: tuple[dict[str, str], ...] = (
        {},
        {"return_branch": "GIG"},
        {"pickup_branch": "GIG", "return_branch": "GIG"},
        {},
    )
    names = ("here", "one_way", "there", "cancelled")
    booked = [await book_and_pay(renter, market, **each) for each in search]
    headers = {"Authorization": f"Bearer {booked[-1]['manage_token']}"}
    path = f"/api/rentals/{booked[-1]['reference']}/cancellation"
    assert (await renter.client.post(path, json={}, headers=headers)).status_code == 202
    return {name: each["reference"] for name, each in zip(names, booked, strict=True)}


async def test_revenue_of_a_day_is_money_in_json_and_minor_units_in_csv(
    references: dict[str, str], operator: Operator
) -> None:
    assert references
    found = (await report(operator, "revenue", branch="GIG")).json()
    assert (found["from"], found["to"], found["branch"]) == (DAY, DAY, "GIG")
    [row] = found["rows"]
    assert row["price"] == row["total"] == {"amount": 33_600, "currency": "BRL"}
    answer = await report(operator, "revenue", "text/csv", branch="GIG")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8; header=present"
    assert (
        answer.headers["content-disposition"] == f'attachment; filename="revenue-{DAY}-{DAY}.csv"'
    )
    assert "Accept" in answer.headers["vary"]
    [line] = table(answer)
    assert (line["price_minor"], line["currency"], line["class"]) == ("33600", "BRL", "ECMR")


async def test_manifest_lists_who_comes_and_goes_where(
    references: dict[str, str], operator: Operator, market: str
) -> None:
    with psycopg.connect(market) as connection:
        connection.execute("SET search_path = rent, public")
        connection.execute("INSERT INTO vehicle (plate, class_code, branch_code, model, model_year)"
                           " VALUES ('ABC1D23', 'ECMR', 'GRU', 'HB20', 2026)")  # fmt: skip
        connection.execute(
            "INSERT INTO vehicle_allocation (vehicle_id, rental_id, kind, period)"
            " SELECT vehicle_id, rental_id, 'rental', tstzrange(pickup_at, return_at)"
            " FROM vehicle, rental WHERE reference = %s",
            [references["here"]],
        )
    rows = (await report(operator, "manifest")).json()["rows"]
    pickups = {row["reference"]: row for row in rows}
    assert set(pickups) == {references[name] for name in ("here", "one_way", "there")}
    here = pickups[references["here"]]
    assert (here["plate"], here["given_name"], here["done"]) == ("ABC1D23", "Ana", False)
    assert here["at"].endswith("-03:00")
    day = at_local(13).date().isoformat()
    returns = table(await report(operator, "manifest", "text/csv", **{"from": day, "to": day}))
    ends = {row["reference"]: (row["branch"], row["kind"], row["done"]) for row in returns}
    assert ends[references["one_way"]] == ("GIG", "return", "false")
    assert returns[0]["phone"] == "'+5511912345678"


async def test_cancellation_stands_on_the_day_it_was_made(
    references: dict[str, str], operator: Operator
) -> None:
    assert references
    today = at_local(0).date().isoformat()
    [row] = (await report(operator, "cancellations", **{"from": today, "to": today})).json()["rows"]
    assert (row["cancellations"], row["free_of_charge"]) == (1, 1)
    assert row["refunds"] == {"amount": 33_600, "currency": "BRL"}
    assert (await report(operator, "cancellations")).json()["rows"] == []


async def test_utilisation_counts_the_hours_of_the_day(
    references: dict[str, str], operator: Operator
) -> None:
    assert references
    rows = (await report(operator, "utilisation", branch="GRU")).json()["rows"]
    assert [row["class"] for row in rows] == ["CDAR", "ECMR", "SFAR"]
    assert {row["capacity_hours"] for row in rows} == {240}
    assert [row["rented_hours"] for row in rows] == [0, 28, 0]  # two cars from ten to midnight
    assert rows[1]["utilisation"] == pytest.approx(28 / 240, abs=0.0001)


async def test_payment_at_the_counter_is_reported(renter: Renter, operator: Operator) -> None:
    answer = await renter.book(await renter.offer(), payment={"method": "counter"})
    reference = answer.json()["reference"]
    money = {"amount": 30_000, "currency": "BRL"}
    body = {"amount": money, "method": "cash"}
    await operator.send("POST", f"/rentals/{reference}/payments", body, "key")
    today = at_local(0).date().isoformat()
    [row] = (await report(operator, "payments", **{"from": today, "to": today})).json()["rows"]
    assert (row["purpose"], row["method"], row["payments"]) == ("COUNTER", "cash", 1)
    assert row["captured"] == row["net"] == money


@pytest.mark.parametrize("name", NAMES)
async def test_operator_of_one_branch_sees_its_rows_only(
    name: str, references: dict[str, str], operator_of_gig: Operator
) -> None:
    assert references
    for query in ({}, {"branch": "GIG"}):
        rows = (await report(operator_of_gig, name, **query)).json()["rows"]
        assert {row["branch"] for row in rows} <= {"GIG"}
        if name in {"revenue", "manifest", "utilisation"}:
            assert rows
    for branch in ("GRU", "NOWHERE"):
        answer = await report(operator_of_gig, name, branch=branch)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize("name", NAMES)
async def test_form_is_negotiated(name: str, operator: Operator) -> None:
    forms = {
        "text/csv;q=0.5, application/json;q=0.9": "application/json",
        "text/csv;q=0.9, application/json;q=0.5": "text/csv",
        "*/*": "application/json",
    }
    for accept, form in forms.items():
        answer = await report(operator, name, accept)
        assert answer.headers["content-type"].partition(";")[0] == form
    refused = await report(operator, name, "image/png")
    assert (refused.status_code, refused.json()["code"]) == (406, "not_acceptable")
    assert (await operator.get(f"/reports/{name}")).status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        {"from": "2026-02-30", "to": "2026-03-01"},
        {"from": "20260201", "to": "2026-03-01"},
        {"from": "1767225600"},
        {"from": "2026-02-01T00:00:00Z"},
        {"from": "2026-02-02", "to": "2026-02-01"},
        {"from": "2026-01-01", "to": "2026-12-31"},
        {"from": "9999-12-31", "to": ""},
        {"branch": "gru"},
        {"branch": "GRU' OR 1=1"},
        {"format": "csv"},
    ],
)
@pytest.mark.parametrize("name", ["revenue", "manifest"])
async def test_bad_queries_are_refused(
    name: str, query: dict[str, str], operator: Operator
) -> None:
    answer = await report(operator, name, **query)
    assert (answer.status_code, answer.json()["code"]) == (422, "validation_failed")
    assert answer.json().get("errors")


async def test_report_that_is_not_there_is_not_found(operator: Operator) -> None:
    assert (await operator.get("/reports/profit")).status_code == 404
