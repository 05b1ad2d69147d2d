"""One invocation of the Functions worker through an app, whatever the client's headers hold."""

from types import SimpleNamespace
from typing import Any

import azure.functions as func
import pytest
from starlette.requests import Request
from starlette.responses import Response

from shared.asgi import App, serve

CONTEXT: Any = SimpleNamespace(trace_context=None)


async def echo(request: Request) -> Response:
    return Response(request.headers.get("idempotency-key", "").encode("latin-1"))


APP = App([("GET", "/api/echo", echo)])


@pytest.mark.parametrize("value", ["plain", "réservation", "予約", "€", "\udcff"])
async def test_header_of_any_script_is_taken_as_its_bytes(value: str) -> None:
    headers = {"Idempotency-Key": value, "Cookie": value}
    request = func.HttpRequest(method="GET", url="http://host/api/echo", headers=headers, body=b"")
    answer = await serve(APP, request, CONTEXT)
    assert (answer.status_code, answer.get_body()) == (200, value.encode("utf-8", "replace"))
