"""Writes every exchange as one JSON line, so that it can be held against the vendor's own spec.

The line is written when the answer is complete and before its last part leaves, so a client that
has its answer finds its exchange in the file. Secrets are masked, their shape is kept.
"""

import gzip
import json
import re
import zlib
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from infra.local.standins.profile import Profile, Record

FORM = "application/x-www-form-urlencoded"
SECRET_HEADERS = {"authorization", "api-key", "x-api-key", "x-identity-header"}


class ExchangeFile:
    """Appends exchanges to a file that may be read while it grows."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("a", encoding="utf-8", newline="\n")

    def __call__(self, exchange: dict[str, Any]) -> None:
        self._file.write(json.dumps(exchange, ensure_ascii=False, separators=(",", ":")) + "\n")
        self._file.flush()

    def close(self) -> None:
        self._file.close()


class Recording:
    """ASGI layer around one stand-in."""

    def __init__(self, app: ASGIApp, profile: Profile, record: Record) -> None:
        self._app, self._profile, self._record = app, profile, record

    def _concerns(self, scope: Scope) -> bool:
        path = scope.get("path", "")
        return (
            scope["type"] == "http"
            and self._profile.vendor is not None
            and scope["method"] != "OPTIONS"
            and not path.startswith("/_control/")
            and path.startswith(self._profile.recorded_paths)
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not self._concerns(scope):
            await self._app(scope, receive, send)
            return
        sent, answered = bytearray(), bytearray()
        start: Message = {}
        complete = started = False

        async def tapped_receive() -> Message:
            nonlocal complete
            message = await receive()
            sent.extend(message.get("body", b""))
            complete = not message.get("more_body")
            return message

        async def tapped_send(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                start.update(message)
                while not complete:  # a refusal may come before the body was read
                    await tapped_receive()
                return  # with an empty body, the client goes on as soon as it has the headers
            if message["type"] == "http.response.body":
                answered.extend(message.get("body", b""))
                if not message.get("more_body"):
                    self._write(scope, bytes(sent), start, bytes(answered))
                if not started:
                    started = True
                    await send(start)
            await send(message)

        await self._app(scope, tapped_receive, tapped_send)

    def _write(self, scope: Scope, sent: bytes, start: Message, answered: bytes) -> None:
        request, response = Headers(scope=scope), Headers(raw=start["headers"])
        secret = self._profile.secret_fields
        self._record(
            {
                "vendor": self._profile.vendor,
                "method": scope["method"],
                "path": re.sub("^//+", "/", scope["path"]),  # some exporters send two slashes
                "query": flat_pairs(scope["query_string"].decode()),
                "request_headers": masked_headers(request),
                "request_body": masked(decoded(sent, request), secret),
                "status": start["status"],
                "response_headers": dict(response.items()),
                "response_body": masked(decoded(answered, response), secret),
            }
        )


def flat_pairs(text: str) -> dict[str, Any]:
    """A form or query as a flat object; a repeated name has a list."""
    pairs: dict[str, Any] = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        if name not in pairs:
            pairs[name] = value
        elif isinstance(pairs[name], list):
            pairs[name].append(value)
        else:
            pairs[name] = [pairs[name], value]
    return pairs


def decoded(body: bytes, headers: Headers) -> Any:
    """The body as data: JSON, JSON lines or a form, gzip undone; None when empty."""
    if not body:
        return None
    encoding = headers.get("content-encoding", "").lower()
    if encoding == "gzip":
        body = gzip.decompress(body)
    elif encoding == "deflate":
        body = zlib.decompress(body)
    text = body.decode("utf-8", errors="replace")
    media = headers.get("content-type", "").partition(";")[0].strip().lower()
    if media == FORM:
        return flat_pairs(text)
    if "json" in media or not media:
        return _json_or_lines(text)
    return text


def _json_or_lines(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        pass
    try:
        return [json.loads(line) for line in text.splitlines() if line.strip()]
    except ValueError:
        return text


def masked_headers(headers: Headers) -> dict[str, str]:
    return {
        name: mask_credential(value) if name in SECRET_HEADERS else value
        for name, value in headers.items()
    }


def mask_credential(value: str) -> str:
    """Keeps the scheme (and a test key's public prefix), masks what proves identity."""
    if value.startswith("HMAC-"):
        return re.sub(r"(Signature=).*", r"\1***", value)
    scheme, space, secret = value.partition(" ")
    prefix = re.match(r"(?:(?:sk|pk|rk)_(?:test|live)_)?", secret if space else scheme)
    kept = prefix[0] if prefix else ""
    return f"{scheme} {kept}***" if space else f"{kept}***"


def masked(value: Any, secret_fields: frozenset[str]) -> Any:
    """A copy with the secret fields masked, wherever they stand."""
    if isinstance(value, list):
        return [masked(item, secret_fields) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        name: mask_text(inner)
        if isinstance(inner, str) and _field(name) in secret_fields
        else masked(inner, secret_fields)
        for name, inner in value.items()
    }


def _field(name: str) -> str:
    """``card[number]`` is the field ``number``."""
    return name.rpartition("[")[2].rstrip("]")


def mask_text(secret: str) -> str:
    """A client secret keeps the id in front of it, a card number its last four digits."""
    before, mark, _ = secret.partition("_secret_")
    if mark:
        return f"{before}{mark}***"
    digits = 12
    return f"***{secret[-4:]}" if secret.isdigit() and len(secret) >= digits else "***"
