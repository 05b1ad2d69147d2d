"""The renter's HTTP models, as published in the OpenAPI document.

Requests refuse unknown fields. Times are aware; a pick-up is shown in its branch's own zone.
"""

from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import (
    AwareDatetime,
    BeforeValidator,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
    model_validator,
)

from shared.contracts.bases import (
    LINE,
    BranchCode,
    ClassCode,
    Code,
    Country,
    Locale,
    Request,
    Response,
)
from shared.contracts.driver import Driver
from shared.contracts.due import DuePayment
from shared.contracts.moments import Moment
from shared.contracts.money import Money
from shared.contracts.rented import RentedCar

# --- catalogue ---------------------------------------------------------------------------------


PromoCodeText = Annotated[str, Field(pattern="^[A-Za-z0-9_-]{2,24}$")]


class OffersQuery(Request):
    pickup_branch: BranchCode
    return_branch: BranchCode
    pickup_at: Moment
    return_at: Moment
    driver_age: int = Field(ge=16, le=120)
    residence_country: Country | None = None
    promo_code: PromoCodeText | None = None


class PriceLine(Response):
    """``amount`` = ``quantity`` x ``unit_amount`` unless the line is a percentage or capped."""

    purpose: str = Field(examples=["BaseRate"], description="OTA vehicle charge purpose")
    code: str | None = Field(
        default=None,
        examples=["day"],
        description="What the line is in any language; of an extra or a coverage, its code",
    )
    values: dict[str, str | int] | None = Field(
        default=None, examples=[{"days": 7, "basis_points": 500}], description="Of its words"
    )
    description: str
    quantity: float
    unit_amount: Money
    amount: Money


class Price(Response):
    lines: list[PriceLine]
    total: Money


class ExtraOffer(Response):
    code: Code
    name: str
    unit_amount: Money
    per: Literal["day", "rental"]
    maximum_quantity: int
    maximum_amount: Money | None = Field(
        default=None, description="The most that one piece costs, however long the rental"
    )


class CoverageOffer(Response):
    code: Code
    name: str
    unit_amount: Money
    per: Literal["day"]
    excess: Money


class CancellationPolicy(Response):
    """Free until ``free_until``; then ``fee_percent`` of the total, at most one day's rate."""

    free_until: AwareDatetime
    fee_percent: int
    fee_cap: Money
    description: str


class Offer(Response):
    offer: str | None = Field(default=None, description="Signed token; absent when sold out")
    car_class: ClassCode = Field(alias="class")
    available: int = Field(ge=0)
    charged_days: int = Field(ge=1, description="Days on which a per-day extra or coverage is due")
    price: Price
    extras: list[ExtraOffer]
    coverages: list[CoverageOffer]
    tax_basis_points: int = Field(
        default=0, ge=0, description="Taxes on everything, extras and coverages too; 1000 is 10 %"
    )
    deposit: Money
    cancellation_policy: CancellationPolicy
    expires_at: AwareDatetime


PromoRefusal = Literal[
    "unknown", "not_yet_valid", "expired", "used_up", "not_for_branch", "not_for_dates",
    "too_short", "not_for_class",
]  # fmt: skip


class PromoAnswer(Response):
    """What became of ``promo_code``: one that is refused leaves the offers at their full price."""

    code: str
    applied: bool
    reason: PromoRefusal | None = Field(default=None, description="Why it takes nothing off")
    classes: list[ClassCode] | None = Field(default=None, description="Absent: every class")


class Alternative(Response):
    """Something to have instead of a class that is sold out: search for it, or take the class."""

    kind: Literal["class", "time", "branch"]
    instead_of: ClassCode = Field(description="The class that is sold out")
    car_class: ClassCode = Field(alias="class")
    pickup_branch: BranchCode
    return_branch: BranchCode
    pickup_at: AwareDatetime
    return_at: AwareDatetime
    available: int = Field(ge=1)
    distance_km: float | None = Field(default=None, description="From the branch asked for")
    total: Money = Field(description="As a search for it says, without extras and coverages")


class Offers(Response):
    offers: list[Offer]
    promo: PromoAnswer | None = Field(default=None, description="Only when a code was sent")
    alternatives: list[Alternative] = Field(
        default=[], description="For classes that are sold out: next class up, times, branches"
    )


# --- booking -----------------------------------------------------------------------------------


class ExtraChoice(Request):
    code: Code
    quantity: int = Field(ge=1, le=20)


AddressLine = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=LINE)
]


class BillingAddress(Request):
    """Where the payer lives, as a Brazilian bank registers it."""

    line1: AddressLine = Field(examples=["Avenida Paulista, 1000"])
    line2: AddressLine | None = None
    city: AddressLine = Field(examples=["São Paulo"])
    state: Annotated[str, Field(pattern="^[A-Z]{2}$", examples=["SP"])]
    postal_code: Annotated[str, Field(pattern="^[0-9]{5}-?[0-9]{3}$", examples=["01310-100"])]
    country: Literal["BR"] = "BR"


