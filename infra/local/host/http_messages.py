"""Turns an ASGI request into the worker's HttpRequest and its HttpResponse into ASGI messages.

What gets lost on the way is lost in Azure too (`GrpcMessageConversionExtensions.cs`): header
names arrive lower-cased with repeats comma-joined, empty query values are dropped, a body without
Content-Length arrives empty.
"""

from typing import Any
from urllib.parse import parse_qsl

import azure.functions
from azure.functions.http import HttpRequest

# The real host's default limit (FUNCTIONS_REQUEST_BODY_SIZE_LIMIT).
MAX_BODY_BYTES = 104_857_600
_BODILESS = {204, 304}
_OWNED_BY_SERVER = {"content-length", "transfer-encoding", "connection"}


class BodyTooLarge(Exception):  # noqa: N818 - answered with 413, not an error of the host
    """Content-Length exceeds what the host accepts."""


class ClientLeft(Exception):  # noqa: N818 - nobody is left to be answered
    """The connection closed before the body was complete."""


def join_headers(scope: Any) -> dict[str, str]:
    """Header values by lower-case name."""
    headers: dict[str, str] = {}
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1"), raw_value.decode("latin-1")
        headers[name] = f"{headers[name]},{value}" if name in headers else value
    return headers


def read_query(query: bytes) -> dict[str, str]:
    """Values by name (names ignore case, the first spelling stays); empty values are dropped."""
    values: dict[str, str] = {}
    spelling: dict[str, str] = {}
    for name, value in parse_qsl(query.decode("latin-1"), keep_blank_values=True):
        known = spelling.setdefault(name.lower(), name)
        values[known] = f"{values[known]},{value}" if known in values else value
    return {name: value for name, value in values.items() if value}


async def read_body(headers: dict[str, str], receive: Any) -> bytes:
    """The body, if Content-Length announces one.

    Raises:
        BodyTooLarge: it announces more than the host accepts.
        ClientLeft: the client went away while sending.
    """
    length = int(headers.get("content-length") or 0)
    if length > MAX_BODY_BYTES:
        raise BodyTooLarge
    if length == 0:
        return b""
    chunks = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientLeft
        chunks.append(message["body"])
        if not message.get("more_body"):
            return b"".join(chunks)


def build_request(
    scope: Any,
    headers: dict[str, str],
    query: dict[str, str],
    route_params: dict[str, str],
    body: bytes,
) -> azure.functions.HttpRequest:
    """The same object that the worker hands to a function."""
    path, query_string = scope["raw_path"].decode("latin-1"), scope["query_string"]
    suffix = f"?{query_string.decode('latin-1')}" if query_string else ""
    return HttpRequest(
        method=scope["method"],
        url=f"{scope['scheme']}://{headers.get('host', '127.0.0.1')}{path}{suffix}",
        headers=headers,
        params=query,
        route_params=route_params,
        body_type="bytes",
        body=body,
    )


async def send_response(send: Any, response: Any) -> None:
    """Answer with a function's result, by the worker's rules for HttpResponse, str and None.

    Raises:
        TypeError: the function returned something else.
    """
    if response is None:
        await send_plain(send, 204)
        return
    if isinstance(response, str):
        content_type = (b"content-type", b"text/plain; charset=utf-8")
        await send_plain(send, 200, response.encode(), [content_type])
        return
    if not isinstance(response, azure.functions.HttpResponse):
        raise TypeError(f"an HTTP function returned {type(response).__name__}")
    await send_plain(send, response.status_code, response.get_body(), _response_headers(response))


async def send_plain(
    send: Any, status: int, body: bytes = b"", headers: list[tuple[bytes, bytes]] | None = None
) -> None:
    """Answer with the given parts and a right Content-Length."""
    headers = list(headers or ())
    if status not in _BODILESS:
        headers.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if status in _BODILESS else body})


def _response_headers(response: azure.functions.HttpResponse) -> list[tuple[bytes, bytes]]:
    # The worker keeps one value a name, but for cookies, and adds a type where none is given.
    single: dict[str, str] = {}
    pairs: list[tuple[bytes, bytes]] = []
    for name, value in response.headers.items():
        lower = name.lower()
        if lower == "set-cookie":
            pairs.append((b"set-cookie", value.encode("latin-1")))
        elif lower not in _OWNED_BY_SERVER:
            single[lower] = value
    if "content-type" not in single:
        text = response.mimetype.startswith("text/")
        charset = f"; charset={response.charset}" if text else ""
        single["content-type"] = f"{response.mimetype}{charset}"
    pairs.extend((name.encode(), value.encode("latin-1")) for name, value in single.items())
    return pairs
