"""Verify access tokens of the OpenID provider: signature, issuer, audience, time, roles.

Its keys are fetched by discovery and cached; a key that is not known yet fetches them again, at
most every ``REFETCH_SECONDS``, so that made-up key names cause no flood.
"""

import asyncio
from time import monotonic
from typing import Any

import jwt

from shared.contracts.caller import Caller
from shared.errors import Rejected, Unavailable
from shared.settings import Settings, get_settings

ALGORITHMS = ["RS256", "ES256", "PS256"]
KEYS_LAST_SECONDS = 3600
REFETCH_SECONDS = 30
# After a provider has not answered, nobody waits for it again so soon: callers would queue up.
RETRY_AFTER_SECONDS = 5
TIMEOUT_SECONDS = 5
CLOCK_SKEW_SECONDS = 60


class _Keys:
    """The provider's public keys, as last fetched."""

    def __init__(self) -> None:
        self._keys: dict[str, Any] = {}
        self._fetched_at = self._failed_at = float("-inf")
        self._lock = asyncio.Lock()

    async def get(self, key_id: str, issuer: str) -> Any:
        age = monotonic() - self._fetched_at
        is_due = age > KEYS_LAST_SECONDS or (key_id not in self._keys and age > REFETCH_SECONDS)
        if is_due:
            async with self._lock:
                if monotonic() - self._fetched_at >= age:  # nobody fetched while we waited
                    await self._fetch(issuer)
        key = self._keys.get(key_id)
        if key is None:
            raise Rejected("unauthenticated", "the token was signed with an unknown key")
        return key

    async def _fetch(self, issuer: str) -> None:
        if monotonic() - self._failed_at < RETRY_AFTER_SECONDS:
            raise _unreachable()
        try:
            keys = await _download_keys(issuer)
        except Unavailable:
            if not self._keys:
                self._failed_at = monotonic()
                raise
        else:
            self._keys = keys
        self._fetched_at = monotonic()


_keys_of_loop: dict[asyncio.AbstractEventLoop, _Keys] = {}


async def verify_token(token: str) -> Caller:
    """Return the caller that an access token names.

    Raises:
        Rejected: ``unauthenticated``.
        Unavailable: the provider's keys cannot be had.
    """
    settings = get_settings()
    keys = _keys_of_loop.setdefault(asyncio.get_running_loop(), _Keys())
    try:
        key_id = jwt.get_unverified_header(token).get("kid", "")
        key = await keys.get(key_id, settings.oidc_issuer)
        claims = jwt.decode(
            token,
            key,
            ALGORITHMS,
            audience=settings.oidc_audience,
            issuer=settings.oidc_issuer,
            leeway=CLOCK_SKEW_SECONDS,
            options={"require": ["exp", "iss", "aud", "sub"]},
        )
    except (jwt.InvalidTokenError, TypeError):  # the latter: an algorithm for another kind of key
        raise Rejected("unauthenticated", "the token is not valid") from None
    return _caller(claims, settings)


def _caller(claims: dict[str, Any], settings: Settings) -> Caller:
    def names(claim: str) -> frozenset[str]:
        value = claims.get(claim, ())
        listed = value.split() if isinstance(value, str) else value
        return frozenset(str(each) for each in listed)

    return Caller(
        subject=str(claims["sub"]),
        roles=names(settings.oidc_roles_claim),
        branches=names("branches"),
    )


async def _download_keys(issuer: str) -> dict[str, Any]:
    import httpx  # noqa: PLC0415 -- import budget: only signed-in calls need it

    try:
        async with (
            asyncio.timeout(TIMEOUT_SECONDS),
            httpx.AsyncClient(timeout=TIMEOUT_SECONDS) as client,
        ):
            discovery = await client.get(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
            discovery.raise_for_status()
            keys = await client.get(discovery.json()["jwks_uri"])
            keys.raise_for_status()
            key_set = jwt.PyJWKSet.from_dict(keys.json())
    except (httpx.HTTPError, TimeoutError, ValueError, KeyError, jwt.PyJWKSetError) as error:
        raise _unreachable() from error
    return {str(key.key_id): key.key for key in key_set.keys}


def _unreachable() -> Unavailable:
    return Unavailable("the sign-in service cannot be reached", RETRY_AFTER_SECONDS)
