"""Who may be upgraded, and to what. No I/O; the clock is an argument."""

from collections.abc import Mapping
from datetime import datetime

from rent_process.handover.domain import OperatedRental, check_startable
from shared.contracts.renter import RentalStatus
from shared.errors import FieldError, Rejected


def check_upgradable(rental: OperatedRental, now: datetime) -> None:
    """Who has paid and not left yet: before that he may change himself, after it he exchanges.

    Raises:
        Rejected: ``illegal_transition``.
    """
    if rental.status is not RentalStatus.CONFIRMED:
        detail = f"a rental that is {rental.status} is not upgraded"
        raise Rejected("illegal_transition", detail)
    check_startable(rental, now)


def check_class(wanted: str, better: Mapping[str, int]) -> None:
    """One above the rental's own, that the driver may drive, with a car over the whole rental.

    Raises:
        Rejected: ``validation_failed``, ``car_unavailable``.
    """
    if wanted not in better:
        detail = "is not above the class that the rental has, or not for the driver's age"
        raise Rejected("validation_failed", detail, (FieldError("/class", detail),))
    if better[wanted] < 1:
        raise Rejected("car_unavailable", "the class is sold out for a part of that time")
