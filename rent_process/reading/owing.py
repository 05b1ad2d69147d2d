"""What a rental still owes, and where the payment of it stands."""

from typing import Any

from rent_process.ledger.domain import (
    Account,
    Charge,
    ChargeStatus,
    missing_minor,
    owed_at_counter,
    payable_minor,
)
from shared.contracts.due import DuePayment
from shared.contracts.messages import Purpose
from shared.contracts.money import Money
from shared.contracts.renter import RentalStatus

# What the payment says while PaymentProcess has not seen the newest attempt yet.
REQUESTED = "CREATED"


def owing_of(row: dict[str, Any], account: Account, fee_minor: int) -> dict[str, Any]:
    """The fields of ``Rental`` that tell of it; ``row`` is one of ``read_rental``."""
    status, currency = RentalStatus(row["status"]), row["currency"]
    missing = missing_minor(status, row["total_minor"], fee_minor, account)
    waits = _seen(row, account.paying_charge) == "REQUIRES_ACTION"
    payable = payable_minor(status, row["payment_method"], missing, account, waits=waits)
    return {
        "due": Money(amount=max(missing, 0), currency=currency),
        "payable": Money(amount=payable, currency=currency) if payable else None,
        "due_payment": _due_payment(row, account),
        "deposit_status": _deposit_status(account),
    }


def returnable_of(row: dict[str, Any], account: Account, fee_minor: int) -> dict[str, Any]:
    """What an operator may give back: at the counter what is owed, online what is there."""
    status, currency = RentalStatus(row["status"]), row["currency"]
    found = {
        "counter_owes": owed_at_counter(status, row["total_minor"], fee_minor, account),
        "refundable": account.left_minor,
    }
    return {name: Money(amount=amount, currency=currency) for name, amount in found.items()}


def _due_payment(row: dict[str, Any], account: Account) -> DuePayment | None:
    charge = account.paying_charge or account.later_charge
    if charge is None:
        return None
    seen = _seen(row, charge)
    shown = {
        "sequence": charge.sequence,
        "attempt": _asked_attempt(row, charge),
        "amount": Money(amount=charge.asked_minor, currency=row["currency"]),
        "status": seen or REQUESTED,
        "open": charge.is_open,
    }
    if seen is not None:
        told = ("decline_code", "next_action", "client_secret")
        shown |= {name: row[name] for name in told}
    return DuePayment.model_validate(shown)


def _seen(row: dict[str, Any], charge: Charge | None) -> str | None:
    """What PaymentProcess says of a charge; None while its newest attempt is on the way there."""
    if charge is None or row["payment_sequence"] != charge.sequence:
        return None
    is_old = row["payment_attempt"] < _asked_attempt(row, charge)
    if charge.status is ChargeStatus.OPEN and is_old:
        return None
    found: str = row["payment_status"]
    return found


def _asked_attempt(row: dict[str, Any], charge: Charge) -> int:
    """1 unless a renter chose another way of paying."""
    is_newest = row["payment_sequence"] == charge.sequence
    return (row["asked_attempt"] if is_newest else None) or 1


def _deposit_status(account: Account) -> str | None:
    deposits = [each for each in account.charges if each.purpose is Purpose.DEPOSIT]
    return deposits[-1].status.value if deposits else None
