"""The shapes that Key Vault answers in."""

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from infra.local.standins import tokens

AUDIENCE = "https://vault.azure.net"
CHALLENGE = (
    f'Bearer authorization="https://login.microsoftonline.com/{tokens.TENANT_ID}",'
    f' resource="{AUDIENCE}"'
)
MEDIA = "application/json; charset=utf-8"
HEADERS = {401: {"WWW-Authenticate": CHALLENGE}, 429: {"Retry-After": "1"}}


def answer(body: dict[str, Any]) -> Response:
    return JSONResponse(body, media_type=MEDIA)


def error(status: int, code: str, message: str, *, inner: str | None = None) -> Response:
    body: dict[str, Any] = {"code": code, "message": message}
    if inner is not None:
        body["innererror"] = {"code": inner}
    return JSONResponse({"error": body}, status, HEADERS.get(status), media_type=MEDIA)


def not_found(name: str) -> Response:
    message = f"A secret with (name/id) {name} was not found in this key vault."
    return error(404, "SecretNotFound", message)


async def read_body(request: Request) -> dict[str, Any]:
    """The JSON object sent; an empty one when there is none."""
    try:
        body = json.loads(await request.body())
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
