"""Rate cards: what makes one whole, how two differ, and their way through a spreadsheet."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from rent_process.rates import card_file, domain
from rent_process.rates.domain import Catalogue
from shared.contracts.rates import CardLine

LINES: TypeAdapter[list[CardLine]] = TypeAdapter(list[CardLine])
FEES = {
    "item": "fees", "young_driver_age": 25, "young_driver_day_minor": 2990, "licence_day_minor": 0,
    "airport_fee_basis_points": 1200, "tax_basis_points": 0, "grace_minutes": 59,
    "free_cancellation_hours": 24, "cancellation_fee_percent": 25, "weekend": [6, 7],
}  # fmt: skip
ECONOMY = {"item": "class", "class": "ECMR", "deposit_minor": 70000, "young_driver": True}
RATE = {
    "item": "rate", "class": "ECMR", "first_day": "2026-01-01", "last_day": "2026-12-31",
    "hour_minor": 2000, "day_minor": 10000, "week_minor": 60000, "month_minor": 210000,
    "weekend_basis_points": 12500,
}  # fmt: skip
SEAT = {"item": "extra", "code": "CHILD_SEAT", "unit_minor": 2500, "cap_minor": 10000}
PAIR = {"item": "one_way", "origin": "GRU", "destination": "GIG", "fee_minor": 44900}
CARD = [FEES, ECONOMY, RATE, SEAT, PAIR]
CATALOGUE = Catalogue(
    currencies=frozenset({"BRL"}),
    classes=frozenset({"ECMR", "CDAR"}),
    extras=frozenset({"CHILD_SEAT"}),
    coverages=frozenset({"CDW"}),
    pairs=frozenset({("GRU", "GIG")}),
)
HEAD = "item,class,first_day,last_day,hour_minor,day_minor,week_minor,month_minor"


def lines(*rows: dict[str, Any]) -> list[CardLine]:
    return LINES.validate_python(list(rows))


def faults(text: str) -> list[tuple[str, str]]:
    return [(fault.pointer, fault.message) for fault in card_file.read(text)[1]]


def test_what_is_written_is_read_back_the_same() -> None:
    card = lines(*CARD)
    numbered, found = card_file.read(card_file.write(card))
    assert not found
    assert [number for number, _ in numbered] == [2, 3, 4, 5, 6]
    assert [line for _, line in numbered] == card


def test_spreadsheet_in_portuguese_writes_semicolons_a_byte_order_mark_and_blank_lines() -> None:
    text = "\ufeffitem;class;deposit_minor;young_driver\r\nclass;ECMR; 70000 ;no\r\n;;;\r\n"
    [(number, line)] = card_file.read(text)[0]
    assert (number, line) == (2, lines(ECONOMY | {"young_driver": False})[0])


@pytest.mark.parametrize(
    ("text", "pointer", "words"),
    [
        ("", "/csv/1/item", "line 1, item: this column is missing"),
        ("item,price\n", "/csv/1/price", "line 1, price: is not a column of a rate card"),
        ("item,item\n", "/csv/1", "line 1: a column stands twice"),
        (f"{HEAD}\nrat,ECMR", "/csv/2/item", "line 2, item: "),
        (f"{HEAD}\n,ECMR", "/csv/2/item", "line 2, item: "),
        (f"{HEAD}\nrate,ECMR,2026-01-01,2026-12-31,20,abc,600,2100", "/csv/2/day_minor",
         "line 2, day_minor: Input should be a valid integer"),
        (f'{HEAD}\nrate,ECMR,2026-01-01,2026-12-31,20,"99,90",600,2100', "/csv/2/day_minor",
         "line 2, day_minor: Input should be a valid integer"),
        (f"{HEAD}\nrate,ECMR,2026-01-01,2026-12-31,20,0,600,2100", "/csv/2/day_minor",
         "line 2, day_minor: Input should be greater than 0"),
        (f"{HEAD}\nrate,ECMR,31/12/2026,2026-12-31,20,100,600,2100", "/csv/2/first_day",
         "line 2, first_day: "),
        (f"{HEAD}\nrate,ECMR,2026-12-31,2026-01-01,20,100,600,2100", "/csv/2",
         "line 2: last_day is before first_day"),
        (f"{HEAD}\nrate,ECMR,2026-01-01,2026-12-31,20,100,600", "/csv/2/month_minor",
         "line 2, month_minor: Field required"),
        (f"{HEAD}\nclass,ECMR,,,,,,,9", "/csv/2", "line 2: has more cells than the first line"),
        ('item\n"class', "/csv/2", "line 2"),
    ],
)  # fmt: skip
def test_fault_of_a_file_names_its_line_and_column(text: str, pointer: str, words: str) -> None:
    found = faults(text)
    assert found[0][0].startswith(pointer)
    assert found[0][1].startswith(words)


def test_every_fault_of_a_file_is_told_at_once() -> None:
    text = f"{HEAD}\nrate,ECMR,x,y,20,100,600,2100\nrate,EC,2026-01-01,2026-12-31,1,1,1,1\n"
    assert [pointer for pointer, _ in faults(text)] == [
        "/csv/2/first_day", "/csv/2/last_day", "/csv/3/class"
    ]  # fmt: skip


@given(st.text(max_size=200))
def test_no_text_is_more_than_faults(text: str) -> None:
    card_file.read(text)
    card_file.read(HEAD + "\n" + text)


def test_whole_card_has_no_fault() -> None:
    assert domain.faults_of(lines(*CARD), CATALOGUE) == []


@pytest.mark.parametrize(
    ("rows", "index", "message"),
    [
        ([ECONOMY, RATE], None, "there is no line of fees"),
        ([*CARD, FEES], 5, "fees stands twice"),
        ([*CARD, RATE], 5, "rate ECMR 2026-01-01 2026-12-31 stands twice"),
        ([FEES, ECONOMY], 1, "ECMR has a class line but no rate"),
        ([FEES, RATE], 1, "ECMR has a rate but no class line"),
        ([*CARD, RATE | {"class": "XXXX"}], 5, "there is no class XXXX"),
        ([*CARD, SEAT | {"code": "SKI"}], 5, "there is no extra SKI"),
        ([*CARD, {"item": "coverage", "code": "XX", "day_minor": 1, "excess_minor": 0}], 5,
         "there is no coverage XX"),
        ([*CARD, PAIR | {"destination": "SSA"}], 5,
         "no branch of this group lets cars go from GRU to SSA"),
    ],
)  # fmt: skip
def test_what_is_not_a_card_is_told_by_line(
    rows: list[dict[str, Any]], index: int | None, message: str
) -> None:
    assert (index, message) in domain.faults_of(lines(*rows), CATALOGUE)


def test_difference_of_cards_tells_new_gone_and_changed_lines_and_nothing_else() -> None:
    compact = ECONOMY | {"class": "CDAR"}
    after = [FEES | {"tax_basis_points": 500}, ECONOMY, RATE, SEAT, compact]
    changes = domain.changes_between(lines(*CARD), lines(*after))
    assert [(each.line, each.before, each.after) for each in changes] == [
        ("fees", {"tax_basis_points": 0}, {"tax_basis_points": 500}),
        ("class CDAR", None, {"class": "CDAR", "deposit_minor": 70000, "young_driver": True}),
        ("one_way GRU GIG", {"origin": "GRU", "destination": "GIG", "fee_minor": 44900}, None),
    ]
    assert domain.changes_between(lines(*CARD), reversed(lines(*CARD))) == []
