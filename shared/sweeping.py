"""What a timer does for many: one that fails must not keep the others waiting.

The oldest stands first in every list, and what fails stays there: without this, one payment that
the vendor cannot be asked about would keep all behind it from being settled, every minute anew.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from time import monotonic
from typing import TypeVar

from shared.errors import Unavailable

logger = logging.getLogger(__name__)

Item = TypeVar("Item")
# Waits for a vendor overlap, so that a run stays well below its minute.
AT_ONCE = 8
# What is not begun by then is the next run's: a vendor that answers nothing would keep a list of
# fifty for minutes, and beyond ``functionTimeout`` the host ends the process with all its messages.
BEGUN_WITHIN_SECONDS = 15


async def run_all(steps: Iterable[Awaitable[object]]) -> None:
    """Await one after the other, each whatever became of those before it.

    Raises:
        Exception: what went wrong, after all had their turn; a defect before what is only down.
    """
    failures: list[BaseException] = []
    for step in steps:
        try:
            await step
        except Exception as failure:  # noqa: BLE001 -- raised below
            failures.append(failure)
    _raise(failures)


async def for_each(
    items: Iterable[Item],
    handle: Callable[[Item], Awaitable[object]],
    *,
    at_once: int = AT_ONCE,
    begun_within_seconds: float = BEGUN_WITHIN_SECONDS,
) -> None:
    """Handle every item, up to ``at_once`` at a time; what time does not allow is the next run's.

    Raises:
        Exception: as :func:`run_all`.
    """
    limit = asyncio.Semaphore(at_once)
    ends_at = monotonic() + begun_within_seconds
    left = 0

    async def take(item: Item) -> None:
        nonlocal left
        async with limit:
            if monotonic() > ends_at:
                left += 1
                return
            await handle(item)

    outcomes = await asyncio.gather(*(take(item) for item in items), return_exceptions=True)
    if left:
        logger.warning("left to the next run for want of time: %d", left)
    _raise([outcome for outcome in outcomes if outcome is not None])


def _raise(failures: Sequence[BaseException]) -> None:
    if not failures:
        return
    first, *others = sorted(failures, key=lambda each: isinstance(each, Unavailable))
    for each in others:
        if isinstance(each, Unavailable):
            logger.warning("this failed, too: %s", each)
        else:
            logger.error("this failed, too", exc_info=each)
    raise first
