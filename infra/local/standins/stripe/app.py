"""Stripe's API, pages and browser script on one server."""

from typing import Any

from starlette.applications import Starlette
from starlette.types import ASGIApp

from infra.local.standins.profile import Profile, Record

PROFILE = Profile(
    vendor="stripe",
    recorded_paths=("/v1/",),
    secret_fields=frozenset({"client_secret", "number", "cvc"}),
)


def create_app(_options: dict[str, Any], _record: Record) -> ASGIApp:
    return Starlette()
