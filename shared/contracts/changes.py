"""The HTTP models of what a renter changes about a rental."""

from typing import Annotated

from pydantic import Field, StringConstraints

from shared.contracts.money import Money
from shared.contracts.renter import RentalStatus, Request, Response

Reason = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)]


class CancellationRequest(Request):
    reason: Reason | None = None


class Cancellation(Response):
    """``status`` is still the present one in a preview."""

    reference: str
    status: RentalStatus
    fee: Money = Field(description="Kept from what was paid; never charged anew")
    refund: Money = Field(description="Goes back to the means of payment")
