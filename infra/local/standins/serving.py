"""Runs the configured stand-ins: one event loop, one uvicorn server each, on 127.0.0.1 only."""

import asyncio
import importlib
import socket
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn
from pydantic import BaseModel, ConfigDict, Field
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from infra.local.standins.faults import FaultInjection, HangUpProtocol, StatusRefusals
from infra.local.standins.profile import Profile, Record
from infra.local.standins.recording import ExchangeFile, Recording

HOST = "127.0.0.1"
STOP_SECONDS = 1  # a stand-in has nothing to finish that is worth a longer wait


class Tls(BaseModel):
    """Paths of PEM files."""

    model_config = ConfigDict(extra="forbid")
    certificate: Path
    key: Path


class ServerConfig(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str = Field(pattern=r"^[a-z_]+$")
    port: int = Field(default=0, ge=0, le=65535)
    tls: Tls | None = None
    options: dict[str, Any] = {}


class Config(BaseModel):
    """``record`` is the file that exchanges are appended to. Port 0 takes a free one."""

    model_config = ConfigDict(extra="forbid")
    record: Path | None = None
    servers: list[ServerConfig]


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Generator[None]:
        """Signals belong to the process, which stops all servers together."""
        yield

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Cut idle connections: under TLS, closing would wait for the other side's farewell."""
        for connection in list(self.server_state.connections):
            if isinstance(connection, H11Protocol) and (
                connection.cycle is None or connection.cycle.response_complete
            ):
                connection.transport.abort()
        await super().shutdown(sockets)


def build_app(config: ServerConfig, base_url: str, record: Record | None) -> ASGIApp:
    """The stand-in inside its layers: faults, then recording, then the vendor."""
    module = importlib.import_module(f"infra.local.standins.{config.name}.app")
    profile: Profile = module.PROFILE
    options = {"base_url": base_url, **config.options}
    app: ASGIApp = module.create_app(options, record or _unrecorded)
    if profile.refuse is not None:
        app = StatusRefusals(app, profile.refuse)
    if record is not None:
        app = Recording(app, profile, record)
    return FaultInjection(app, app_waits=profile.refuse is None)


def _unrecorded(_exchange: dict[str, Any]) -> None:
    """Where exchanges go when no file is configured."""


def _listen(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if hasattr(socket, "SO_REUSEADDR") and not hasattr(socket, "SO_EXCLUSIVEADDRUSE"):
        # Only where it means "past TIME_WAIT"; on Windows it would share the port.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
    except OSError as error:
        listener.close()
        raise OSError(error.errno, f"port {port}: {error.strerror}") from error
    return listener


def _make_server(app: ASGIApp, tls: Tls | None) -> _Server:
    return _Server(
        uvicorn.Config(
            app,
            http=HangUpProtocol,
            ws="none",
            lifespan="on",
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_keep_alive=75,
            timeout_graceful_shutdown=STOP_SECONDS,
            ssl_certfile=tls.certificate if tls else None,
            ssl_keyfile=tls.key if tls else None,
        )
    )


async def serve(
    config: Config, stop: asyncio.Event, ready: Callable[[dict[str, str]], None]
) -> None:
    """Serve until ``stop`` is set; ``ready`` gets the base URL of each server by name.

    Raises:
        OSError: a port is taken.
        RuntimeError: a server ended by itself.
    """
    record = ExchangeFile(config.record) if config.record else None
    servers, urls, tasks = [], {}, []
    try:
        for each in config.servers:
            listener = _listen(each.port)
            scheme = "https" if each.tls else "http"
            urls[each.name] = f"{scheme}://{HOST}:{listener.getsockname()[1]}"
            server = _make_server(build_app(each, urls[each.name], record), each.tls)
            servers.append(server)
            tasks.append(asyncio.create_task(server.serve(sockets=[listener])))
        while not all(server.started for server in servers):
            if any(task.done() for task in tasks):
                raise RuntimeError("a stand-in stopped while starting")
            await asyncio.sleep(0.01)
        ready(urls)
        waiting = asyncio.create_task(stop.wait())
        await asyncio.wait([*tasks, waiting], return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
    finally:
        for server in servers:
            server.should_exit = True
        await asyncio.gather(*tasks)
        await asyncio.sleep(0.01)  # connections that were cut close in the loop's next turns
        if record is not None:
            record.close()
