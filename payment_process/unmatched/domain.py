"""What to do with an intent that nobody here waits for. Pure."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from payment_process.domain import IntentStatus

# Nobody would hear of the money: it had better not come.
PAYABLE = frozenset(
    {
        IntentStatus.REQUIRES_PAYMENT_METHOD,
        IntentStatus.REQUIRES_CONFIRMATION,
        IntentStatus.REQUIRES_ACTION,
    }
)


@dataclass(frozen=True, slots=True)
class MarkedIntent:
    """An intent that carries our mark: the ids that PaymentProcess gives each one it makes."""

    intent_id: str
    rental_id: UUID
    payment_id: UUID
    reference: str | None
    status: IntentStatus
    currency: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class State:
    """What is left of it: the vendor's word, and the money that was taken and not given back."""

    status: IntentStatus
    held_minor: int

    @property
    def is_over(self) -> bool:
        """It moves no money any more and keeps none; a refund is a person's decision."""
        if self.status is IntentStatus.SUCCEEDED:
            return self.held_minor == 0
        return self.status is IntentStatus.CANCELED
