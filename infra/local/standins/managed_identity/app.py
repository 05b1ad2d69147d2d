"""App Service's managed identity endpoint, API version 2019-08-01.

The credentials find it through ``IDENTITY_ENDPOINT`` (``http://…/msi/token``) and prove with
``IDENTITY_HEADER`` that they run inside the app.

Options: ``identity_header`` (the secret that callers must send), ``client_ids`` (user-assigned
identities that exist; unset: any), ``token_key`` (shared with the stand-ins that check tokens).
"""

import secrets
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from infra.local.standins import tokens
from infra.local.standins.profile import Profile, Record

PROFILE = Profile(vendor=None, refuse=lambda status: _refusal(status, "The service is unwell."))
API_VERSION = "2019-08-01"
IDENTITY_HEADER = "local-identity-header"


def create_app(options: dict[str, Any], _record: Record) -> ASGIApp:
    header = str(options.get("identity_header", IDENTITY_HEADER))
    client_ids = options.get("client_ids")
    key = str(options.get("token_key", tokens.LOCAL_KEY))

    async def token(request: Request) -> JSONResponse:
        query = request.query_params
        if not secrets.compare_digest(request.headers.get("x-identity-header", ""), header):
            return _refusal(401, "The X-IDENTITY-HEADER is missing or wrong.")
        if query.get("api-version") != API_VERSION:
            return _refusal(400, f"api-version must be {API_VERSION}.")
        if not query.get("resource"):
            return _refusal(400, "The required parameter 'resource' is missing.")
        client_id = query.get("client_id", tokens.CLIENT_ID)
        if client_ids is not None and client_id not in client_ids:
            return _refusal(400, "No User Assigned or Delegated Managed Identity found.")
        access_token, expires_on = tokens.issue(query["resource"], key=key)
        return JSONResponse(
            {
                "access_token": access_token,
                "client_id": client_id,
                "expires_on": str(expires_on),
                "resource": query["resource"],
                "token_type": "Bearer",
            },
            headers={"Cache-Control": "no-store"},
        )

    return Starlette(routes=[Route("/msi/token", token)])


def _refusal(status: int, message: str) -> JSONResponse:
    return JSONResponse({"statusCode": status, "message": message}, status_code=status)
