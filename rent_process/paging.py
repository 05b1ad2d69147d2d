"""Cursors of lists: where the next page begins, as opaque text.

A cursor is a position and nothing else. Every page applies the caller's own limits again, so one
that was made up shows nothing that its caller may not see.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, TypeVar
from uuid import UUID

from pydantic import AwareDatetime, Field, TypeAdapter, ValidationError

from shared.errors import FieldError, Rejected

Key = TypeVar("Key", bound=tuple[Any, ...])
# The positions that lists are ordered by.
NUMBERED: TypeAdapter[tuple[int]] = TypeAdapter(tuple[int])
DATED: TypeAdapter[tuple[datetime, UUID]] = TypeAdapter(tuple[AwareDatetime, UUID])
PLATED: TypeAdapter[tuple[Annotated[str, Field(pattern="^[A-Z0-9]{5,8}$")]]] = TypeAdapter(
    tuple[Annotated[str, Field(pattern="^[A-Z0-9]{5,8}$")]]
)
LARGEST = 2**63 - 1


def to_cursor(key: Key, position: TypeAdapter[Key]) -> str:
    return urlsafe_b64encode(position.dump_json(key)).decode().rstrip("=")


def from_cursor(cursor: str | None, position: TypeAdapter[Key]) -> Key | None:
    """Return the position of the page before's last row; None for the first page.

    Raises:
        Rejected: ``validation_failed``: no list has given this cursor.
    """
    if cursor is None:
        return None
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        key = position.validate_json(urlsafe_b64decode(padded), strict=False)
    except (ValidationError, ValueError):
        raise _unknown() from None
    if any(isinstance(part, int) and not 0 <= part <= LARGEST for part in key):
        raise _unknown()
    return key


def split_page(rows: Sequence[dict[str, Any]], limit: int) -> tuple[list[dict[str, Any]], bool]:
    """Take ``limit`` of the ``limit + 1`` rows that were asked for; whether there are more."""
    return list(rows[:limit]), len(rows) > limit


def _unknown() -> Rejected:
    detail = "is not the next_cursor of this list"
    return Rejected("validation_failed", detail, (FieldError("/cursor", detail),))
