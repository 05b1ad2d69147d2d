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
    issuer: str
    audience: str


class Features(Response):
    """What the front end must know before it draws anything."""

    flags: dict[str, bool]
    stripe: StripeSettings
    sign_in: SignInSettings
