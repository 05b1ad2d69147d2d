"""Serves stand-ins on free ports, in a thread, so that blocking SDKs can be driven against them."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from infra.local.standins.serving import Config, serve

Serve = Callable[..., dict[str, str]]


@contextmanager
def serving(config: Config) -> Iterator[dict[str, str]]:
    """The base URLs by name, while the servers run."""
    urls: dict[str, str] = {}
    failure: list[BaseException] = []
    ready = threading.Event()
    loop = asyncio.new_event_loop()
    stop = asyncio.Event()

    def announce(found: dict[str, str]) -> None:
        urls.update(found)
        ready.set()

    def run() -> None:
        try:
            loop.run_until_complete(serve(config, stop, announce))
        except BaseException as error:  # noqa: BLE001 - raised again in the test's own thread
            failure.append(error)
        finally:
            _cut_connections(loop)
            loop.close()
            ready.set()

    thread = threading.Thread(target=run, name="stand-ins")
    thread.start()
    try:
        assert ready.wait(10), "the stand-ins did not start"
        if failure:
            raise failure[0]
        yield urls
    finally:
        if not loop.is_closed():
            loop.call_soon_threadsafe(stop.set)
        thread.join(10)
        assert not thread.is_alive(), "the stand-ins did not stop"


def _cut_connections(loop: asyncio.AbstractEventLoop) -> None:
    """Under TLS one waits 30 s for the other side's farewell: longer than a test's loop lives."""
    transports: Any = getattr(loop, "_transports", {})
    for transport in list(transports.values()):
        transport.abort()
    loop.run_until_complete(asyncio.sleep(0))


@pytest.fixture
def serve_standins() -> Iterator[Serve]:
    """Call with servers (as in the configuration file) and, if wanted, ``record=path``."""
    with ExitStack() as stack:

        def start(*servers: dict[str, Any], record: Path | None = None) -> dict[str, str]:
            config = Config.model_validate({"record": record, "servers": servers})
            return stack.enter_context(serving(config))

        yield start
