"""The shapes that App Configuration answers in: key-values with ETag, problems, empty 404s."""

import base64
import json
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from infra.local.standins.appconfiguration.store import Setting, Store

MEDIA = "application/vnd.microsoft.appconfig.{}+json; charset=utf-8"


class Answers:
    """Knows the store's age, which every answer carries as its Sync-Token."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def headers(self) -> dict[str, str]:
        number = self._store.changes
        value = base64.b64encode(f"0:{number}".encode()).decode()
        return {"Sync-Token": f"zAJw6V16={value};sn={number}"}

    def setting(self, setting: Setting, fields: list[str] | None = None) -> Response:
        return Response(
            json.dumps(setting.to_json(fields)),
            headers={
                **self.headers(),
                "ETag": f'"{setting.etag}"',
                "Last-Modified": setting.last_modified.strftime("%a, %d %b %Y %H:%M:%S GMT"),
            },
            media_type=MEDIA.format("kv"),
        )

    def page(
        self, kind: str, body: dict[str, Any], link: str | None, etag: str | None = None
    ) -> Response:
        headers = self.headers()
        if etag is not None:
            headers["ETag"] = f'"{etag}"'
        if link is not None:
            body["@nextLink"] = link
            headers["Link"] = f'<{link}>; rel="next"'
        return Response(json.dumps(body), headers=headers, media_type=MEDIA.format(kind))

    def empty(self, status: int, **headers: str) -> Response:
        return Response(status_code=status, headers={**self.headers(), **headers})


def problem(
    status: int, kind: str, title: str, *, name: str | None = None, detail: str = ""
) -> Response:
    body: dict[str, Any] = {
        "type": f"https://azconfig.io/errors/{kind}",
        "title": title,
        "detail": detail,
        "status": status,
    }
    if name is not None:
        body["name"] = name
    headers = {"retry-after-ms": "10"} if status == 429 else {}  # noqa: PLR2004 - Too Many Requests
    return Response(
        json.dumps(body), status, headers, media_type="application/problem+json; charset=utf-8"
    )


def unauthorized(scheme: str | None = None, description: str = "") -> Response:
    challenge = "HMAC-SHA256, Bearer"
    if scheme is not None:
        challenge = f'{scheme} error="invalid_token", error_description="{description}"'
    return Response(status_code=401, headers={"WWW-Authenticate": challenge})


def query(request: Request) -> dict[str, str]:
    """The query by lower-case names, which is how the vendor reads them."""
    return {name.lower(): value for name, value in request.query_params.items()}


def selected_fields(request: Request) -> list[str] | None:
    chosen = query(request).get("$select")
    return chosen.split(",") if chosen else None


def etags(header: str | None) -> set[str]:
    """The tags of If-Match or If-None-Match without quotes; ``*`` stands for any."""
    return {tag.strip().removeprefix("W/").strip('"') for tag in (header or "").split(",") if tag}
