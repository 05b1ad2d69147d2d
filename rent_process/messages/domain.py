"""How much may be written. No I/O."""

from dataclasses import dataclass
from uuid import UUID

from shared.errors import Rejected

# A person in need writes less; a script that has a token writes no more.
RENTER_HOURLY = 10
THREAD_MOST = 200


@dataclass(frozen=True, slots=True)
class Thread:
    """How far a rental's thread has come, and its last message."""

    messages: int
    renter_recent: int  # the renter's, within the last hour
    last_id: UUID | None
    last_author: str | None
    last_text: str | None

    def repeats(self, author: str, text: str) -> bool:
        """Whether this is the last message again: a page that was sent twice."""
        return (self.last_author, self.last_text) == (author, text)


def check_room(thread: Thread, author: str) -> None:
    """Bound what is kept for a rental.

    Raises:
        Rejected: ``rate_limited``.
    """
    if thread.messages >= THREAD_MOST:
        raise Rejected("rate_limited", "there is no room for more messages about this rental")
    if author == "renter" and thread.renter_recent >= RENTER_HOURLY:
        raise Rejected("rate_limited", f"at most {RENTER_HOURLY} messages an hour")
