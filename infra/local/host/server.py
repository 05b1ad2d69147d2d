"""Puts the parts together and runs them until a signal: listeners beside one uvicorn worker."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvicorn

from infra.local.host.administration import Administration, ManualRun
from infra.local.host.configuration import HostConfiguration
from infra.local.host.errors import StartupError
from infra.local.host.http_application import HttpApplication
from infra.local.host.indexing import Function
from infra.local.host.invocation import Invoker
from infra.local.host.keys import read_keys
from infra.local.host.log import log_event
from infra.local.host.queue_listener import QueueListener
from infra.local.host.routes import Router
from infra.local.host.static_site import StaticSite
from infra.local.host.timer_listener import TimerListener

# A stop must be over within 5 s: this much for what runs, the rest for closing connections.
DRAIN_SECONDS = 3
_ADDRESS = "127.0.0.1"
_BACKLOG = 2048


@dataclass(frozen=True)
class HostOptions:
    """What the command line says."""

    port: int
    static_folder: Path | None
    state_folder: Path
    function_key_env: str
    master_key_env: str


class Host:
    """All triggers of one app."""

    def __init__(
        self,
        functions: Sequence[Function],
        configuration: HostConfiguration,
        options: HostOptions,
    ) -> None:
        """Check everything that can be checked before anything runs.

        Raises:
            StartupError: what Azure, or this host, cannot serve.
        """
        router = Router(functions, configuration.route_prefix)
        keys = read_keys(options.function_key_env, options.master_key_env, router.routes)
        self._invoker = Invoker(configuration.function_timeout_seconds)
        self._listeners = {
            function.name: listener
            for function in functions
            if (listener := self._listen(function, configuration, options))
        }
        self._administration = Administration(functions, self._manual_runs())
        static = StaticSite(options.static_folder) if options.static_folder else None
        self.application = HttpApplication(
            router, keys, self._invoker, self._administration, static
        )

    def start(self) -> None:
        """Begin to poll and to tick."""
        for listener in self._listeners.values():
            listener.start()

    async def stop(self) -> None:
        """Stop polling and let what runs finish, for a short while."""
        drains = [listener.stop(DRAIN_SECONDS) for listener in self._listeners.values()]
        await asyncio.gather(self._administration.drain(DRAIN_SECONDS), *drains)
        self._invoker.close()

    def _listen(
        self, function: Function, configuration: HostConfiguration, options: HostOptions
    ) -> QueueListener | TimerListener | None:
        if function.trigger_type == "queueTrigger":
            return QueueListener(function, configuration.queues, self._invoker)
        if function.trigger_type == "timerTrigger":
            return TimerListener(function, self._invoker, options.state_folder)
        return None

    def _manual_runs(self) -> dict[str, ManualRun]:
        async def run(function: Function, text: str) -> None:
            await self._listeners[function.name].run_manually(text)

        return {"queueTrigger": run, "timerTrigger": run}


async def serve(make_host: Callable[[], Host], port: int) -> None:
    """Serve until SIGINT or SIGTERM.

    Raises:
        StartupError: the app cannot be served, or the port is taken.
    """
    host = make_host()  # inside the loop: listeners make asynchronous clients
    listening = bind_loopback(port)
    config = uvicorn.Config(
        host.application,
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=DRAIN_SECONDS,
        backlog=_BACKLOG,
    )
    server = _Server(config, host)
    host.start()
    log_event("listening", url=f"http://{_ADDRESS}:{listening.getsockname()[1]}", pid=os.getpid())
    await server.serve(sockets=[listening])
    log_event("stopped")


class _Server(uvicorn.Server):
    """Stops the listeners while uvicorn closes its connections, not after."""

    def __init__(self, config: uvicorn.Config, host: Host) -> None:
        super().__init__(config)
        self._host = host

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        log_event("stopping")
        await asyncio.gather(self._host.stop(), super().shutdown(sockets))


def new_event_loop() -> asyncio.AbstractEventLoop:
    """Use uvloop where it is installed; on Windows the selector loop, which psycopg needs."""
    if sys.platform == "win32":
        return asyncio.SelectorEventLoop()
    try:
        import uvloop  # noqa: PLC0415 - absent on Windows
    except ImportError:
        return asyncio.new_event_loop()
    loop: asyncio.AbstractEventLoop = uvloop.new_event_loop()
    return loop


def ignore_repeated_signals() -> None:
    """Survive uvicorn, which raises the signal again after its stop."""

    def already_stopped(_number: int, _frame: Any) -> None:
        return

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, already_stopped)


def bind_loopback(port: int) -> socket.socket:
    """A listening socket on 127.0.0.1.

    Raises:
        StartupError: the port is taken or not ours to take.
    """
    # The protocol must be named: asyncio sets TCP_NODELAY only on sockets that say TCP, and
    # without it each answer waits 40 ms for the client's delayed acknowledgement.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    if os.name == "posix":  # elsewhere it would let two programs share the port
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((_ADDRESS, port))
        listening.listen(_BACKLOG)
    except OSError as error:
        listening.close()
        raise StartupError(
            f"port {port} on {_ADDRESS} cannot be used ({error.strerror}): stop what listens "
            "there or choose another --port"
        ) from None
    return listening
