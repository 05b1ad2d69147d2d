"""One program of the stack: started in a group of its own, logged to a file, stopped for sure."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from infra.local.stack.errors import StackError
from infra.local.stack.lifeline import Lifeline

_POLL_SECONDS = 0.03
_TAIL_LINES = 20
_GONE_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Program:
    """What to start and when it counts as ready."""

    name: str
    command: list[str]
    ready: Callable[[], bool]
    environment: dict[str, str] = field(default_factory=dict)
    folder: Path | None = None
    ready_within_seconds: float = 40
    stop_signal: int = signal.SIGTERM
    run_as: tuple[int, int] | None = None  # uid, gid; PostgreSQL refuses to run as root


class Process:
    """A started :class:`Program`."""

    def __init__(self, program: Program, log: Path, lifeline: Lifeline) -> None:
        self.program = program
        self.log = log
        self.stopping = False
        self._lifeline = lifeline
        with log.open("ab") as output:
            self._popen = _start(program, output)
        lifeline.watch(self._popen)

    @property
    def pid(self) -> int:
        return self._popen.pid

    def exit_code(self) -> int | None:
        """None while it runs."""
        return self._popen.poll()

    def wait_until_ready(self) -> None:
        """Raises StackError if it ends first or takes too long; the message has the log's tail."""
        deadline = time.monotonic() + self.program.ready_within_seconds
        while not self.program.ready():
            if self._popen.poll() is not None:
                raise self.failure()
            if time.monotonic() > deadline:
                waited = f"{self.program.ready_within_seconds:g} s"
                raise StackError(
                    f"{self.program.name} is not ready after {waited}; "
                    f"its log ends:\n{self.tail()}",
                    f"read {self.log}",
                )
            time.sleep(_POLL_SECONDS)

    def failure(self) -> StackError:
        return StackError(
            f"{self.program.name} ended by itself (exit code {self._popen.poll()}); "
            f"its log ends:\n{self.tail()}",
            f"read {self.log}, then start again",
        )

    def tail(self) -> str:
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join(f"    | {line}" for line in lines[-_TAIL_LINES:]) or "    | (empty)"

    def ask_to_stop(self) -> None:
        self.stopping = True
        if self._popen.poll() is not None:
            return
        if sys.platform == "win32":
            self._popen.send_signal(signal.CTRL_BREAK_EVENT)
        else:
            self._popen.send_signal(self.program.stop_signal)

    def wait(self, seconds: float) -> None:
        """Wait for the end that was asked for; after ``seconds``, kill."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._popen.wait(max(seconds, 0))
        self.kill()

    def wait_until_gone(self) -> None:
        """Also what it had started: PostgreSQL's children hold its memory a little longer."""
        deadline = time.monotonic() + _GONE_SECONDS
        while _group_exists(self._popen.pid) and time.monotonic() < deadline:
            time.sleep(_POLL_SECONDS)

    def kill(self) -> None:
        """End it and whatever it started, at once. On POSIX: SIGKILL to the group."""
        self.stopping = True
        if sys.platform == "win32":
            self._popen.kill()
        else:
            _kill_group(self._popen.pid)
        self._popen.wait()
        self._lifeline.forget(self._popen)


def _group_exists(group: int) -> bool:
    if sys.platform == "win32":
        return False
    try:
        os.killpg(group, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def _kill_group(group: int) -> None:
    if sys.platform != "win32":
        try:
            os.killpg(group, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):  # macOS: EPERM for a group of zombies
            return


def _start(program: Program, output: BinaryIO) -> "subprocess.Popen[bytes]":
    options: dict[str, Any] = {}
    if sys.platform == "win32":
        options["creationflags"] = subprocess.CREATE_NEW_PROCESS_GROUP
    else:
        options["start_new_session"] = True  # Ctrl-C reaches the owner alone, which stops parts
    if program.run_as:
        options["user"], options["group"] = program.run_as
        options["extra_groups"] = []
    return subprocess.Popen(
        program.command,
        env={**os.environ, **program.environment},
        cwd=program.folder,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        **options,
    )
