"""The HTTP models of what a renter changes about a rental."""

from typing import Annotated

from pydantic import AwareDatetime, Field, StringConstraints

from shared.contracts.money import Money
from shared.contracts.renter import (
    BranchCode,
    Code,
    ExtraChoice,
    Offers,
    OfferToken,
    PaymentChoice,
    Price,
    PromoCodeText,
    RentalStatus,
    Request,
    Response,
)

Reason = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)]


class CancellationRequest(Request):
    reason: Reason | None = None


class Cancellation(Response):
    """``status`` is still the present one in a preview."""

    reference: str
    status: RentalStatus
    fee: Money = Field(description="Kept from what was paid; never charged anew")
    refund: Money = Field(description="Goes back to the means of payment")
    at_counter: Money | None = Field(
        default=None, description="Of the refund: was paid at the counter, and waits there"
    )


class ModificationQuery(Request):
    """Where and when the rental would be instead. The driver is known.

    ``promo_code`` left out: the one that the rental was booked with.
    """

    pickup_branch: BranchCode
    return_branch: BranchCode
    pickup_at: AwareDatetime
    return_at: AwareDatetime
    promo_code: PromoCodeText | None = None


class ModificationOffers(Offers):
    """What the rental can become. Its own car counts as free, and its policy is not won back.

    An offer's total, with what is chosen on top, is held against ``kept``: what is above is asked
    for, what is below goes back.
    """

    kept: Money = Field(description="Received for the rental and not given back")
    extras: list[ExtraChoice] = Field(description="What the rental has now")
    coverages: list[Code] = Field(description="What the rental has now")


class ModificationRequest(Request):
    """Extras and coverages that are left out stay as they are, at the offer's prices.

    ``payment`` says how a difference is paid; ``counter``: at pick-up. It may be left out when
    the rental gets no dearer, or was booked to be paid at the counter.
    """

    offer: OfferToken
    extras: list[ExtraChoice] | None = Field(default=None, max_length=20)
    coverages: list[Code] | None = Field(default=None, max_length=10)
    payment: PaymentChoice | None = None


class Modification(Response):
    """The rental as it is from now on. At most one of ``to_pay`` and ``refund`` is not 0."""

    reference: str
    status: RentalStatus
    revision: int = Field(ge=1)
    price: Price
    to_pay: Money = Field(description="Asked for by the given payment, or due at the counter")
    refund: Money = Field(description="Goes back to the means of payment")