class PaymentChoice(Request):
    """``billing_address`` goes with a boleto, and only with it."""

    method: Literal["card", "pix", "boleto", "counter"]
    payment_method_id: Annotated[str, Field(pattern="^pm_[A-Za-z0-9_]{1,250}$")] | None = None
    billing_address: BillingAddress | None = Field(default=None, validate_default=True)

    @field_validator("billing_address")
    @classmethod
    def boleto_needs_address(
        cls, value: BillingAddress | None, info: ValidationInfo
    ) -> BillingAddress | None:
        """What is not needed is not taken: an address is personal data."""
        if info.data.get("method", "boleto" if value else "card") != "boleto":
            if value is not None:
                raise ValueError("goes with method boleto only")
        elif value is None:
            raise ValueError("is required for a boleto")
        return value

    @model_validator(mode="after")
    def card_needs_method(self) -> "PaymentChoice":
        """A card is named by its Stripe payment method; card data never reaches this API."""
        if (self.method == "card") != (self.payment_method_id is not None):
            raise ValueError("payment_method_id goes with method card, and only with it")
        return self


def _accepted(value: Any) -> Any:
    """1 equals True in Python, and nobody has ticked a box with it."""
    if value is not True:
        raise ValueError("must be true")
    return value


OfferToken = Annotated[str, Field(min_length=1, max_length=16_384)]


class RentalRequest(Request):
    offer: OfferToken
    extras: list[ExtraChoice] = Field(default=[], max_length=20)
    coverages: list[Code] = Field(default=[], max_length=10)
    driver: Driver
    payment: PaymentChoice
    locale: Locale = "pt-BR"
    accept_terms: Annotated[Literal[True], BeforeValidator(_accepted)]


class Link(Response):
    href: str


class RentalStatus(StrEnum):
    PENDING = "PENDING"
    CONFIRMED = "CONFIRMED"
    CHECKED_OUT = "CHECKED_OUT"
    COMPLETED = "COMPLETED"
    EXPIRED = "EXPIRED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"
    NO_SHOW = "NO_SHOW"


class RentalAccepted(Response):
    reference: str = Field(pattern="^[0-9A-HJKMNP-TV-Z]{8}$", examples=["7K3MZQ2A"])
    status: RentalStatus
    total: Money
    expires_at: AwareDatetime | None
    manage_token: str
    links: dict[str, Link]


# --- the rental --------------------------------------------------------------------------------


class Stop(Response):
    """Where and when the car changes hands, in the branch's own time zone."""

    branch: BranchCode
    branch_name: str
    at: AwareDatetime
    timezone: str


class RentalDriver(Response):
    given_name: str
    family_name: str
    email: str
    phone: str


class RentalPayment(Response):
    status: str = Field(examples=["CAPTURED"])
    method: Literal["card", "pix", "boleto", "counter"]
    attempt: int
    attempts_left: int
    decline_code: str | None = None
    next_action: dict[str, Any] | None = None
    client_secret: str | None = None


class TimelineEvent(Response):
    at: AwareDatetime
    event: str


class DocumentKind(StrEnum):
    AGREEMENT = "agreement"
    INVOICE = "invoice"


class RentalDocument(Response):
    """The version in force; ``sha256`` is of the file's bytes, hexadecimal."""

    name: str = Field(examples=["agreement.pdf"])
    number: str = Field(examples=["7K3MZQ2A-1", "GRU-2026-000001"])
    status: Literal["pending", "ready"] = Field(description="pending: it is being made")
    href: str
    issued_at: AwareDatetime
    sha256: str | None = None
    signed_at: AwareDatetime | None = None


class Rental(Response):
    reference: str
    status: RentalStatus
    pickup: Stop
    return_: Stop = Field(alias="return")
    car_class: ClassCode = Field(alias="class")
    driver: RentalDriver
    price: Price
    payment: RentalPayment
    charges: list[PriceLine] | None = Field(
        default=None, description="What came on top of the price; absent when nothing did"
    )
    due: Money | None = Field(
        default=None, description="Left to pay, and not being asked of the card; absent in lists"
    )
    payable: Money | None = Field(
        default=None,
        description="What POST …/payment would ask of the renter now; absent when nothing, while"
        " a payment is on its way, and in lists",
    )
    due_payment: DuePayment | None = Field(
        default=None, description="Absent before one was asked for, and in lists"
    )
    deposit: Money | None = None
    deposit_status: Literal["OPEN", "HELD", "DECLINED", "CLOSED", "RECEIVED"] | None = Field(
        default=None, description="Absent before it is asked for, and in lists"
    )
    cancellation_policy: CancellationPolicy
    expires_at: AwareDatetime | None = None
    cars: list[RentedCar] | None = Field(
        default=None, description="In the order of their leaving; absent before, and in lists"
    )
    timeline: list[TimelineEvent]
    documents: list[RentalDocument] = Field(default=[])


class RentalList(Response):
    rentals: list[Rental]
    next_cursor: str | None = None


class PaymentRetried(Response):
    reference: str
    status: RentalStatus
    attempt: int
    expires_at: AwareDatetime | None


# --- around ------------------------------------------------------------------------------------
