"""What may be done to a dead letter."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from shared.errors import Rejected

Resolution = Literal["replayed", "discarded"]
# An outbox takes no more (infra/migrations); in base64 it just fits a storage queue's 64 KiB.
LARGEST_BYTES = 48_000


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """``owner`` is the schema whose consumer could not handle it."""

    dead_letter_id: UUID
    owner: Literal["rent", "payment", "email"]
    queue: str
    body: str
    resolution: str | None


def check_resolvable(letter: DeadLetter, resolution: Resolution) -> None:
    """Let each dead letter be resolved once, and replayed only as it came.

    Raises:
        Rejected: ``already_resolved``, ``not_replayable``.
    """
    if letter.resolution is not None:
        raise Rejected("already_resolved", f"this message has been {letter.resolution}")
    if resolution == "replayed" and not _is_as_it_came(letter.body):
        raise Rejected("not_replayable", "this message is too large, or no text: discard it")


def _is_as_it_came(body: str) -> bool:
    return len(body.encode()) <= LARGEST_BYTES and "\N{REPLACEMENT CHARACTER}" not in body
