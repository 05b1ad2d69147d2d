"""Write a review once, show what was approved, moderate with an audit."""

from typing import Any
from uuid import UUID

from rent_process.audit import service as audit
from rent_process.paging import DATED, from_cursor, split_page, to_cursor
from rent_process.reviews import domain, repository
from rent_process.reviews.domain import Decision
from shared.contracts.caller import Caller
from shared.contracts.renter import RentalStatus
from shared.contracts.reviews import (
    ModeratedReview,
    ModerationPage,
    ModerationQuery,
    OwnReview,
    Reviewing,
    ReviewRequest,
    Reviews,
    ReviewsQuery,
    ShownReview,
)
from shared.database import connect, transaction
from shared.errors import Rejected
from shared.telemetry import event


async def write(reference: str, request: ReviewRequest) -> OwnReview:
    """Keep a rental's only review. Whether the caller is its renter is checked before.

    Raises:
        Rejected: ``not_found``; ``illegal_transition`` before its end; ``already_reviewed``.
        Unavailable: the database is down.
    """
    async with transaction("rent") as connection:
        rental = await repository.lock_rental(connection, reference)
        if rental is None:
            raise Rejected("not_found", "there is no such rental")
        domain.check_reviewable(RentalStatus(rental["status"]))
        review = {
            "rental_id": rental["rental_id"],
            "branch": rental["pickup_branch"],
            "class": rental["class_code"],
            "rating": request.rating,
            "comment": request.comment,
            "status": domain.first_status(request.comment),
        }
        written = await repository.insert_review(connection, review)
    if written is None:
        raise Rejected("already_reviewed", "this rental has been reviewed")
    event("rental_reviewed", {"rating": request.rating})
    return OwnReview.model_validate(written)


async def read_own(reference: str) -> Reviewing:
    """What the renter wrote, if they did, and whether they may."""
    async with connect("rent") as connection:
        row = await repository.read_own(connection, reference)
    review = None if row["rating"] is None else OwnReview.model_validate(row)
    status = RentalStatus(row["rental_status"])
    return Reviewing(open=domain.is_open(status, reviewed=review is not None), review=review)


async def list_shown(query: ReviewsQuery) -> Reviews:
    """What anybody may read.

    Raises:
        Rejected: ``validation_failed`` for a cursor that this list has not given.
    """
    parameters = _page(query.cursor, query.limit) | {
        "status": "APPROVED",
        "class": query.car_class,
        "branch": query.branch,
        "branches": None,
    }
    async with connect("rent") as connection:
        found = await repository.list_reviews(connection, parameters)
        average = await repository.average(connection, query.car_class, query.branch)
    rows, following = _split(found, query.limit)
    shown = [ShownReview.model_validate(row) for row in rows]
    return Reviews(**average, reviews=shown, next_cursor=following)


async def list_for_moderation(query: ModerationQuery, caller: Caller) -> ModerationPage:
    """Comments of the operator's branches.

    Raises:
        Rejected: ``validation_failed`` for a cursor that this list has not given.
    """
    parameters = _page(query.cursor, query.limit) | {
        "status": query.status,
        "class": None,
        "branch": query.branch,
        "branches": caller.limited_to,
    }
    async with connect("rent") as connection:
        found = await repository.list_reviews(connection, parameters)
    rows, following = _split(found, query.limit)
    reviews = [ModeratedReview.model_validate(row) for row in rows]
    return ModerationPage(reviews=reviews, next_cursor=following)


async def moderate(
    review_id: UUID, decision: Decision, reason: str | None, caller: Caller
) -> ModeratedReview:
    """Show a comment to everybody, or keep it back; the audit has no word of it.

    Raises:
        Rejected: ``not_found``, also at another's branch; ``already_resolved``.
    """
    async with transaction("rent") as connection:
        row = await repository.lock_review(connection, review_id, caller.limited_to)
        if row is None:
            raise Rejected("not_found", "there is no such review")
        domain.check_moderable(row["status"], decision)
        changed = await repository.moderate(connection, review_id, decision)
        await audit.record(
            connection,
            caller,
            f"review_{decision.lower()}",
            reference=row["reference"],
            target=str(review_id),
            reason=reason,
            before={"status": row["status"]},
            after={"status": decision},
        )
    return ModeratedReview.model_validate(row | changed)


def _page(cursor: str | None, limit: int) -> dict[str, Any]:
    before_at, before_id = from_cursor(cursor, DATED) or (None, None)
    return {"before_at": before_at, "before_id": before_id, "limit": limit + 1}


def _split(found: list[dict[str, Any]], limit: int) -> tuple[list[dict[str, Any]], str | None]:
    rows, more = split_page(found, limit)
    if not more:
        return rows, None
    return rows, to_cursor((rows[-1]["created_at"], rows[-1]["review_id"]), DATED)
