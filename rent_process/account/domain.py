"""Which rentals may be forgotten, and where a page of them begins. No I/O."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from rent_process.documents.domain import KEPT_YEARS
from shared.contracts.renter import RentalStatus
from shared.errors import FieldError, Rejected

# As long as one of these may still happen to it, a rental needs its driver.
RUNNING = frozenset({RentalStatus.PENDING, RentalStatus.CONFIRMED, RentalStatus.CHECKED_OUT})


def forgotten_before(now: datetime) -> datetime:
    """Whose rental ended earlier is forgotten unasked: the law asks for its books no more.

    The years are counted from the first day of the following one (CTN, article 173).
    """
    return datetime(now.year - KEPT_YEARS, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last rental of the page before."""

    created_at: datetime
    rental_id: UUID

    def encode(self) -> str:
        text = json.dumps([self.created_at.isoformat(), str(self.rental_id)])
        return urlsafe_b64encode(text.encode()).decode()

    @classmethod
    def decode(cls, text: str) -> "Cursor":
        """Read a cursor of ours.

        Raises:
            Rejected: ``validation_failed``.
        """
        try:
            created_at, rental_id = json.loads(urlsafe_b64decode(text.encode("ascii")))
            at = datetime.fromisoformat(created_at).astimezone(UTC)
            return cls(at, UUID(rental_id))
        except (ValueError, TypeError, AttributeError, OverflowError):
            detail = "is not a cursor of ours"
            fault = FieldError("/cursor", detail)
            raise Rejected("validation_failed", f"the cursor {detail}", (fault,)) from None
