"""Starting ``dev.py up`` as a user does, and seeing what it leaves behind."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

import pytest

from infra.local.stack.ports import Ports, is_free

ROOT = Path(__file__).parents[3]
# What a start needs beyond the parts under test would only make these tests slower.
SMALL = ("--without", "functions", "--without", "identity", "--without", "mail", "--no-web")
READY_SECONDS = 60
STOP_SECONDS = 5


@dataclass
class Up:
    process: subprocess.Popen[str]
    base: int
    data_dir: Path
    errors: Path

    def read_ready_line(self) -> dict[str, Any]:
        assert self.process.stdout
        line = self.process.stdout.readline()
        assert line, self.errors.read_text("utf-8")
        ready: dict[str, Any] = json.loads(line)
        return ready

    def stop(self, number: int = signal.SIGINT) -> float:
        """Like the terminal: to the whole foreground group. Seconds until it ended."""
        begun = time.monotonic()
        os.killpg(self.process.pid, number)
        self.process.wait(timeout=STOP_SECONDS * 3)
        return time.monotonic() - begun

    def left_processes(self) -> list[str]:
        return processes_of(self.data_dir)

    def taken_ports(self) -> list[int]:
        return [port for port in astuple(Ports.counted_from(self.base)) if not is_free(port)]


def processes_of(data_dir: Path) -> list[str]:
    """Every part has a path below the data folder among its arguments."""
    command = ["ps", "-axww", "-o", "pid,args"]
    listed = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 -- ps
    return [line for line in listed.stdout.splitlines() if str(data_dir) in line]


def free_base() -> int:
    """A run of ports that is free now."""
    count = len(astuple(Ports()))
    while True:
        base = Ports.free().web
        if all(is_free(port) for port in range(base, base + count)):
            return base


StartUp = Callable[..., Up]


@pytest.fixture
def data_folders() -> Iterator[Callable[[], Path]]:
    """Not below pytest's folder, which PostgreSQL's account may not enter under root."""
    with tempfile.TemporaryDirectory(prefix="rentacar-up-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o711)
        made: list[Path] = []

        def make() -> Path:
            made.append(Path(folder) / f"data-{len(made)}")
            return made[-1]

        yield make


@pytest.fixture
def start_up(data_folders: Callable[[], Path]) -> Iterator[StartUp]:
    started: list[Up] = []

    def start(
        *options: str,
        base: int | None = None,
        data_dir: Path | None = None,
        environment: dict[str, str] | None = None,
    ) -> Up:
        base, data_dir = base or free_base(), data_dir or data_folders()
        command = [sys.executable, "-m", "infra.local.cli", "up", "--json", *SMALL, *options]
        command += ["--port-base", str(base), "--data-dir", str(data_dir)]
        errors = data_dir.with_name(f"{data_dir.name}-{len(started)}.stderr")
        with errors.open("w", encoding="utf-8") as stderr:
            process = subprocess.Popen(  # noqa: S603 -- our own program
                command,
                cwd=ROOT,
                env={**os.environ, **(environment or {})},
                stdout=subprocess.PIPE,
                stderr=stderr,
                text=True,
                start_new_session=True,
            )
        started.append(Up(process, base, data_dir, errors))
        return started[-1]

    yield start
    for up in started:
        if up.process.poll() is None:
            up.stop()
        assert up.process.stdout
        up.process.stdout.close()
