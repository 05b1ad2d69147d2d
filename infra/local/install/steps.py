"""Runs one installation step: quiet while it works, everything shown when it fails."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

_running: set["subprocess.Popen[str]"] = set()
_changing = threading.Lock()
_ending = threading.Event()


class StepError(RuntimeError):
    """``remedy`` says what to do; the message holds the end of the step's output."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(f"{problem}\n  → {remedy}")


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def run_step(
    title: str,
    command: list[str],
    *,
    remedy: str,
    folder: Path | None = None,
    environment: dict[str, str] | None = None,
) -> None:
    """Raises StepError when the command fails or cannot be found."""
    say(f"  … {title}")
    begun = time.monotonic()
    code, output = _run(command, folder, environment)
    if code:
        tail = "\n".join(f"    | {line}" for line in output.splitlines()[-30:])
        raise StepError(f"{title} failed (exit code {code}):\n{tail}", remedy)
    say(f"  ✓ {title} ({time.monotonic() - begun:.1f} s)")


def succeeds(command: list[str]) -> bool:
    return _run(command, None, None)[0] == 0


def end_running_steps() -> None:
    """So that an interrupted installation leaves no process behind, and begins no other."""
    with _changing:
        _ending.set()
        for process in _running:
            _kill(process)


def _kill(process: "subprocess.Popen[str]") -> None:
    """With whatever it started: npm's work is done by its children."""
    if sys.platform == "win32":
        process.kill()
    elif process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)


def _run(
    command: list[str], folder: Path | None, environment: dict[str, str] | None
) -> tuple[int, str]:
    try:
        with _changing:
            if _ending.is_set():
                raise StepError("interrupted", "run the command again")
            process = subprocess.Popen(
                command,
                cwd=folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                encoding="utf-8",
                errors="replace",
                start_new_session=True,  # a group of its own, to be ended as one
            )
            _running.add(process)
    except OSError as error:
        return 127, str(error)
    output, _ = process.communicate()
    with _changing:
        _running.discard(process)
    return process.returncode, output
