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
    if parts[1] != credential:
        return "Invalid Credential"
    names = parts[2].split(";")
    if not set(names) >= _MUST_BE_SIGNED:
        return "Missing signed headers"
    digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
    if request.headers.get("x-ms-content-sha256") != digest:
        return "Invalid x-ms-content-sha256"
    sent_at = _parse_date(request.headers.get("x-ms-date", ""))
    if sent_at is None or abs(datetime.now(UTC) - sent_at) > TOLERANCE:
        return "The access token has expired"
    values = ";".join(request.headers.get(name, "") for name in names)
    if not hmac.compare_digest(_sign(request, values, secret), parts[3]):
        return "Invalid Signature"
    return None


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
