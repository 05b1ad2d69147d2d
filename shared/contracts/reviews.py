"""The HTTP models of reviews: the renter's, everybody's, the moderating operator's."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field, StringConstraints

from shared.contracts import operator
from shared.contracts.account import PageQuery
from shared.contracts.bases import BranchCode, ClassCode, Request, Response

# Lines and tabs are writing; other control characters are not.
Prose = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True,
        min_length=1,
        max_length=2000,
        pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$",
    ),
]
ReviewStatus = Literal["UNCOMMENTED", "PENDING", "APPROVED", "REJECTED"]


class ReviewRequest(Request):
    rating: int = Field(strict=True, ge=1, le=5)
    comment: Prose | None = None


class OwnReview(Response):
    """``status`` is that of the comment: it is read before others see it."""

    rating: int
    comment: str | None = None
    status: ReviewStatus
    created_at: AwareDatetime


class Reviewing(Response):
    """Whether the renter may review this rental now, and what they wrote."""

    open: bool
    review: OwnReview | None = None


class ReviewsQuery(PageQuery):
    car_class: ClassCode | None = Field(default=None, alias="class")
    branch: BranchCode | None = Field(default=None, description="Where the car was picked up")


class ShownReview(Response):
    """What anybody may read: it names nobody."""

    rating: int
    comment: str
    car_class: ClassCode = Field(alias="class")
    branch: BranchCode
    created_at: AwareDatetime


class Reviews(Response):
    """``average`` and ``count`` are of every rating; listed are those with an approved comment."""

    average: float | None = Field(default=None, description="One decimal; absent without reviews")
    count: int
    reviews: list[ShownReview]
    next_cursor: str | None = Field(default=None, description="Absent on the last page")


# --- operator ----------------------------------------------------------------------------------


class ModerationQuery(operator.PageQuery):
    status: Literal["PENDING", "APPROVED", "REJECTED"] = "PENDING"
    branch: BranchCode | None = None


class ModeratedReview(Response):
    id: UUID = Field(validation_alias="review_id")
    reference: str
    rating: int
    comment: str
    status: ReviewStatus
    car_class: ClassCode = Field(alias="class")
    branch: BranchCode
    created_at: AwareDatetime
    moderated_at: AwareDatetime | None = None


class ModerationPage(operator.Page):
    reviews: list[ModeratedReview]


class Rejection(Request):
    reason: operator.Text
