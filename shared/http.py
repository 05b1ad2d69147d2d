"""What every HTTP handler here shares: bodies in, answers and problems out (RFC 9457)."""

import json
import logging
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from starlette.requests import Request
from starlette.responses import Response

from shared.contracts.problems import STATUS_OF_CODE, ProblemDetails, ProblemError
from shared.errors import AppError, FieldError, RateLimited, Rejected, Unavailable
from shared.telemetry import operation

logger = logging.getLogger(__name__)

JSON = "application/json"
PROBLEM_JSON = "application/problem+json"
# A booking with a full offer is below 20 KiB; Stripe's largest events are below 64 KiB.
MAXIMUM_BODY_BYTES = 128 * 1024

Model = TypeVar("Model", bound=BaseModel)
Handler = Callable[[Request], Awaitable[Response]]


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


def problem(error: AppError) -> Response:
    status = STATUS_OF_CODE[error.code]
    faults = error.errors if isinstance(error, Rejected) else ()
    members = error.members if isinstance(error, Rejected) else {}
    details = ProblemDetails(
        type=f"urn:rentacar:problem:{error.code}",
        title=error.code.replace("_", " ").capitalize(),
        status=status,
        detail=error.detail,
        code=error.code,
        errors=[ProblemError(pointer=f.pointer, message=f.message) for f in faults] or None,
        **members,
    )
    headers = {}
    if status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"  # RFC 9110 (15.5.2) wants one
    if isinstance(error, Unavailable | RateLimited):
        headers["Retry-After"] = str(error.retry_after_seconds)
    body = details.model_dump_json(by_alias=True, exclude_none=True)
    return Response(body, status, headers, PROBLEM_JSON)


def answer(
    model: BaseModel, status: int = HTTPStatus.OK, headers: dict[str, str] | None = None
) -> Response:
    return Response(model.model_dump_json(by_alias=True, exclude_none=True), status, headers, JSON)


def is_known(etag: str, request: Request) -> bool:
    """Whether ``If-None-Match`` names what stands, compared weakly (RFC 9110, 13.1.2)."""
    known = [each.strip() for each in request.headers.get("if-none-match", "").split(",")]
    return known == ["*"] or etag in {each.removeprefix("W/") for each in known}


async def read_body(request: Request, most_bytes: int = MAXIMUM_BODY_BYTES) -> bytes:
    """Read the body, bounded.

    Raises:
        Rejected: ``payload_too_large``.
    """
    body = await request.body()
    if len(body) > most_bytes:
        limit = most_bytes // 1024
        raise Rejected("payload_too_large", f"this request's body may have {limit} KiB")
    return body


async def read_json(request: Request, model: type[Model]) -> Model:
    """Read and validate a JSON body: a number is no string, and a name stands once in an object.

    Raises:
        Rejected: ``unsupported_media_type``, ``payload_too_large``, ``malformed_json`` or
            ``validation_failed``.
    """
    # Who names no type means the only one that there is (RFC 9110, 8.3).
    kind = request.headers.get("content-type", JSON).partition(";")[0]
    if kind.strip().lower() != JSON:
        raise Rejected("unsupported_media_type", f"send the body as {JSON}")
    body = await read_body(request)
    try:
        read = model.model_validate_json(body, strict=True)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_input=False)
        if faults[0]["type"] == "json_invalid":
            raise Rejected("malformed_json", "the body is not JSON") from None
        raise _invalid(error) from None
    # Only now: what is valid is not nested so deeply that this parser, which recurses, gives up.
    json.loads(body, object_pairs_hook=_refuse_repeats)
    return read


def _refuse_repeats(pairs: list[tuple[str, Any]]) -> None:
    """Parsers differ in which of two values they take: nobody must guess (RFC 8259, 4)."""
    if len({name for name, _ in pairs}) < len(pairs):
        raise Rejected("malformed_json", "a name stands twice in an object")


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
