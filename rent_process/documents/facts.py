"""What a rental's row comes to on paper."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from rent_process.documents.domain import Coverage, Facts, Leg, Person, Place, Vehicle
from rent_process.documents.layout import fee_line_description
from shared.contracts.money import Money
from shared.contracts.renter import CancellationPolicy, DocumentKind, PriceLine, RentalStatus

FEES = {
    RentalStatus.CANCELLED: "cancellation_fee",
    RentalStatus.NO_SHOW: "no_show_fee",
}


def agreement_of(row: dict[str, Any]) -> Facts:
    """What was agreed: the price, the deposit, the policy, and the car once it was handed over."""
    return Facts(
        kind=DocumentKind.AGREEMENT,
        **_common(row),
        driver=_person(row["driver"]),
        vehicle=None if row["vehicle"] is None else Vehicle.model_validate(row["vehicle"]),
        lines=tuple(PriceLine.model_validate(line) for line in row["price"]["lines"]),
        total=Money(amount=row["total_minor"], currency=row["currency"]),
        coverages=tuple(Coverage.model_validate(each) for each in row["coverages"]),
        deposit=Money(amount=row["deposit_minor"], currency=row["currency"]),
        policy=CancellationPolicy.model_validate(row["cancellation_policy"]),
        legs=_legs(row),
    )


def invoice_of(row: dict[str, Any], due_minor: int) -> Facts:
    """What is due: the lines of the price and on top, or the fee of what did not take place.

    No car: which one it was changes nothing of what is due, and would make another invoice. What
    its instruments showed stands there when the return has made another one anyway: kilometres and
    fuel are charged by it.
    """
    fee = FEES.get(RentalStatus(row["status"]))
    asked = row["price"]["lines"] + ([] if fee else row["charges"])
    lines = tuple(PriceLine.model_validate(line) for line in asked)
    due = Money(amount=due_minor, currency=row["currency"])
    if fee is not None and due_minor != row["total_minor"]:
        description = fee_line_description(row["locale"], fee)
        lines = (
            PriceLine(
                purpose="Fee", description=description, quantity=1, unit_amount=due, amount=due
            ),
        )
    if sum(each.amount.amount for each in lines) != due_minor:
        raise AssertionError("an invoice adds up")
    return Facts(
        kind=DocumentKind.INVOICE,
        **_common(row),
        driver=_person(row["driver"]).as_payer(),
        vehicle=None,
        lines=lines,
        total=due,
        coverages=(),
        deposit=None,
        policy=None,
        legs=_legs(row) if row["is_return_charged"] else (),
    )


def _common(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "locale": row["locale"],
        "reference": row["reference"],
        "pickup": _place(row, "pickup"),
        "return_": _place(row, "return"),
        "class_code": row["class_code"],
        "class_name": row["class_name"],
        "example_model": row["example_model"],
    }


def _legs(row: dict[str, Any]) -> tuple[Leg, ...]:
    return tuple(Leg.model_validate(each) for each in row["legs"])


def _place(row: dict[str, Any], which: str) -> Place:
    at: datetime = row[f"{which}_at"]
    return Place(
        name=row[f"{which}_name"],
        address=row[f"{which}_address"],
        city=row[f"{which}_city"],
        at=at.astimezone(ZoneInfo(row[f"{which}_timezone"])),
    )


def _person(driver: dict[str, Any]) -> Person:
    document, licence = driver.get("document", {}), driver.get("licence") or {}
    born = driver.get("birth_date")
    return Person(
        name=f"{driver.get('given_name', '')} {driver.get('family_name', '')}".strip(),
        email=driver.get("email", ""),
        phone=driver.get("phone", ""),
        birth_date=None if born is None else date.fromisoformat(born),
        document=_identity(document, document.get("type", "").upper()),
        licence=_identity(licence, ""),
    )


def _identity(document: dict[str, Any], label: str) -> str:
    if not document:
        return ""
    return f"{label} {document['number']} ({document['country']})".strip()
