"""What may be reviewed and moderated. No I/O."""

from typing import Literal

from shared.contracts.renter import RentalStatus
from shared.contracts.reviews import ReviewStatus
from shared.errors import Rejected

Decision = Literal["APPROVED", "REJECTED"]


def is_open(status: RentalStatus, *, reviewed: bool) -> bool:
    return status is RentalStatus.COMPLETED and not reviewed


def check_reviewable(status: RentalStatus) -> None:
    """Let only a rental be reviewed that was driven to its end.

    Raises:
        Rejected: ``illegal_transition``.
    """
    if status is not RentalStatus.COMPLETED:
        raise Rejected("illegal_transition", f"a rental that is {status} cannot be reviewed")


def first_status(comment: str | None) -> ReviewStatus:
    """Stars alone need no moderation: there is nothing to read."""
    return "UNCOMMENTED" if comment is None else "PENDING"


def check_moderable(status: ReviewStatus, decision: Decision) -> None:
    """Let a decision be taken, and be taken back, but not twice.

    Raises:
        Rejected: ``already_resolved``.
    """
    if status == "UNCOMMENTED":
        raise Rejected("already_resolved", "this review has no comment to moderate")
    if status == decision:
        raise Rejected("already_resolved", f"this comment is {decision} already")
