"""App Configuration's REST interface, as far as the SDKs, the portal's toggles and ``az`` use it.

Options: ``flags`` ({name: true | {"enabled": …, "conditions": {…}}}) and ``settings``
({key: value}) seed the store; ``credential`` and ``secret`` (base64) sign requests;
``token_key`` is shared with the managed identity stand-in; ``page_size``.
"""

from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from infra.local.standins import tokens
from infra.local.standins.appconfiguration.answers import Answers, problem, unauthorized
from infra.local.standins.appconfiguration.filters import InvalidFilterError
from infra.local.standins.appconfiguration.key_values import KeyValues
from infra.local.standins.appconfiguration.lists import Lists
from infra.local.standins.appconfiguration.signature import signature_fault
from infra.local.standins.appconfiguration.store import Setting, Store, feature_flag
from infra.local.standins.profile import Profile, Record

AUDIENCE = "https://appconfig.azure.com"
CREDENTIAL = "local"
SECRET = "bG9jYWwtc3RhY2stYXBwLWNvbmZpZ3VyYXRpb24="  # noqa: S105 - guards nothing
PROFILE = Profile(
    "appconfiguration",
    refuse=lambda status: problem(status, "service-unwell", "The service cannot answer now."),
)


def create_app(options: dict[str, Any], _record: Record) -> ASGIApp:
    store = Store()
    for name, declared in options.get("flags", {}).items():
        store.put(feature_flag(name, declared))
    for key, value in options.get("settings", {}).items():
        store.put(Setting(key=key, label=None, value=value))
    answers = Answers(store)
    lists = Lists(store, answers, int(options.get("page_size", 100)))
    values = KeyValues(store, answers)
    reading = ["GET", "HEAD"]
    app = Starlette(
        routes=[
            Route("/kv", lists.key_values, methods=reading),
            Route("/keys", lists.keys, methods=reading),
            Route("/labels", lists.labels, methods=reading),
            Route("/kv/{key:path}", values.read, methods=reading),
            Route("/kv/{key:path}", values.put, methods=["PUT"]),
            Route("/kv/{key:path}", values.delete, methods=["DELETE"]),
            Route("/locks/{key:path}", values.lock, methods=["PUT", "DELETE"]),
        ],
        exception_handlers={InvalidFilterError: _invalid_filter},
    )
    return _authorized(app, options)


def _authorized(app: ASGIApp, options: dict[str, Any]) -> ASGIApp:
    """The vendor checks who asks before it looks at what is asked."""
    credential = str(options.get("credential", CREDENTIAL))
    secret = str(options.get("secret", SECRET))
    token_key = str(options.get("token_key", tokens.LOCAL_KEY))

    async def guard(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        request = Request(scope, receive)
        body = await request.body()
        response = _refusal(request, body, credential, secret, token_key)

        async def replay() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        await (response or app)(scope, replay, send)

    return guard


def _refusal(
    request: Request, body: bytes, credential: str, secret: str, token_key: str
) -> Response | None:
    authorization = request.headers.get("authorization", "")
    if not authorization:
        return unauthorized()
    if authorization.startswith("HMAC-SHA256"):
        fault = signature_fault(request, body, credential, secret)
        scheme = "HMAC-SHA256"
    else:
        fault = tokens.fault(authorization, AUDIENCE, key=token_key)
        scheme = "Bearer"
    if fault:
        return unauthorized(scheme, fault)
    if not any(name.lower() == "api-version" for name in request.query_params):
        return problem(400, "invalid-argument", "Missing request parameter", name="api-version")
    return None


def _invalid_filter(_request: Request, error: Exception) -> Response:
    return problem(400, "invalid-argument", "Invalid request parameter", detail=str(error))
