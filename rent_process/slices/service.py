"""Wait for a hot class, and not for ever."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from shared.database import LockTimeout
from shared.errors import Unavailable

# Changes of a hot class wait for each other (2 s, set on the role): three waits, then 503.
TRIES = 3

Result = TypeVar("Result")


async def patiently(step: Callable[[], Awaitable[Result]]) -> Result:
    """Run a transaction again when it waited too long for the calendar.

    Raises:
        Unavailable: the class, or something else that the transaction locks, is too busy.
    """
    for _ in range(TRIES):
        try:
            return await step()
        except LockTimeout as timeout:
            if timeout.relation != "class_calendar":
                raise
    raise Unavailable("too many changes of this class at once; try again")
