"""What the service says about itself."""

from typing import Literal

from shared.contracts.bases import Response


class Health(Response):
    status: Literal["ok"]


class Readiness(Response):
    status: Literal["ok", "unavailable"]
    checks: dict[str, Literal["ok", "unavailable"]]


class StripeSettings(Response):
    publishable_key: str
    js_url: str


class SignInSettings(Response):
    """How the pages sign people in: OpenID Connect, a code with PKCE, no client secret."""

    issuer: str
    audience: str
    client_id: str
    scope: str


class Features(Response):
    """What the front end must know before it draws anything."""

    flags: dict[str, bool]
    stripe: StripeSettings
    sign_in: SignInSettings
