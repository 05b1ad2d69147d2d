"""Keeps the started programs: ready or named as failed, watched, and stopped for sure."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

from infra.local.stack.errors import StackError
from infra.local.stack.lifeline import Lifeline, open_lifeline
from infra.local.stack.processes import Process, Program

Report = Callable[[str, str], None]

STOP_SECONDS = 3.5  # with the rest of the clean-up, everything is gone within 5 s of Ctrl-C
_DRAIN_SECONDS = 1.5  # of which the functions get these to finish what they do
_RESTART_SECONDS = 20  # nobody waits for a prompt: let it end in its own way
_WATCH_SECONDS = 0.2


class Supervisor:
    def __init__(self, log_dir: Path, report: Report) -> None:
        self._log_dir, self._report = log_dir, report
        self._processes: dict[str, Process] = {}
        self._changing = threading.Lock()
        self._stopping = threading.Event()
        self._noticed = threading.Event()
        self._failure: StackError | None = None
        self._lifeline: Lifeline = open_lifeline()
        self._watcher = threading.Thread(target=self._watch, name="stack-watcher", daemon=True)
        self._watcher.start()

    def start(self, program: Program) -> None:
        """Start and wait until ready. Raises StackError naming the part."""
        begun = time.monotonic()
        self._log_dir.mkdir(parents=True, exist_ok=True)
        with self._changing:
            if self._stopping.is_set():
                raise StackError(f"{program.name} was not started: stopping", "start again")
            process = Process(program, self._log_dir / f"{program.name}.log", self._lifeline)
            self._processes[program.name] = process
        process.wait_until_ready()
        self._report(program.name, f"ready after {time.monotonic() - begun:.1f} s")

    def pid(self, name: str) -> int:
        return self._processes[name].pid

    def has_ended(self, name: str) -> bool:
        return self._processes[name].exit_code() is not None

    def kill(self, name: str) -> None:
        """SIGKILL, as a crash would end it; it stays down until ``restart``."""
        self._processes[name].kill()

    def restart(self, name: str) -> None:
        process = self._processes[name]
        process.ask_to_stop()
        process.wait(_RESTART_SECONDS)
        process.wait_until_gone()
        self.start(process.program)

    def wait_for_failure(self, seconds: float | None = None) -> None:
        """Return after ``seconds``; raise StackError as soon as a part has ended by itself."""
        self._noticed.wait(seconds)
        if self._failure:
            raise self._failure

    def stop_all(self, *, first: str) -> None:
        """Stop ``first``, which uses the others, then all others at once; kill what lingers."""
        deadline = time.monotonic() + STOP_SECONDS
        with self._changing:
            if self._stopping.is_set():
                return
            self._stopping.set()
        if first in self._processes:
            process = self._processes.pop(first)
            process.ask_to_stop()
            process.wait(_DRAIN_SECONDS)
        for process in self._processes.values():
            process.ask_to_stop()
        for process in self._processes.values():
            process.wait(deadline - time.monotonic())
        self._watcher.join()
        self._lifeline.close()

    def _watch(self) -> None:
        while not self._stopping.wait(_WATCH_SECONDS):
            for process in list(self._processes.values()):
                if process.exit_code() is not None and not process.stopping:
                    self._failure = process.failure()
                    self._noticed.set()
                    return
