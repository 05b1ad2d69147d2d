"""Fixtures that run the local Functions host as a process, as `dev.py up` does."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.plugins.azurite import Azurite

ROOT = Path(__file__).resolve().parents[2]
SAMPLE_APP = ROOT / "tests" / "functions" / "sample_app"
FUNCTION_KEY = "function-key-of-a-test"
MASTER_KEY = "master-key-of-a-test"
_LISTENING = re.compile(r"listening url=(\S+)")
_START_SECONDS = 30
# As `python -m infra.local.host`, but with this project's own function_app out of reach.
_START = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
from infra.local.host.__main__ import main
sys.path.remove({str(ROOT)!r})
sys.exit(main())
"""


@dataclass
class HostProcess:
    """A running host and what it has said so far."""

    process: "subprocess.Popen[str]"
    lines: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        for line in list(self.lines):
            if match := _LISTENING.search(line):
                return match[1]
        raise LookupError("not listening yet")

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Send the signal and wait; the exit code."""
        self.process.send_signal(number)
        return self.process.wait(timeout=10)

    def log(self) -> str:
        return "".join(self.lines)


@contextmanager
def run_host(folder: Path, *arguments: str, **environment: str) -> Iterator[HostProcess]:
    """Start a host on that app, on a free port; stopped at the end if it still runs."""
    command = [sys.executable, "-c", _START, "--port", "0", *arguments]
    settings = {
        **os.environ,
        "INTERNAL_FUNCTION_KEY": FUNCTION_KEY,
        "FUNCTIONS_MASTER_KEY": MASTER_KEY,
        **environment,
    }
    with subprocess.Popen(  # noqa: S603 - the host under test
        command, cwd=folder, env=settings, stderr=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        host = HostProcess(process)
        reader = threading.Thread(target=_collect, args=(host,), daemon=True)
        reader.start()
        try:
            yield host
        finally:
            if process.poll() is None:
                process.kill()
            process.wait(timeout=10)
            reader.join(timeout=10)


def wait_until_listening(host: HostProcess) -> HostProcess:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and host.process.poll() is None:
        if _LISTENING.search(host.log()):
            return host
        time.sleep(0.02)
    pytest.fail(f"the host did not start:\n{host.log()}")


def read_record(path: Path) -> list[dict[str, Any]]:
    """What the sample app's queue and timer functions have written so far."""
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@dataclass(frozen=True)
class SampleHost:
    """The sample app, served."""

    process: HostProcess
    client: httpx.Client
    record: Path


@pytest.fixture(scope="session")
def sample_host(azurite: Azurite, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SampleHost]:
    """One host for all tests that only send requests to it."""
    folder = tmp_path_factory.mktemp("sample-host")
    static = folder / "web"
    make_pages(static)
    arguments = ["--state-dir", str(folder / "state"), "--static", str(static)]
    settings = sample_settings(azurite, folder)
    with run_host(SAMPLE_APP, *arguments, **settings) as host:
        url = wait_until_listening(host).url
        with httpx.Client(base_url=url, timeout=10) as client:
            yield SampleHost(host, client, folder / "record.jsonl")


def sample_settings(azurite: Azurite, folder: Path) -> dict[str, str]:
    """What the sample app reads from the environment; each run has a queue of its own."""
    return {
        "SAMPLE_RECORD": str(folder / "record.jsonl"),
        "SampleQueue": azurite.connection_string,
        "SampleQueueName": f"sample-{uuid.uuid4().hex[:12]}",
    }


def make_pages(folder: Path) -> None:
    """A tiny built web app with the configuration that Azure Static Web Apps reads."""
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<title>home</title>", encoding="utf-8")
    (folder / "404.html").write_text("<title>nothing here</title>", encoding="utf-8")
    (folder / "assets" / "app.js").write_text("export {}", encoding="utf-8")
    (folder / "data.custom").write_text("custom", encoding="utf-8")
    (folder.parent / "secret.txt").write_text("outside", encoding="utf-8")
    config = {
        "navigationFallback": {"rewrite": "/index.html", "exclude": ["/assets/*", "/*.{png,ico}"]},
        "globalHeaders": {"X-Frame-Options": "DENY", "Cache-Control": "no-cache"},
        "mimeTypes": {".custom": "text/x-custom"},
        "responseOverrides": {"404": {"rewrite": "/404.html"}},
        "routes": [
            {"route": "/assets/*", "headers": {"Cache-Control": "max-age=31536000, immutable"}},
            {"route": "/old", "redirect": "/new", "statusCode": 301},
            {"route": "/terms", "rewrite": "/index.html"},
        ],
    }
    (folder / "staticwebapp.config.json").write_text(json.dumps(config), encoding="utf-8")


def _collect(host: HostProcess) -> None:
    assert host.process.stderr
    host.lines.extend(iter(host.process.stderr.readline, ""))
