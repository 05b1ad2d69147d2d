"""No part survives its owner, however the owner ends: even killed outright.

POSIX: a guardian process holds a pipe to the owner. Windows: a job object, whose processes end
when its last handle closes. (Linux' PR_SET_PDEATHSIG is no use here: it follows the *thread*
that started the child, and parts are started by a pool of threads.)
"""

import subprocess
import sys
import threading
from pathlib import Path
from typing import Protocol


class Lifeline(Protocol):
    def watch(self, process: "subprocess.Popen[bytes]") -> None: ...
    def forget(self, process: "subprocess.Popen[bytes]") -> None: ...
    def close(self) -> None: ...


class GuardianLifeline:
    """POSIX. Every part leads a process group, so its id is its group's id."""

    def __init__(self) -> None:
        script = Path(__file__).with_name("guardian.py")
        self._lock = threading.Lock()
        self._guardian = subprocess.Popen(
            [sys.executable, "-I", "-S", str(script)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )

    def _tell(self, line: str) -> None:
        pipe = self._guardian.stdin
        with self._lock:
            if pipe and not pipe.closed:
                pipe.write(line.encode())
                pipe.flush()

    def watch(self, process: "subprocess.Popen[bytes]") -> None:
        self._tell(f"+{process.pid}\n")

    def forget(self, process: "subprocess.Popen[bytes]") -> None:
        self._tell(f"-{process.pid}\n")

    def close(self) -> None:
        with self._lock:
            if self._guardian.stdin:
                self._guardian.stdin.close()
        self._guardian.wait(timeout=5)


def open_lifeline() -> Lifeline:
    if sys.platform == "win32":
        from infra.local.stack.lifeline_windows import JobLifeline  # noqa: PLC0415 -- Windows only

        return JobLifeline()
    return GuardianLifeline()
