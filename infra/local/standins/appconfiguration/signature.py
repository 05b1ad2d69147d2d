"""HMAC-SHA256 request signatures, checked as the vendor documents them.

Source: learn.microsoft.com/azure/azure-app-configuration/rest-api-authentication-hmac
"""

import base64
import hashlib
import hmac
import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from starlette.requests import Request

TOLERANCE = timedelta(minutes=15)
_PARTS = re.compile(r"HMAC-SHA256 Credential=(.+?)&SignedHeaders=(.+?)&Signature=(.+)")
_MUST_BE_SIGNED = {"x-ms-date", "host", "x-ms-content-sha256"}


def signature_fault(request: Request, body: bytes, credential: str, secret: str) -> str | None:
    """Why the vendor would refuse the request's signature; None when it is right."""
    parts = _PARTS.fullmatch(request.headers.get("authorization", ""))
    if parts is None:
        return "Authorization header is malformed"
    names = parts[2].split(";")
    values = ";".join(request.headers.get(name, "") for name in names)
    checks = {
        "Invalid Credential": parts[1] == credential,
        "Missing signed headers": set(names) >= _MUST_BE_SIGNED,
        "Invalid x-ms-content-sha256": _digest(body) == request.headers.get("x-ms-content-sha256"),
        "The access token has expired": _is_recent(request.headers.get("x-ms-date", "")),
        "Invalid Signature": hmac.compare_digest(_sign(request, values, secret), parts[3]),
    }
    return next((fault for fault, passed in checks.items() if not passed), None)


def _digest(body: bytes) -> str:
    return base64.b64encode(hashlib.sha256(body).digest()).decode()


def _is_recent(text: str) -> bool:
    sent_at = _parse_date(text)
    return sent_at is not None and abs(datetime.now(UTC) - sent_at) <= TOLERANCE


def _sign(request: Request, values: str, secret: str) -> str:
    target = request.scope["raw_path"].decode()
    if query := request.scope["query_string"].decode():
        target += f"?{query}"
    text = f"{request.method}\n{target}\n{values}".encode()
    return base64.b64encode(hmac.digest(base64.b64decode(secret), text, "sha256")).decode()


def _parse_date(text: str) -> datetime | None:
    """RFC 1123, or the form that Microsoft's Python SDK sends: ``Nov, 21 2026 22:45:01.5 GMT``."""
    try:
        return datetime.strptime(text, "%b, %d %Y %H:%M:%S.%f GMT").replace(tzinfo=UTC)
    except ValueError:
        pass
    try:
        return parsedate_to_datetime(text)
    except ValueError:
        return None
