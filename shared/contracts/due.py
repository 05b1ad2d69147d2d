"""Where the payment of what is due stands, as a rental shows it."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from shared.contracts.money import Money


class DuePayment(BaseModel):
    """The newest payment that was asked for after the booking's own, in ``RentalPayment``'s words.

    The difference of a modification, or what came on top of the price.
    """

    model_config = ConfigDict(frozen=True)

    sequence: int = Field(description="Which of the rental's payments")
    attempt: int
    amount: Money
    status: str = Field(examples=["REQUIRES_ACTION"])
    open: bool = Field(description="Not ended: it may still take money")
    decline_code: str | None = None
    next_action: dict[str, Any] | None = None
    client_secret: str | None = None
