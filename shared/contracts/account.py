"""The HTTP models of what a signed-in renter asks about themselves."""

from typing import Annotated, Any

from pydantic import AwareDatetime, Field

from shared.contracts.renter import Rental, RentalStatus, Request, Response


class PageQuery(Request):
    """Newest first; ``cursor`` is the ``next_cursor`` of the page before."""

    cursor: Annotated[str, Field(max_length=200)] | None = None
    limit: int = Field(default=20, ge=1, le=100)


class PersonalRental(Response):
    """A rental as the renter sees it, and what else is held about it."""

    rental: Rental
    driver: dict[str, Any]
    driver_age: int
    locale: str
    created_at: AwareDatetime
    extras: list[dict[str, Any]]
    coverages: list[str]
    cancellation_reason: str | None = None
    payments: list[dict[str, Any]]
    charges: list[dict[str, Any]]
    refunds: list[dict[str, Any]]
    emails: list[dict[str, Any]]
    documents: list[dict[str, Any]]
    photos: list[dict[str, Any]]
    review: dict[str, Any] | None = None
    messages: list[dict[str, Any]]
    cancellation: dict[str, Any] | None = None
    no_show: dict[str, Any] | None = None
    check_in: dict[str, Any] | None = None
    cars: list[dict[str, Any]] = Field(description="Each that the rental had")
    damages: list[dict[str, Any]]
    extensions: list[dict[str, Any]]
    revisions: list[dict[str, Any]] = Field(description="0 is what was booked")
    asked_payments: list[dict[str, Any]]
    counter_payments: list[dict[str, Any]]
    disputes: list[dict[str, Any]]
    unmatched_payments: list[dict[str, Any]]
    reminders: list[dict[str, Any]]
    promo_codes: list[dict[str, Any]]
    operator_actions: list[dict[str, Any]] = Field(description="Without who acted")


class PersonalData(Response):
    """Everything that is held on a sign-in's subject (LGPD, article 18)."""

    subject: str
    exported_at: AwareDatetime
    rentals: list[PersonalRental]


class KeptRental(Response):
    """A rental that is still running: its driver is needed until it has ended."""

    reference: str
    status: RentalStatus


class Erasure(Response):
    """``kept`` is not empty: ask again when those rentals have ended."""

    erased: int
    kept: list[KeptRental]
