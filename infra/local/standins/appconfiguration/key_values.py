"""One key-value: read, written, deleted, locked, each under the caller's conditions."""

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from infra.local.standins.appconfiguration.answers import (
    Answers,
    etags,
    problem,
    query,
    selected_fields,
)
from infra.local.standins.appconfiguration.filters import NULL
from infra.local.standins.appconfiguration.store import Setting, Store


class KeyValues:
    def __init__(self, store: Store, answers: Answers) -> None:
        self._store, self._answers = store, answers

    async def read(self, request: Request) -> Response:
        found = self._store.get(*_identity(request))
        if found is not None and _is_current(request, found):
            return self._answers.empty(304, ETag=f'"{found.etag}"')
        if _stale(request, found):
            return self._answers.empty(412)
        if found is None:
            return self._answers.empty(404)
        return self._answers.setting(found, selected_fields(request))

    async def put(self, request: Request) -> Response:
        key, label = _identity(request)
        found = self._store.get(key, label)
        if refusal := self._refuse_write(request, found):
            return refusal
        try:
            body: Any = json.loads(await request.body() or b"{}")
        except ValueError:
            body = None
        if not isinstance(body, dict):
            return problem(400, "invalid-argument", "Invalid request body", name="body")
        setting = Setting(
            key=key,
            label=label,
            value=body.get("value"),
            content_type=body.get("content_type"),
            description=body.get("description"),
            tags=body.get("tags") or {},
        )
        return self._answers.setting(self._store.put(setting))

    async def delete(self, request: Request) -> Response:
        key, label = _identity(request)
        if refusal := self._refuse_write(request, self._store.get(key, label)):
            return refusal
        gone = self._store.delete(key, label)
        return self._answers.empty(204) if gone is None else self._answers.setting(gone)

    async def lock(self, request: Request) -> Response:
        found = self._store.get(*_identity(request))
        if _stale(request, found):
            return self._answers.empty(412)
        if found is None:
            return self._answers.empty(404)
        return self._answers.setting(self._store.lock(found, locked=request.method == "PUT"))

    def _refuse_write(self, request: Request, found: Setting | None) -> Response | None:
        if _stale(request, found) or (found is not None and _is_current(request, found)):
            return self._answers.empty(412)
        if found is not None and found.locked:
            title = f"Modifing key '{found.key}' is not allowed"  # the vendor's own spelling
            detail = "The key is read-only. To allow modification unlock it first."
            return problem(409, "key-locked", title, name=found.key, detail=detail)
        return None


def _identity(request: Request) -> tuple[str, str | None]:
    label = query(request).get("label", NULL)
    return request.path_params["key"], None if label in ("", NULL, r"\0") else label


def _stale(request: Request, found: Setting | None) -> bool:
    """If-Match names another version than the one stored."""
    wanted = etags(request.headers.get("if-match"))
    return bool(wanted) and (found is None or not wanted & {found.etag, "*"})


def _is_current(request: Request, found: Setting) -> bool:
    """If-None-Match names the version that is stored."""
    return bool(etags(request.headers.get("if-none-match")) & {found.etag, "*"})
