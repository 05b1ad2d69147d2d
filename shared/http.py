"""The HTTP edge that every ASGI app here shares: bodies in, answers and problems out (RFC 9457)."""

import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, TypeVar
from urllib.parse import unquote, urlsplit

import azure.functions as func
from pydantic import BaseModel, ValidationError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Message

from shared.contracts.problems import STATUS_OF_CODE, ProblemDetails, ProblemError
from shared.errors import AppError, FieldError, Rejected, Unavailable
from shared.telemetry import operation

logger = logging.getLogger(__name__)

JSON = "application/json"
PROBLEM_JSON = "application/problem+json"
# A booking with a full offer is below 20 KiB; Stripe's largest events are below 64 KiB.
MAXIMUM_BODY_BYTES = 128 * 1024
_BEFORE_ROUTING = {404: "not_found", 405: "method_not_allowed"}

Model = TypeVar("Model", bound=BaseModel)
Handler = Callable[[Request], Awaitable[Response]]


def build_app(
    routes: Iterable[tuple[str, str, Handler]], operation_name: str | None = None
) -> Starlette:
    """An app of (method, path, handler) that answers every failure as a problem.

    With ``operation_name`` each call is an operation of its own for telemetry, under the caller's.
    """
    table: list[BaseRoute] = []
    for method, path, handler in routes:
        endpoint = answering(handler)
        if operation_name is not None:
            endpoint = traced(f"{operation_name} {method} {path}", endpoint)
        table.append(Route(path, endpoint, methods=[method]))
    return Starlette(routes=table, exception_handlers={HTTPException: answer_unrouted})


async def serve(app: ASGIApp, req: func.HttpRequest, context: func.Context) -> func.HttpResponse:
    """Run one invocation of the Functions worker through an ASGI app.

    Instead of ``func.AsgiMiddleware``, which parses and copies more than these apps look at. The
    host's span becomes the parent of ours: one operation from the host's request row on.
    """
    url = urlsplit(req.url)
    headers = {name.lower(): value for name, value in req.headers.items()}
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


@dataclass(frozen=True, slots=True)
class Answer:
    """What an HTTP-shaped call came to; header names are lower-cased."""

    status: int
    headers: Mapping[str, str]
    body: bytes


async def call_app(
    app: ASGIApp, method: str, path: str, query: bytes, headers: Mapping[str, str], body: bytes
) -> Answer:
    """Call an ASGI app in this process: one coroutine, no socket, no copy of the body."""
    exchange = _Exchange(body)
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
    await app(scope, exchange.receive, exchange.send)
    return exchange.answer()


class _Exchange:
    """The two callables of an ASGI call, and what came of it."""

    def __init__(self, body: bytes) -> None:
        self._body = body
        self._start: Message = {}
        self._parts: list[bytes] = []

    async def receive(self) -> Message:
        return {"type": "http.request", "body": self._body, "more_body": False}

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
        else:
            self._parts.append(message.get("body", b""))

    def answer(self) -> Answer:
        headers = {n.decode("latin-1"): v.decode("latin-1") for n, v in self._start["headers"]}
        return Answer(self._start["status"], headers, b"".join(self._parts))


def traced(name: str, handler: Handler) -> Handler:
    """Answer inside an operation for telemetry, the child of the one that the caller names."""

    async def answer(request: Request) -> Response:
        with operation(name, traceparent=request.headers.get("traceparent")) as span:
            response = await handler(request)
            span.set(status_code=response.status_code)
        return response

    return answer


def answering(handler: Handler) -> Handler:
    """Turn what a handler raises into the documented answer; a defect is logged and hidden."""

    async def answer(request: Request) -> Response:
        try:
            return await handler(request)
        except AppError as error:
            return problem(error)
        except Exception:
            logger.exception("%s %s failed", request.method, request.url.path)
            return problem(AppError("internal_error", "something went wrong on our side"))

    return answer


async def answer_unrouted(_request: Request, error: Exception) -> Response:
    """No route matched, or not with that method."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    code = _BEFORE_ROUTING.get(status, "internal_error")
    return problem(AppError(code, HTTPStatus(STATUS_OF_CODE[code]).description))


def problem(error: AppError) -> Response:
    status = STATUS_OF_CODE[error.code]
    faults = error.errors if isinstance(error, Rejected) else ()
    details = ProblemDetails(
        type=f"urn:rentacar:problem:{error.code}",
        title=error.code.replace("_", " ").capitalize(),
        status=status,
        detail=error.detail,
        code=error.code,
        errors=[ProblemError(pointer=f.pointer, message=f.message) for f in faults] or None,
    )
    headers = {}
    if isinstance(error, Unavailable):
        headers["Retry-After"] = str(error.retry_after_seconds)
    body = details.model_dump_json(exclude_none=True)
    return Response(body, status, headers, PROBLEM_JSON)


def answer(
    model: BaseModel, status: int = HTTPStatus.OK, headers: dict[str, str] | None = None
) -> Response:
    return Response(model.model_dump_json(by_alias=True, exclude_none=True), status, headers, JSON)


async def read_body(request: Request) -> bytes:
    """Read the body, bounded.

    Raises:
        Rejected: ``payload_too_large``.
    """
    body = await request.body()
    if len(body) > MAXIMUM_BODY_BYTES:
        limit = MAXIMUM_BODY_BYTES // 1024
        raise Rejected("payload_too_large", f"a request body may have {limit} KiB")
    return body


async def read_json(request: Request, model: type[Model]) -> Model:
    """Read and validate a JSON body.

    Raises:
        Rejected: ``payload_too_large``, ``malformed_json`` or ``validation_failed``.
    """
    body = await read_body(request)
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_input=False)
        if faults[0]["type"] == "json_invalid":
            raise Rejected("malformed_json", "the body is not JSON") from None
        raise _invalid(error) from None


def read_query(request: Request, model: type[Model]) -> Model:
    """Read and validate the query; a name that stands twice is refused.

    Raises:
        Rejected: ``validation_failed``.
    """
    items = request.query_params.multi_items()
    values = dict(items)
    if len(values) != len(items):
        raise Rejected("validation_failed", "a query parameter stands twice")
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise _invalid(error) from None


def _invalid(error: ValidationError) -> Rejected:
    """Name every fault by a JSON pointer. Messages never repeat the input: it may be personal."""
    faults = tuple(
        FieldError(
            "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in fault["loc"]),
            fault["msg"].removeprefix("Value error, "),
        )
        for fault in error.errors(include_url=False, include_input=False, include_context=False)
    )
    return Rejected("validation_failed", "the request is not as documented", faults)
