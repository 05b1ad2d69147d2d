"""A report's form: which of JSON and CSV, what a CSV holds, which days."""

import csv
import io
from datetime import UTC, date, datetime
from typing import Any

import pytest

from rent_process.reports.domain import KINDS, days_of
from rent_process.reports.negotiation import wants_csv
from rent_process.reports.table import FORMULA, columns_of, to_csv
from shared.contracts.money import Money
from shared.contracts.reports import ManifestRow, ReportQuery, RevenueRow
from shared.errors import Rejected

TODAY = date(2026, 11, 22)
BY_NAME = {kind.name: kind for kind in KINDS}


@pytest.mark.parametrize(
    ("accept", "csv_wanted"),
    [
        (None, False), ("", False), ("*/*", False), ("application/json", False),
        ("text/csv", True), ("TEXT/CSV", True), ("text/*", True), ("text/csv; charset=utf-8", True),
        ("text/csv, application/json", False), ("text/csv, application/json;q=0.9", True),
        ("text/csv;q=0.5, application/json;q=0.4", True), ("text/csv;q=0, */*", False),
        ("application/json;q=0, */*;q=0.1", True), ("text/csv;q=0.3, */*;q=0.8", False),
        ("text/html, */*;q=0.8", False), ("text/csv;q=1.0, */*;q=0.1", True),
        ("text/csv;q=high, application/json", False), ("text/csv ; q = 0.2, */* ;q=0.1", True),
    ],
)  # fmt: skip
def test_better_wish_wins_and_json_where_both_are_equal(
    accept: str | None, *, csv_wanted: bool
) -> None:
    assert wants_csv(accept) is csv_wanted


@pytest.mark.parametrize(
    "accept", ["image/png", "text/csv;q=0", "*/*;q=0", "text/html", ",", "q=1"]
)
def test_other_forms_are_refused(accept: str) -> None:
    with pytest.raises(Rejected) as refusal:
        wants_csv(accept)
    assert refusal.value.code == "not_acceptable"


def manifest(**changes: Any) -> ManifestRow:
    values = {
        "date": TODAY, "branch": "GRU", "kind": "pickup",
        "at": datetime(2026, 11, 22, 10, tzinfo=UTC), "done": False, "reference": "7K3MZQ2A",
        "status": "CONFIRMED", "class": "ECMR", "other_branch": "GIG", "given_name": "Ana",
        "family_name": "Souza", "phone": "+5511912345678",
    }  # fmt: skip
    return ManifestRow.model_validate(values | changes)


@pytest.mark.parametrize("start", [*FORMULA, " =", "  @"])
def test_cell_that_a_spreadsheet_would_run_is_text(start: str) -> None:
    body = to_csv(ManifestRow, [manifest(given_name=f"{start}cmd|' /C calc'!A0")])
    [_, row] = csv.reader(io.StringIO(body.decode(), newline=""))
    assert row[columns_of(ManifestRow).index("given_name")] == f"'{start}cmd|' /C calc'!A0"


def test_csv_quotes_what_rfc_4180_says_and_reads_back() -> None:
    names = ['say "hi", he said', "two\r\nlines", "Zoë", "", "a;b"]
    body = to_csv(ManifestRow, [manifest(given_name=name, plate=None) for name in names])
    assert b'"say ""hi"", he said"' in body
    assert body.endswith(b"\r\n")
    header, *rows = csv.reader(io.StringIO(body.decode("utf-8"), newline=""), strict=True)
    assert [row[header.index("given_name")] for row in rows] == names
    assert {len(row) for row in rows} == {len(header)}
    assert rows[0][header.index("at")] == "2026-11-22T10:00:00+00:00"


def test_amounts_are_numbers_of_minor_units_even_below_zero() -> None:
    money = {"price": 5, "additional": 0, "cancellation_fees": 0, "total": -12}
    amounts = {name: Money(amount=amount, currency="JPY") for name, amount in money.items()}
    row = RevenueRow.model_validate(
        {"date": TODAY, "branch": "GRU", "class": "ECMR", "rentals": 1, "cancellations": 0}
        | amounts
    )
    header, line = to_csv(RevenueRow, [row]).decode().split("\r\n")[:2]
    assert header == (
        "date,branch,class,rentals,price_minor,additional_minor,cancellations,"
        "cancellation_fees_minor,total_minor,currency"
    )
    assert line == "2026-11-22,GRU,ECMR,1,5,0,0,0,-12,JPY"


@pytest.mark.parametrize(
    ("name", "query", "first", "last"),
    [
        ("manifest", {}, "2026-11-22", "2026-11-22"),
        ("revenue", {}, "2026-10-23", "2026-11-22"),
        ("revenue", {"from": "2026-01-01"}, "2026-01-01", "2026-01-31"),
        ("revenue", {"to": "2026-01-31"}, "2026-01-01", "2026-01-31"),
        ("revenue", {"from": "2026-01-01", "to": "2026-04-02"}, "2026-01-01", "2026-04-02"),
    ],
)
def test_missing_day_follows_from_the_other_or_from_today(
    name: str, query: dict[str, str], first: str, last: str
) -> None:
    days = days_of(ReportQuery.model_validate(query), BY_NAME[name], TODAY)
    assert (days.first.isoformat(), days.last.isoformat()) == (first, last)


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("revenue", {"from": "2026-01-02", "to": "2026-01-01"}),
        ("revenue", {"from": "2026-01-01", "to": "2026-04-03"}),
        ("manifest", {"from": "2026-01-01", "to": "2026-02-01"}),
        ("revenue", {"from": "9999-12-31"}),
        ("revenue", {"to": "0001-01-02"}),
    ],
)
def test_days_that_cannot_be_reported_are_refused(name: str, query: dict[str, str]) -> None:
    with pytest.raises(Rejected) as refusal:
        days_of(ReportQuery.model_validate(query), BY_NAME[name], TODAY)
    assert refusal.value.errors[0].pointer == "/to"
