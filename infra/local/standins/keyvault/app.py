"""Key Vault's REST interface for secrets, as far as ``SecretClient`` uses it.

Every request without a valid token gets the 401 challenge, which the SDK provokes on purpose to
learn where to ask for one. A list comes on one page: a vault has a handful of secrets.

Options: ``secrets`` ({name: value}), ``token_key`` (shared with the managed identity stand-in).
"""

import re
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from infra.local.standins import tokens
from infra.local.standins.keyvault.answers import AUDIENCE, answer, error, not_found, read_body
from infra.local.standins.keyvault.vault import RECOVERABLE_DAYS, Vault, Version
from infra.local.standins.profile import Profile, Record

NAME = re.compile(r"[0-9a-zA-Z-]{1,127}")
DAY_SECONDS = 86_400


PROFILE = Profile(
    "keyvault",
    secret_fields=frozenset({"value"}),
    refuse=lambda status: error(status, "Throttled", "The service cannot answer now."),
)


class Challenge:
    """Lets nobody in without a token for the vault, whatever is asked."""

    def __init__(self, app: ASGIApp, token_key: str) -> None:
        self._app, self._token_key = app, token_key

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        chosen: ASGIApp = self._app
        if scope["type"] == "http":
            request = Request(scope)
            header = request.headers.get("authorization", "")
            fault = tokens.fault(header, AUDIENCE, key=self._token_key)
            if fault is not None:
                chosen = error(401, "Unauthorized", f"AKV10000: {fault}")
            elif "api-version" not in request.query_params:
                chosen = error(400, "BadParameter", "api-version must be specified")
        await chosen(scope, receive, send)


class Secrets:
    def __init__(self, vault: Vault, base: str) -> None:
        self._vault, self._base = vault, base

    async def index(self, _request: Request) -> Response:
        latest = [versions[-1] for _, versions in sorted(self._vault.live.items())]
        return self._list([each.describe(self._base, versioned=False) for each in latest])

    async def versions(self, request: Request) -> Response:
        versions = self._vault.live.get(request.path_params["name"], [])
        return self._list([each.describe(self._base, versioned=True) for each in versions])

    async def read(self, request: Request) -> Response:
        name, version = request.path_params["name"], request.path_params.get("version", "")
        found = self._vault.find(name, version)
        if found is None:
            return not_found(name)
        if not found.enabled:
            message = "Operation get is not allowed on a disabled secret."
            return error(403, "Forbidden", message, inner="SecretDisabled")
        return self._bundle(found)

    async def write(self, request: Request) -> Response:
        name, body = request.path_params["name"], await read_body(request)
        if not NAME.fullmatch(name) or not isinstance(body.get("value"), str):
            return error(400, "BadParameter", "The request's name or value is invalid.")
        if name in self._vault.deleted:
            message = f"Secret {name} is currently in a deleted but recoverable state."
            return error(409, "Conflict", message, inner="ObjectIsDeletedButRecoverable")
        version = self._vault.add(name, body["value"])
        version.change(body)
        return self._bundle(version)

    async def update(self, request: Request) -> Response:
        name = request.path_params["name"]
        found = self._vault.find(name, request.path_params.get("version", ""))
        if found is None:
            return not_found(name)
        found.change(await read_body(request))
        return answer(found.describe(self._base, versioned=True))

    async def delete(self, request: Request) -> Response:
        name = request.path_params["name"]
        return self._deleted(name) if self._vault.delete(name) else not_found(name)

    async def read_deleted(self, request: Request) -> Response:
        name = request.path_params["name"]
        return self._deleted(name) if name in self._vault.deleted else not_found(name)

    async def recover(self, request: Request) -> Response:
        name = request.path_params["name"]
        found = self._vault.recover(name)
        if found is None:
            return not_found(name)
        return answer(found.describe(self._base, versioned=True))

    async def purge(self, request: Request) -> Response:
        name = request.path_params["name"]
        gone = self._vault.deleted.pop(name, None)
        return not_found(name) if gone is None else Response(status_code=204)

    def _bundle(self, version: Version) -> Response:
        return answer({"value": version.value, **version.describe(self._base, versioned=True)})

    def _deleted(self, name: str) -> Response:
        deleted_at, versions = self._vault.deleted[name]
        return answer(
            {
                **versions[-1].describe(self._base, versioned=True),
                "recoveryId": f"{self._base}/deletedsecrets/{name}",
                "deletedDate": deleted_at,
                "scheduledPurgeDate": deleted_at + RECOVERABLE_DAYS * DAY_SECONDS,
            }
        )

    def _list(self, items: list[dict[str, Any]]) -> Response:
        return answer({"value": items, "nextLink": None})


def create_app(options: dict[str, Any], _record: Record) -> ASGIApp:
    vault = Secrets(Vault(options.get("secrets", {})), str(options["base_url"]))
    one = "/secrets/{name}"
    routes = [
        Route("/secrets", vault.index),
        *(Route(path, vault.read, methods=["GET"]) for path in (one, f"{one}/")),
        Route(one, vault.write, methods=["PUT"]),
        Route(one, vault.delete, methods=["DELETE"]),
        Route(f"{one}/versions", vault.versions),
        *(Route(path, vault.update, methods=["PATCH"]) for path in (one, f"{one}/")),
        Route(f"{one}/{{version}}", vault.read, methods=["GET"]),
        Route(f"{one}/{{version}}", vault.update, methods=["PATCH"]),
        Route("/deletedsecrets/{name}", vault.read_deleted, methods=["GET"]),
        Route("/deletedsecrets/{name}", vault.purge, methods=["DELETE"]),
        Route("/deletedsecrets/{name}/recover", vault.recover, methods=["POST"]),
    ]
    token_key = str(options.get("token_key", tokens.LOCAL_KEY))
    return Starlette(routes=routes, middleware=[Middleware(Challenge, token_key=token_key)])
