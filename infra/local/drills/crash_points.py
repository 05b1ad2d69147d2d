"""Named points at which a drill kills the functions process, once each.

The drill and the process that dies share a folder, because nothing else outlives the process:

- ``passed``: every point that was passed, if this file exists (the drill learns the steps from it)
- ``targets/*``: a point that is yet to be died at; removed just before the death
- ``killed``: the deaths, one a line
- ``queue``: what else befalls messages that are sent: ``duplicate``, ``reorder``

Product code knows nothing of this: ``seams.py`` calls :meth:`CrashPoints.arrive`.
"""

import hashlib
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path

FOLDER_VARIABLE = "DRILL_CRASH_POINTS"
# A process lives at least this long, so that no message is killed again and again to the poison
# queue: that would drill the limit of deliveries, not the step.
ALIVE_SECONDS = 1.0
DEATHS_OF_A_RENTAL = 3
# A message dies along with its neighbours, every two seconds for a quarter of an hour, and one that
# takes longer than that is no poison for it: the limit is left to the tests of the dead letters.
DELIVERIES = 1000  # host.json's maxDequeueCount
UNKNOWN_RENTAL = "-"

# Which rental the message being handled is about.
rental: ContextVar[str] = ContextVar("rental", default=UNKNOWN_RENTAL)


@dataclass(frozen=True, slots=True)
class Passing:
    """One passing of a point, or one death at it."""

    point: str
    rental_id: str

    def line(self) -> str:
        return f"{self.point}\t{self.rental_id}\n"


class CrashPoints:
    """Both sides of the folder: the drill's and the dying process'."""

    def __init__(self, folder: Path) -> None:
        self._passed, self._killed = folder / "passed", folder / "killed"
        self._targets, self._queue = folder / "targets", folder / "queue"
        self._began = time.monotonic()

    # The process that dies.

    def arrive(self, point: str, rental_id: str | None = None) -> None:
        """Pass the point, or die at it."""
        passing = Passing(point, rental_id or rental.get())
        if self._passed.exists():
            _append(self._passed, passing)
        target = self._target(point)
        if time.monotonic() - self._began < ALIVE_SECONDS or not target.exists():
            return
        if self._has_died_enough(passing.rental_id):
            return
        target.unlink()
        _append(self._killed, passing)
        _die()

    @property
    def queue_fault(self) -> str:
        try:
            return self._queue.read_text("utf-8")
        except FileNotFoundError:
            return ""

    # The drill.

    def record(self) -> None:
        self._passed.touch()

    def stop_recording(self) -> list[Passing]:
        passed = list(_read(self._passed))
        self._passed.unlink(missing_ok=True)
        return passed

    def aim(self, points: list[str]) -> None:
        self._targets.mkdir(exist_ok=True)
        for point in points:
            self._target(point).write_text(point, "utf-8")

    def remaining(self) -> list[str]:
        if not self._targets.exists():
            return []
        found = []
        for target in self._targets.iterdir():
            with suppress(FileNotFoundError):  # died at while we looked
                found.append(target.read_text("utf-8"))
        return sorted(found)

    def withdraw(self) -> None:
        for target in self._targets.iterdir():
            target.unlink(missing_ok=True)

    def deaths(self) -> list[Passing]:
        return list(_read(self._killed))

    def disturb_queues(self, fault: str) -> None:
        self._queue.write_text(fault, "utf-8")

    def _target(self, point: str) -> Path:
        return self._targets / hashlib.sha256(point.encode()).hexdigest()[:16]

    def _has_died_enough(self, rental_id: str) -> bool:
        """Its messages must not come too often, nor its hold be over before it gets anywhere."""
        died = sum(passing.rental_id == rental_id for passing in _read(self._killed))
        return rental_id != UNKNOWN_RENTAL and died >= DEATHS_OF_A_RENTAL


def _append(path: Path, passing: Passing) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(passing.line())


def _read(path: Path) -> Iterator[Passing]:
    if path.exists():
        for line in path.read_text("utf-8").splitlines():
            point, _, rental_id = line.partition("\t")
            yield Passing(point, rental_id)


def _die() -> None:
    if sys.platform == "win32":
        os._exit(137)
    os.kill(os.getpid(), signal.SIGKILL)
