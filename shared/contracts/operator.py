"""The operator's HTTP models, as published in the OpenAPI document."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field, StrictBool, StringConstraints

from shared.contracts.money import Money
from shared.contracts.renter import (
    BranchCode,
    ClassCode,
    RentalDriver,
    RentalStatus,
    Request,
    Response,
    Stop,
)

# One line of printable text. Reasons are read by people and kept: no renter's data belongs here.
Text = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=500, pattern=r"^[^\x00-\x1f\x7f]*$"
    ),
]
Reference = Annotated[
    str,
    StringConstraints(to_upper=True, pattern="^[0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]{8}$"),
    Field(examples=["7K3M9QXA"]),
]
Cursor = Annotated[
    str,
    StringConstraints(max_length=200, pattern="^[A-Za-z0-9_-]+$"),
    Field(description="`next_cursor` of the page before"),
]


class PageQuery(Request):
    """A page of a list, newest first."""

    cursor: Cursor | None = None
    limit: int = Field(default=50, ge=1, le=200)


class Page(Response):
    next_cursor: str | None = Field(default=None, description="Absent on the last page")


# --- audit -------------------------------------------------------------------------------------


class AuditQuery(PageQuery):
    rental: Reference | None = None


class AuditEntry(Response):
    """One action: ``actor`` is the subject of the operator's access token."""

    at: AwareDatetime
    actor: str
    action: str = Field(examples=["dead_letter_replayed"])
    reference: str | None = None
    target: str | None = None
    reason: str | None = None
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None


class AuditPage(Page):
    entries: list[AuditEntry]


# --- dead letters ------------------------------------------------------------------------------


class DeadLetterQuery(PageQuery):
    queue: (
        Literal["payment-requests", "payment-results", "email-requests", "document-requests"] | None
    ) = None
    resolved: bool | None = Field(
        default=None, description="Only those that are (not) replayed or discarded"
    )


class DeadLetter(Response):
    """A message that its consumer could not handle; ``body`` is shown up to 4,000 letters."""

    id: UUID = Field(validation_alias="dead_letter_id")
    queue: str
    body: str
    body_bytes: int
    dead_at: AwareDatetime
    resolution: Literal["replayed", "discarded"] | None = None
    resolved_at: AwareDatetime | None = None
    resolved_by: str | None = None
    reason: str | None = None


class DeadLetterPage(Page):
    messages: list[DeadLetter]


class Discard(Request):
    reason: Text


class DeadLetterResolved(Response):
    id: UUID
    queue: str
    resolution: Literal["replayed", "discarded"]


# --- feature flags -----------------------------------------------------------------------------


class Switch(Response):
    """``conditional``: filters decide for each caller while it is enabled."""

    name: str = Field(examples=["pix"])
    enabled: bool
    conditional: bool
    default: bool = Field(description="What serves where App Configuration does not say")
    description: str
    owner: str
    expires_on: date | None = None


class Switches(Response):
    features: list[Switch]
    effective_within_seconds: float


class Turn(Request):
    enabled: StrictBool


# --- rentals -----------------------------------------------------------------------------------


class RentalsQuery(PageQuery):
    """``from`` and ``to`` bound the pick-up: from is in, to is out."""

    status: RentalStatus | None = None
    branch: BranchCode | None = None
    from_: AwareDatetime | None = Field(default=None, alias="from")
    to: AwareDatetime | None = None
    q: Annotated[Text, StringConstraints(min_length=2, max_length=80)] | None = Field(
        default=None, description="A reference, or how an e-mail address or a name begins"
    )


class ListedRental(Response):
    reference: str
    status: RentalStatus
    created_at: AwareDatetime
    pickup: Stop
    return_: Stop = Field(alias="return")
    car_class: ClassCode = Field(alias="class")
    driver: RentalDriver
    total: Money
    payment_method: Literal["card", "pix", "boleto", "counter"]
    payment_status: str | None = Field(default=None, description="Absent at the counter")


class RentalPage(Page):
    rentals: list[ListedRental]


# --- reconciliation ----------------------------------------------------------------------------


class ReconciliationQuery(Request):
    grace_seconds: int = Field(
        default=300, ge=0, le=86_400, description="What is younger may still be on its way"
    )


class Check(Response):
    name: str = Field(examples=["paid_not_confirmed"])
    drift: int
    examples: list[str] = Field(
        description="References of rentals, or the vendor's own ids; up to ten"
    )


class Reconciliation(Response):
    """``drift`` 0 is healthy."""

    drift: int
    checks: list[Check]
    checked_at: AwareDatetime
    grace_seconds: int


# --- the counter -------------------------------------------------------------------------------


class PositiveMoney(Money):
    amount: int = Field(strict=True, ge=1, le=10**12)


class CounterPayment(Request):
    """What the operator took, in the rental's currency."""

    amount: PositiveMoney
    method: Literal["cash", "terminal"]
    note: Text | None = Field(default=None, description="A receipt's number, say; no names")


class Goodwill(Request):
    amount: PositiveMoney
    reason: Text


class Settled(Response):
    reference: str
    status: RentalStatus
    due: Money = Field(description="What is left to pay at the counter")


class HandedBack(Response):
    reference: str
    status: RentalStatus
    owed: Money = Field(description="What the counter still has to hand back")
