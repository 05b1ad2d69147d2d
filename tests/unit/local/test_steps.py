"""An interrupted installation stops: no step begins after it, none leaves a process behind."""

import os
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from infra.local.install import steps

# What npm does: the program that works is a child of the one that was started.
PARENT = "import subprocess, sys; subprocess.run([sys.executable, '-c', sys.argv[1], sys.argv[2]])"
CHILD = (
    "import os, pathlib, sys, time;"
    "path = pathlib.Path(sys.argv[1]);"
    "path.with_suffix('.draft').write_text(str(os.getpid()));"
    "path.with_suffix('.draft').rename(path);"
    "time.sleep(60)"
)


@pytest.fixture(autouse=True)
def nothing_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "_ending", threading.Event())


def test_no_step_begins_after_the_end() -> None:
    steps.end_running_steps()
    with pytest.raises(steps.StepError, match="interrupted"):
        steps.run_step("work", [sys.executable, "-c", ""], remedy="none")


@pytest.mark.skipif(sys.platform == "win32", reason="process groups are POSIX's")
def test_end_takes_along_what_a_step_had_started(tmp_path: Path) -> None:
    told = tmp_path / "pid"
    command = [sys.executable, "-c", PARENT, CHILD, str(told)]
    with ThreadPoolExecutor(1) as pool:
        begun = pool.submit(steps.succeeds, command)
        _wait_until(told.exists)
        steps.end_running_steps()
        assert not begun.result(timeout=10)
    _wait_until(lambda: not _runs(int(told.read_text())))


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)
