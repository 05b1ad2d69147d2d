"""Readiness answers whatever the database does: a probe that hangs takes nothing out of service."""

import socket
from time import monotonic

import httpx
import pytest

from rent_process.function import asgi_app
from shared.database import close_pools


async def test_server_that_accepts_and_says_nothing_is_unavailable(
    environment: pytest.MonkeyPatch,
) -> None:
    environment.setattr("rent_process.function.READY_SECONDS", 0.5)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        port = silent.getsockname()[1]
        environment.setenv("DATABASE_URL_RENT", f"postgresql://rent@127.0.0.1:{port}/silent")
        transport = httpx.ASGITransport(asgi_app)
        async with httpx.AsyncClient(transport=transport, base_url="http://function") as client:
            begun = monotonic()
            answer = await client.get("/internal/rent/health/ready")
            took_seconds = monotonic() - begun
    await close_pools()
    assert took_seconds < 3
    assert (answer.status_code, answer.json()["checks"]["database"]) == (503, "unavailable")
