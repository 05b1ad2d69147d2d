"""Group commit: what changes while one commit is on its way shares the next.

A commit waits for the disk, whatever is in it, and so does each round trip for the network. Under
load, messages that are handled at the same time would wait for each other's; here they wait
together. One that comes alone is one statement, which commits by itself.

Nobody sees the others: a change is durable when its :func:`commit` returns, and one that the
database refuses is refused alone.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, LiteralString
from weakref import WeakKeyDictionary

from shared.database import LockTimeout, connect
from shared.errors import Unavailable

PAYMENT, RECENT_TRY = 0, 1  # the tables, in the order in which their rows are locked
MOST = 32  # changes in a group; a message has one at a time, and 24 run


@dataclass(frozen=True, slots=True, eq=False)
class Write:
    """A statement to commit. ``lock`` says which row it takes, by table and key."""

    statement: LiteralString
    values: Mapping[str, Any] = field(repr=False)
    lock: tuple[int, bytes]


@dataclass(frozen=True, slots=True)
class _Change:
    writes: Sequence[Write]
    taken: "asyncio.Future[bool]"


class _Committer:
    """One group at a time; who comes meanwhile goes with the next."""

    def __init__(self) -> None:
        self._waiting: list[_Change] = []
        self._task: asyncio.Task[None] | None = None

    def add(self, change: _Change) -> None:
        self._waiting.append(change)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run(), name="group-commit")

    async def _run(self) -> None:
        while self._waiting:
            group, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
            await _settle(group)


_committers: "WeakKeyDictionary[asyncio.AbstractEventLoop, _Committer]" = WeakKeyDictionary()


async def commit(*writes: Write) -> bool:
    """Commit ``writes`` together; tells whether the first of them found its row.

    Raises:
        ConstraintViolation: the database refuses them; nothing is changed.
        Unavailable: the database is down, or a row was locked for too long.
    """
    loop = asyncio.get_running_loop()
    if loop not in _committers:
        _committers[loop] = _Committer()
    change = _Change(writes, loop.create_future())
    _committers[loop].add(change)
    return await change.taken


async def _settle(group: Sequence[_Change]) -> None:
    """Commit the group; where that fails, each by itself, so that only who is at fault fails."""
    try:
        outcomes = await _commit(group)
    except Exception as error:  # noqa: BLE001 -- whatever it is, those who wait raise it
        # Each alone would only wait for the lost database one after the other.
        is_lost = isinstance(error, Unavailable) and not isinstance(error, LockTimeout)
        if len(group) > 1 and not is_lost:
            for change in group:
                await _settle([change])
            return
        for change in group:
            if not change.taken.done():  # its message may have been cancelled
                change.taken.set_exception(error)
        return
    for change, taken in zip(group, outcomes, strict=True):
        if not change.taken.done():
            change.taken.set_result(taken)


async def _commit(group: Sequence[_Change]) -> list[bool]:
    # Every group takes its locks in one order, so no two wait for each other.
    writes = sorted((each for change in group for each in change.writes), key=lambda w: w.lock)
    async with connect("payment") as connection:
        if len(writes) == 1:
            cursor = await connection.execute(writes[0].statement, writes[0].values)
            return [cursor.rowcount == 1]
        async with connection.pipeline(), connection.transaction():
            cursors = {
                each: await connection.execute(each.statement, each.values) for each in writes
            }
    return [cursors[change.writes[0]].rowcount == 1 for change in group]
