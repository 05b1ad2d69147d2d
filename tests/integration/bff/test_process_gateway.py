"""Calling RentProcess in process or over HTTP is a deployment's choice: both answer alike."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from http import HTTPStatus

import pytest
import uvicorn
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bff.process_gateway import InProcess, OverHttp, Process, process_at
from shared.asgi import App
from shared.errors import Rejected, Unavailable
from tests.plugins.environment import ENVIRONMENT

pytestmark = pytest.mark.usefixtures("environment")


async def echo(request: Request) -> Response:
    seen = {
        "method": request.method,
        "path": request.url.path,
        "query": request.scope["query_string"].decode(),
        "key": request.headers.get("idempotency-key"),
        "body": (await request.body()).decode(),
    }
    return JSONResponse(seen, HTTPStatus.ACCEPTED, {"ETag": '"1"'})


async def refuse(_request: Request) -> Response:
    raise Rejected("car_unavailable", "the class is sold out for that period")


APP = App(
    (
        ("POST", "/internal/rent/rentals", echo),
        ("GET", "/internal/rent/offers", echo),
        ("GET", "/internal/rent/rentals", refuse),
    )
)
CALLS = (
    ("POST", "/internal/rent/rentals", b"", b'{"given_name":"Jo\xc3\xa3o"}'),
    ("GET", "/internal/rent/offers", b"pickup_at=2026-12-12T10%3A00-03%3A00&a=&b", b""),
    ("GET", "/internal/rent/rentals", b"", b""),
    ("GET", "/internal/rent/nothing", b"", b""),
)


@pytest.fixture
async def over_http() -> AsyncIterator[OverHttp]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(APP, log_level="critical", lifespan="off"))
        task = asyncio.create_task(server.serve([listener]))
        process = OverHttp(f"http://127.0.0.1:{listener.getsockname()[1]}/")
        yield process
        await close(process)
        server.should_exit = True
        await task


async def close(process: OverHttp) -> None:
    if process._client is not None:
        await process._client.aclose()


@pytest.mark.parametrize("call", CALLS, ids=lambda call: f"{call[0]} {call[1]}")
async def test_in_process_and_over_http_answer_alike(
    over_http: OverHttp, call: tuple[str, str, bytes, bytes]
) -> None:
    method, path, query, body = call
    processes: tuple[Process, Process] = (InProcess(APP), over_http)
    here, there = [
        await each.call(method, path, query, {"idempotency-key": "réserva"}, body)
        for each in processes
    ]
    assert (here.status, here.body) == (there.status, there.body)
    assert here.headers.items() <= there.headers.items()


async def test_query_and_body_arrive_as_they_were_sent() -> None:
    method, path, query, _ = CALLS[1]
    answer = await InProcess(APP).call(method, path, query, {}, b"")
    assert json.loads(answer.body)["query"] == query.decode()


class Hangup:
    """A server that hangs up on every call, and counts them."""

    def __init__(self) -> None:
        self.calls = 0
        self.keys: set[bytes] = set()

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.calls += 1
        head = await reader.readuntil(b"\r\n\r\n")
        self.keys |= {line for line in head.split(b"\r\n") if line.startswith(b"x-functions-key")}
        writer.close()


@pytest.mark.parametrize(("method", "calls"), [("GET", 2), ("POST", 1)])
async def test_only_calls_that_change_nothing_are_tried_again(method: str, calls: int) -> None:
    hangup = Hangup()
    server = await asyncio.start_server(hangup.answer, "127.0.0.1", 0)
    async with server:
        process = OverHttp(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
        with pytest.raises(Unavailable):
            await process.call(method, "/internal/rent/rentals", b"", {}, b"")
        await close(process)
    assert hangup.calls == calls
    assert hangup.keys == {f"x-functions-key: {ENVIRONMENT['INTERNAL_FUNCTION_KEY']}".encode()}


def test_address_decides() -> None:
    assert isinstance(process_at(None, APP), InProcess)
    assert isinstance(process_at("http://127.0.0.1:9", APP), OverHttp)
