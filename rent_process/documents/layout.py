"""What stands on a document, in the renter's language: facts in, a sheet of plain blocks out."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from rent_process.documents.domain import Coverage, Facts, Leg, Person, Place, Reading
from shared.contracts.money import Money
from shared.contracts.renter import DocumentKind

COMPANY = "RentACar"
TAX = "Tax"  # the OTA charge purpose of a tax's line


@dataclass(frozen=True, slots=True)
class Heading:
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str


@dataclass(frozen=True, slots=True)
class Pairs:
    """Labels with their values: a table whose first column is its headers."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """The first column is text, the others are figures; ``totals`` stand apart at the end."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    totals: tuple[tuple[str, ...], ...] = ()


Block = Heading | Paragraph | Pairs | Table


@dataclass(frozen=True, slots=True)
class Sheet:
    """A document before it is a file."""

    title: str
    language: str
    footer: str
    page_word: str
    issued_at: datetime
    blocks: tuple[Block, ...]


def lay_out(facts: Facts, number: str, issued_at: datetime) -> Sheet:
    """The same sheet for the same arguments: nothing else is looked at."""
    words = _words()[facts.locale]
    title = f"{words[facts.kind]} {number}"
    local = issued_at.astimezone(facts.pickup.at.tzinfo)
    body = _agreement if facts.kind is DocumentKind.AGREEMENT else _invoice
    head = Pairs(
        (
            (words["number"], number),
            (words["issued"], _moment(local, facts.locale)),
            (words["reference"], facts.reference),
            (words["lessor"], f"{COMPANY}, {facts.pickup.address}, {facts.pickup.city}"),
        )
    )
    return Sheet(
        title=title,
        language=facts.locale,
        footer=f"{COMPANY} · {title}",
        page_word=words["page"],
        issued_at=issued_at,
        blocks=(head, *body(facts, words)),
    )


def _agreement(facts: Facts, words: dict[str, Any]) -> Iterator[Block]:
    yield from _driver(facts.driver, words, facts.locale)
    yield from _journey(facts, words)
    yield from _readings(facts, words)
    yield from _lines(facts, words, "price")
    if facts.coverages:
        yield Heading(words["coverages"])
        yield Pairs(tuple(_coverage(each, words, facts.locale) for each in facts.coverages))
    if facts.deposit is not None and facts.deposit.amount:
        yield Heading(words["deposit"])
        yield Paragraph(words["deposit_text"].format(amount=_money(facts.deposit, facts.locale)))
    if facts.policy is not None:
        yield Heading(words["policy"])
        yield Paragraph(facts.policy.description)
    yield Heading(words["terms"])
    for position, clause in enumerate(words["clauses"], 1):
        yield Paragraph(f"{position}. {clause}")


def _invoice(facts: Facts, words: dict[str, Any]) -> Iterator[Block]:
    # Who pays, and no more about them than that takes.
    yield from _driver(facts.driver.as_payer(), words, facts.locale)
    yield from _journey(facts, words)
    yield from _readings(facts, words)
    yield from _lines(facts, words, "charges")
    yield Paragraph(words["invoice_note"])


def _driver(driver: Person, words: dict[str, Any], locale: str) -> Iterator[Block]:
    born = "" if driver.birth_date is None else _date(driver.birth_date, locale)
    rows = {
        "name": driver.name,
        "document": driver.document,
        "licence": driver.licence,
        "birth_date": born,
        "email": driver.email,
        "phone": driver.phone,
    }
    known = tuple((words[label], value) for label, value in rows.items() if value)
    if known:
        yield Heading(words["driver"])
        yield Pairs(known)


def _journey(facts: Facts, words: dict[str, Any]) -> Iterator[Block]:
    yield Heading(words["journey"])
    yield Pairs(
        (
            (words["pickup"], _stop(facts.pickup, facts.locale)),
            (words["return"], _stop(facts.return_, facts.locale)),
        )
    )
    yield Heading(words["car"])
    class_name = f"{facts.class_name} ({facts.class_code})"
    rows = [(words["class"], f"{class_name}, {facts.example_model} {words['or_similar']}")]
    if facts.vehicle is not None:
        rows.append((words["model"], f"{facts.vehicle.model} {facts.vehicle.model_year}"))
        rows.append((words["plate"], facts.vehicle.plate))
    elif facts.kind is DocumentKind.AGREEMENT:
        rows.append((words["plate"], words["later"]))
    yield Pairs(tuple(rows))


def _readings(facts: Facts, words: dict[str, Any]) -> Iterator[Block]:
    """Odometer and fuel of every car of the rental, as it left and as it came back."""

    def shown(leg: Leg, reading: Reading) -> str:
        km = _number(reading.km, facts.locale)
        return str(words["reading"]).format(plate=leg.plate, km=km, eighths=reading.fuel_eighths)

    rows = []
    for leg in facts.legs:
        rows.append((words["at_pickup"], shown(leg, leg.out)))
        if leg.back is not None:
            rows.append((words["at_return"], shown(leg, leg.back)))
    if rows:
        yield Heading(words["readings"])
        yield Pairs(tuple(rows))


def _lines(facts: Facts, words: dict[str, Any], heading: str) -> Iterator[Block]:
    locale = facts.locale
    taxes = sum(line.amount.amount for line in facts.lines if line.purpose == TAX)
    totals = [(words["total"], "", "", _money(facts.total, locale))]
    if taxes:
        tax = Money(amount=taxes, currency=facts.total.currency)
        totals.append((words["of_which_taxes"], "", "", _money(tax, locale)))
    yield Heading(words[heading])
    yield Table(
        header=(words["description"], words["quantity"], words["unit"], words["amount"]),
        rows=tuple(
            (
                line.description,
                _number(line.quantity, locale),
                _money(line.unit_amount, locale),
                _money(line.amount, locale),
            )
            for line in facts.lines
        ),
        totals=tuple(totals),
    )


def _coverage(coverage: Coverage, words: dict[str, Any], locale: str) -> tuple[str, str]:
    return coverage.name, f"{words['excess']}: {_money(coverage.excess, locale)}"


def _stop(place: Place, locale: str) -> str:
    return f"{_moment(place.at, locale)}, {place.name}, {place.address}, {place.city}"


@cache
def _words() -> dict[str, Any]:
    words: dict[str, Any] = json.loads(Path(__file__).with_name("words.json").read_text("utf-8"))
    return words


def fee_line_description(locale: str, fee: str) -> str:
    """``cancellation_fee`` or ``no_show_fee``, as the invoice calls it."""
    text: str = _words()[locale][fee]
    return text


def _money(money: Money, locale: str) -> str:
    from babel.numbers import format_currency, get_currency_precision  # noqa: PLC0415 -- budget

    major = Decimal(money.amount).scaleb(-get_currency_precision(money.currency))
    return str(format_currency(major, money.currency, locale=locale.replace("-", "_")))


def _number(value: float, locale: str) -> str:
    from babel.numbers import format_decimal  # noqa: PLC0415 -- import budget

    return str(format_decimal(value, locale=locale.replace("-", "_")))


def _date(value: Any, locale: str) -> str:
    from babel.dates import format_date  # noqa: PLC0415 -- import budget

    return str(format_date(value, "long", locale=locale.replace("-", "_")))


def _moment(value: datetime, locale: str) -> str:
    """A date, the wall clock, and how far that clock is from UTC."""
    offset = value.strftime("%z")
    return f"{_date(value, locale)}, {value:%H:%M} (UTC{offset[:3]}:{offset[3:5]})"
