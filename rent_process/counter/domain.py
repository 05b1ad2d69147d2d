"""What may be taken and given at the counter. No I/O."""

from rent_process.ledger.domain import Account, missing_minor
from shared.contracts.money import Money
from shared.contracts.renter import RentalStatus
from shared.errors import FieldError, Rejected

PAYABLE = frozenset(
    {
        RentalStatus.CONFIRMED,
        RentalStatus.CHECKED_OUT,
        RentalStatus.COMPLETED,
        RentalStatus.NO_SHOW,
    }
)


def left_to_pay(status: RentalStatus, total_minor: int, account: Account) -> int:
    """What the rental costs, less what came and what the card is being asked for."""
    if status not in PAYABLE:
        return 0
    return max(missing_minor(status, total_minor, 0, account), 0)


def check_return(amount: Money, currency: str, owed_minor: int) -> None:
    """Hand back no more than what is owed.

    Raises:
        Rejected: ``validation_failed``, ``amount_exceeds_paid``.
    """
    _check_currency(amount, currency)
    if amount.amount > owed_minor:
        raise _too_much("amount_exceeds_paid", "more than what the counter has to hand back")


def check_payment(status: RentalStatus, amount: Money, currency: str, left_minor: int) -> None:
    """Take no more than what is left to pay.

    Raises:
        Rejected: ``not_payable``, ``validation_failed``, ``amount_exceeds_due``.
    """
    _check_currency(amount, currency)
    if status not in PAYABLE or left_minor == 0:
        raise Rejected("not_payable", f"nothing is due at the counter; the rental is {status}")
    if amount.amount > left_minor:
        raise _too_much("amount_exceeds_due", "more than what is left to pay")


def check_goodwill(amount: Money, currency: str, account: Account) -> None:
    """Give back no more than what came online and is still here.

    Raises:
        Rejected: ``validation_failed``, ``amount_exceeds_paid``.
    """
    _check_currency(amount, currency)
    if amount.amount > account.left_minor:
        raise _too_much("amount_exceeds_paid", "more than what was paid online and is still kept")


def _check_currency(amount: Money, currency: str) -> None:
    if amount.currency != currency:
        detail = f"this rental is paid in {currency}"
        raise Rejected("validation_failed", detail, (FieldError("/amount/currency", detail),))


def _too_much(code: str, detail: str) -> Rejected:
    return Rejected(code, detail, (FieldError("/amount/amount", detail),))
