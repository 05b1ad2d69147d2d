"""When a car may stay longer, and what that costs. No I/O; the clock is an argument."""

from datetime import datetime, timedelta

from rent_process.handover.domain import OperatedRental
from rent_process.terms.domain import SoldTerms, measure_overtime, overtime_lines, with_taxes
from shared.contracts.handover import ExtensionRequest
from shared.contracts.renter import PriceLine, RentalStatus
from shared.errors import FieldError, Rejected

# As long as a rental may be to begin with (infra/migrations: at most 60 days a rental).
LONGEST_EXTENSION = timedelta(days=60)


def check_extension(rental: OperatedRental, return_at: datetime, now: datetime) -> None:
    """Only a car that is out, and only to a later time that is still ahead.

    Raises:
        Rejected: ``illegal_transition``, ``period_invalid``.
    """
    if rental.status is not RentalStatus.CHECKED_OUT:
        detail = f"a rental that is {rental.status} cannot be extended"
        raise Rejected("illegal_transition", detail)
    detail = ""
    if return_at <= max(rental.return_at, now):
        detail = "is not after the return that is agreed, and ahead"
    elif return_at > rental.return_at + LONGEST_EXTENSION:
        detail = f"at most {LONGEST_EXTENSION.days} days can be added at once"
    if detail:
        raise Rejected("period_invalid", detail, (FieldError("/return_at", detail),))


def check_override(request: ExtensionRequest) -> None:
    """Who sells what is not there says why.

    Raises:
        Rejected: ``validation_failed``.
    """
    if request.override and request.reason is None:
        detail = "an override needs a reason"
        raise Rejected("validation_failed", detail, (FieldError("/reason", detail),))


def extension_lines(
    rental: OperatedRental, terms: SoldTerms, return_at: datetime
) -> list[PriceLine]:
    """Every begun hour, without grace: more time is what is being bought."""
    added = measure_overtime(
        rental.pickup_at, rental.return_at, return_at, terms, grace=timedelta(0)
    )
    return with_taxes(terms, overtime_lines(terms, added))
