"""The ASGI app that each function folder with HTTP is: a table of routes, called without a socket.

A table and nothing around it: a booking passes two apps, and felt the layers that a framework's
application wraps around each call (docs/benchmarks.md). Requests and responses are Starlette's.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote, urlsplit

import azure.functions as func
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from shared.contracts.problems import STATUS_OF_CODE
from shared.errors import AppError
from shared.http import Handler, answering, problem, traced

_PARAMETER = re.compile(r"\\{(\w+)\\}")  # as re.escape leaves it


@dataclass(frozen=True, slots=True)
class _Parametrised:
    """A path with ``{name}`` in it: any one segment."""

    pattern: re.Pattern[str]
    methods: dict[str, Handler]


class App:
    """Answers every call by its handler, and every failure as a problem."""

    def __init__(
        self,
        routes: Iterable[tuple[str, str, Handler]],
        operation_name: str | None = None,
        unmatched: Callable[[Handler], Handler] = answering,
    ) -> None:
        """Take (method, path, handler); what answers GET answers HEAD.

        With ``operation_name`` each call is an operation of its own for telemetry, under the
        caller's. ``unmatched`` goes around the answer to calls that have no handler.
        """
        self._unmatched = unmatched(_refuse)
        self._plain: dict[str, dict[str, Handler]] = {}
        parametrised: dict[str, dict[str, Handler]] = {}
        for method, path, handler in routes:
            table = parametrised if "{" in path else self._plain
            methods = table.setdefault(path, {})
            endpoint = answering(handler)
            if operation_name is not None:
                endpoint = traced(f"{operation_name} {method} {path}", endpoint)
            methods.setdefault(method, endpoint)
            if method == "GET":
                methods.setdefault("HEAD", methods[method])
        self._parametrised = [
            _Parametrised(re.compile(_PARAMETER.sub(r"(?P<\1>[^/]+)", re.escape(path))), methods)
            for path, methods in parametrised.items()
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as ASGI asks for it, so that servers and clients of every kind can call."""
        response = await self.respond(scope, receive)
        await response(scope, receive, send)

    async def respond(self, scope: Scope, receive: Receive) -> Response:
        """Answer to whoever needs no messages."""
        allowed: set[str] = set()
        for methods, parameters in self._of_path(scope["path"]):
            handler = methods.get(scope["method"])
            if handler is not None:
                return await handler(Request({**scope, "path_params": parameters}, receive))
            allowed |= methods.keys()
        return await self._unmatched(Request({**scope, "allowed": allowed}, receive))

    def _of_path(self, path: str) -> Iterator[tuple[dict[str, Handler], dict[str, str]]]:
        if path in self._plain:
            yield self._plain[path], {}
        for each in self._parametrised:
            match = each.pattern.fullmatch(path)
            if match:
                yield each.methods, match.groupdict()


async def _refuse(request: Request) -> Response:
    allowed = request.scope["allowed"]
    code = "method_not_allowed" if allowed else "not_found"
    refusal = problem(AppError(code, HTTPStatus(STATUS_OF_CODE[code]).description))
    if allowed:
        refusal.headers["Allow"] = ", ".join(sorted(allowed))
    return refusal


@dataclass(frozen=True, slots=True)
class Answer:
    """What an HTTP-shaped call came to; header names are lower-cased."""

    status: int
    headers: Mapping[str, str]
    body: bytes


async def call_app(
    app: App, method: str, path: str, query: bytes, headers: Mapping[str, str], body: bytes
) -> Answer:
    """Call an app in this process: one coroutine, no socket, no copy of the body."""

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": query,
        "headers": [(n.encode("latin-1"), v.encode("latin-1")) for n, v in headers.items()],
        "client": None,
        "server": ("in-process", 80),
    }
    found = await app.respond(scope, receive)
    returned = {n.decode("latin-1"): v.decode("latin-1") for n, v in found.raw_headers}
    return Answer(found.status_code, returned, bytes(found.body))


async def serve(app: App, req: func.HttpRequest, context: func.Context) -> func.HttpResponse:
    """Run one invocation of the Functions worker through an app.

    Instead of ``func.AsgiMiddleware``, which parses and copies more than these apps look at. The
    host's span becomes the parent of ours: one operation from the host's request row on.
    """
    url = urlsplit(req.url)
    headers = {name.lower(): _as_sent(value) for name, value in req.headers.items()}
    trace = getattr(context, "trace_context", None)
    if trace is not None and trace.trace_parent:
        headers["traceparent"] = trace.trace_parent
    found = await call_app(
        app, req.method, unquote(url.path), url.query.encode(), headers, req.get_body()
    )
    kind = found.headers.get("content-type")
    return func.HttpResponse(
        found.body, status_code=found.status, headers=dict(found.headers), mimetype=kind
    )


def _as_sent(value: str) -> str:
    """The host decodes headers as UTF-8; ASGI holds their bytes, each as one character."""
    return value if value.isascii() else value.encode("utf-8", "replace").decode("latin-1")
