"""Fixture `azurite`: the real queue emulator on a free port, one a test session.

Run by Node.js from the local stack's npm packages; a machine without them is told what to do.
"""

import shutil
import socket
import subprocess
import tempfile
import time
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from azure.storage.queue import TextBase64EncodePolicy
from azure.storage.queue.aio import QueueClient

STACK = Path(__file__).resolve().parents[2] / "infra" / "local"
_SERVICES = STACK / "node_modules" / "azurite" / "dist" / "src"
_REMEDY = (
    f"Azurite is not installed: run `npm ci` in {STACK.relative_to(STACK.parents[1])} "
    "(`python3 dev.py test` does it; Node.js 20 or later)"
)
# Azurite's published account and key: not a secret.
ACCOUNT = "devstoreaccount1"
KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
_START_SECONDS = 30


@dataclass(frozen=True)
class Azurite:
    """A running emulator."""

    connection_string: str


@pytest.fixture(scope="session")
def azurite() -> Iterator[Azurite]:
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        running_emulator("queue", folder) as port,
    ):
        yield Azurite(_connection_string(port))


@contextmanager
def running_emulator(service: str, folder: str) -> Iterator[int]:
    """Azurite's ``queue`` or ``blob`` service; yields its port."""
    node, script = shutil.which("node"), _SERVICES / service / "main.js"
    if node is None or not script.exists():
        pytest.fail(_REMEDY)
    port = _free_port()
    command = [node, str(script), f"--{service}Host", "127.0.0.1", f"--{service}Port", str(port)]
    command += ["--location", folder, "--skipApiVersionCheck", "--silent", "--disableTelemetry"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:  # noqa: S603 - the emulator
        try:
            _wait_until_listening(port, process)
            yield port
        finally:
            process.terminate()


@pytest.fixture
async def queue(azurite: Azurite) -> AsyncIterator[QueueClient]:
    """An empty queue of a new name, written in base64 as the product does."""
    client = QueueClient.from_connection_string(
        azurite.connection_string,
        f"test-{uuid.uuid4().hex[:12]}",
        message_encode_policy=TextBase64EncodePolicy(),
    )
    async with client:
        await client.create_queue()
        yield client


def _connection_string(port: int) -> str:
    endpoint = f"http://127.0.0.1:{port}/{ACCOUNT}"
    return (
        f"DefaultEndpointsProtocol=http;AccountName={ACCOUNT};AccountKey={KEY};"
        f"QueueEndpoint={endpoint};"
    )


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def _wait_until_listening(port: int, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            time.sleep(0.05)
    pytest.fail(f"Azurite did not start within {_START_SECONDS} s (exit code {process.poll()})")
