"""``POST /v3/mail/send`` as SendGrid answers it; accepted mail goes to a real mailbox.

Options: ``smtp_host``, ``smtp_port`` (MailDev's), ``api_key`` (the one that exists; unset: any).
Control: ``GET /_control/messages`` lists the latest accepted mails, ``POST /_control/reset``
forgets them, ``POST /_control/keys`` (``{"api_keys": [...]}``) says which keys are accepted.
"""

import gzip
import json
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from infra.local.standins.profile import Profile, Record
from infra.local.standins.sendgrid.message import deliveries
from infra.local.standins.sendgrid.relay import Accepted, Relay
from infra.local.standins.sendgrid.validation import Fault, fault, mail_faults

MAXIMUM_BYTES = 31_457_280  # 30 MiB, attachments included


def _refuse(status: int, *faults: Fault) -> JSONResponse:
    headers = {"X-RateLimit-Remaining": "0"} if status == 429 else {}  # noqa: PLR2004 - Too Many Requests
    return JSONResponse({"errors": list(faults)}, status, headers)


PROFILE = Profile(
    "sendgrid",
    recorded_paths=("/v3/",),
    refuse=lambda status: _refuse(
        status,
        fault("too many requests" if status == 429 else "internal server error"),  # noqa: PLR2004 - Too Many Requests
    ),
)


class MailSend:
    def __init__(self, relay: Relay, api_key: str | None) -> None:
        self._relay = relay
        self._api_keys = None if api_key is None else {api_key}  # None: any

    async def send(self, request: Request) -> Response:
        if not self._is_known(request.headers.get("authorization", "")):
            message = "The provided authorization grant is invalid, expired, or revoked"
            return _refuse(401, fault(message))
        body = await request.body()
        if len(body) > MAXIMUM_BYTES:
            return _refuse(413, fault("The email size exceeds the maximum of 30 MB."))
        mail = _decode(request, body)
        if faults := list(mail_faults(mail)):
            return _refuse(400, *faults)
        message_id = secrets.token_urlsafe(16)
        if _is_sandboxed(mail):
            return Response(status_code=200)
        accepted = Accepted(message_id, mail)
        self._relay.accept(accepted, deliveries(mail, message_id))
        return Response(status_code=202, headers={"X-Message-Id": message_id})

    def _is_known(self, authorization: str) -> bool:
        scheme, _, key = authorization.partition(" ")
        if scheme != "Bearer" or not key:
            return False
        return self._api_keys is None or key in self._api_keys

    async def roll_keys(self, request: Request) -> Response:
        """As on SendGrid's pages, where several keys may exist at once."""
        self._api_keys = set((await request.json())["api_keys"])
        return Response(status_code=204)


def _decode(request: Request, body: bytes) -> Any:
    try:
        if request.headers.get("content-encoding") == "gzip":
            body = gzip.decompress(body)
        return json.loads(body)
    except (ValueError, OSError, EOFError):
        return None


def _is_sandboxed(mail: dict[str, Any]) -> bool:
    settings = mail.get("mail_settings") or {}
    return bool((settings.get("sandbox_mode") or {}).get("enable"))


def create_app(options: dict[str, Any], _record: Record) -> ASGIApp:
    relay = Relay(str(options["smtp_host"]), int(options["smtp_port"]))
    mail_send = MailSend(relay, options.get("api_key"))

    async def messages(_request: Request) -> Response:
        return JSONResponse({"messages": [asdict(each) for each in relay.messages]})

    async def reset(_request: Request) -> Response:
        relay.messages.clear()
        return Response(status_code=204)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        yield
        await relay.finish()

    routes = [
        Route("/v3/mail/send", mail_send.send, methods=["POST"]),
        Route("/_control/messages", messages),
        Route("/_control/reset", reset, methods=["POST"]),
        Route("/_control/keys", mail_send.roll_keys, methods=["POST"]),
    ]
    return Starlette(routes=routes, lifespan=lifespan)
