"""Prices against examples that a person worked out: the table beside this file."""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from rent_process.booking.domain import price_choice
from rent_process.pricing.charges import Promotion, Trip, price_lines
from rent_process.pricing.domain import Rate, Tariff, Tier, cancellation_policy, measure_length
from rent_process.pricing.offer import OfferTerms, SignedExtra, SignedTax
from rent_process.pricing.units import Plan, Season
from shared.contracts.changes import ModificationRequest
from shared.contracts.money import Money
from shared.contracts.renter import CoverageOffer

PAGE = Path(__file__).with_name("worked_examples.md").read_text(encoding="utf-8")
FEWEST = 40  # rows that the owner asked for
YOUNG_BELOW = 25


def table(heading: str) -> Iterator[dict[str, str]]:
    """The rows of the table under a heading of the page, by the names in its head."""
    section = PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    rows = [
        [cell.strip() for cell in row.strip("|").split("|")]
        for row in section.splitlines()
        if row.startswith("|") and not row.startswith("|---")
    ]
    return (dict(zip(rows[0], row, strict=True)) for row in rows[1:])


def minor(amount: str) -> int:
    return int(Decimal(amount) * 100)


def money(amount: str) -> Money:
    return Money(amount=minor(amount), currency="BRL")


def plan_of(name: str) -> Plan:
    return Plan(
        tuple(
            Season(
                date.fromisoformat(row["from"]),
                date.fromisoformat(row["to"]),
                Rate(*(minor(row[unit]) for unit in ("hour", "day", "week", "month", "weekend"))),
            )
            for row in table("Rates")
            if row["rates"] == name
        )
    )


def tariff_of(name: str) -> Tariff:
    [row] = [row for row in table("Fees") if row["fees"] == name]
    return Tariff(
        young_driver_age=YOUNG_BELOW,
        young_driver_day=minor(row["young, a day"]),
        licence_day=minor(row["licence, a day"]),
        airport_fee_basis_points=minor(row["service"]),
        tax_basis_points=minor(row["tax"]),
        grace=timedelta(minutes=int(row["grace"])),
        free_cancellation_hours=24,
        cancellation_fee_percent=25,
        tiers=tuple(
            Tier(int(days), minor(percent))
            for days, percent in re.findall(r"(\d+): ([\d.]+)", row["tiers"])
        ),
    )


def choice_of(what: str) -> ModificationRequest:
    extras = [
        {"code": code, "quantity": int(pieces)} for pieces, code in re.findall(r"(\d) (\w+)", what)
    ]
    coverages = ["CDW"] if "CDW" in what else []
    return ModificationRequest(offer="signed", extras=extras, coverages=coverages)


def promotion_of(what: str) -> Promotion | None:
    found = re.search(r"promo ([\d.]+)( %)?", what)
    if found is None:
        return None
    value = minor(found[1])
    return Promotion("CODE", value, 0) if found[2] else Promotion("CODE", 0, value)


def items() -> dict[str, Any]:
    rows = list(table("Extras and coverages"))
    return {
        "extras": [
            SignedExtra(
                code=row["code"],
                name=row["code"],
                unit_amount=money(row["unit"]),
                per=row["per"],
                maximum_quantity=3,
                maximum_amount=money(row["cap a piece"]) if row["cap a piece"] else None,
                purpose=row["purpose"],
            )
            for row in rows
            if row["purpose"] != "Coverage"
        ],
        "coverages": [
            CoverageOffer(
                code=row["code"],
                name=row["code"],
                unit_amount=money(row["unit"]),
                per="day",
                excess=money("3500.00"),
            )
            for row in rows
            if row["purpose"] == "Coverage"
        ],
    }


def times_of(row: dict[str, str]) -> tuple[datetime, datetime]:
    """The two times on the pick-up branch's clock."""
    zone = ZoneInfo(row["zone"])
    day, clock, *elsewhere = row["return"].split()
    back = datetime.fromisoformat(f"{day}T{clock}")
    back = back.replace(tzinfo=ZoneInfo(elsewhere[0]) if elsewhere else zone)
    pickup = datetime.fromisoformat(row["pick-up"]).replace(tzinfo=zone)
    return pickup, back.astimezone(zone)


def offered(row: dict[str, str]) -> OfferTerms:
    tariff, what = tariff_of(row["fees"]), row["with"]
    pickup_at, return_at = times_of(row)
    length = measure_length(pickup_at, return_at, tariff.grace)
    age = re.search(r"age (\d+)", what)
    one_way = re.search(r"one-way ([\d.]+)", what)
    trip = Trip(
        length,
        pickup_at.date(),
        young_driver=age is not None and int(age[1]) < YOUNG_BELOW,
        one_way_fee=minor(one_way[1]) if one_way else 0,
    )
    lines = price_lines(
        trip, plan_of(row["rates"]), tariff, promotion_of(what), currency="BRL", locale="en"
    )
    return OfferTerms(
        pickup_branch="GRU",
        return_branch="GRU",
        class_code="ECMR",
        pickup_at=pickup_at,
        return_at=return_at,
        timezone=row["zone"],
        from_hour=0,
        to_hour=1,
        age_from=21,
        age_to=120,
        charged_days=length.charged_days,
        currency="BRL",
        lines=lines,
        **items(),
        tax=SignedTax(basis_points=tariff.tax_basis_points, description="Taxes"),
        deposit=money("700.00"),
        cancellation_policy=cancellation_policy(pickup_at, tariff, money("100.00"), "en"),
    )


EXAMPLES = list(table("Examples"))


@pytest.mark.parametrize(
    "row", EXAMPLES, ids=[f"{row['no']}-{row['what it shows']}" for row in EXAMPLES]
)
def test_price_is_what_was_worked_out_by_hand(row: dict[str, str]) -> None:
    terms = offered(row)
    choice = choice_of(row["with"])
    price = price_choice(_Chosen(choice), terms).price
    lines = "; ".join(f"{each.purpose} {each.amount.amount / 100:.2f}" for each in price.lines)
    assert lines == row["lines"]
    assert f"{price.total.amount / 100:.2f}" == row["total"]


def test_the_table_is_complete_and_adds_up() -> None:
    assert len(EXAMPLES) >= FEWEST
    assert [int(row["no"]) for row in EXAMPLES] == list(range(1, len(EXAMPLES) + 1))
    for row in EXAMPLES:
        amounts = [Decimal(each) for each in re.findall(r"-?\d+\.\d\d", row["lines"])]
        assert sum(amounts) == Decimal(row["total"]), row["no"]


class _Chosen:
    """What the row adds to its offer."""

    def __init__(self, choice: ModificationRequest) -> None:
        self.extras, self.coverages = choice.extras or [], choice.coverages or []
