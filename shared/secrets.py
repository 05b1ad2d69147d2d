"""Secrets: from Key Vault where ``KEY_VAULT_URL`` is set, else from the environment.

A value is kept ``secret_cache_seconds``, so a rotated secret is in use that long after. Once had,
a value survives an outage of the vault: it serves until a refresh succeeds. Concurrent callers
share one call to the vault. No value ever stands in a message or a log.
"""

import asyncio
import logging
import os
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, get_args
from weakref import WeakKeyDictionary

from shared.errors import Unavailable
from shared.settings import Settings, SettingsError, get_settings

if TYPE_CHECKING:
    from azure.identity.aio import DefaultAzureCredential
    from azure.keyvault.secrets.aio import SecretClient

logger = logging.getLogger(__name__)

SecretName = Literal[
    "stripe-api-key",
    "stripe-webhook-secret",
    "sendgrid-api-key",
    "smtp-password",
    "offer-signing-key",
    "manage-token-key",
    "internal-function-key",
]
SECRET_NAMES: tuple[SecretName, ...] = get_args(SecretName)

FIRST_FETCH_SECONDS = 10.0  # sign-in, challenge and answer; a cold identity endpoint is slow
REFRESH_SECONDS = 1.0  # how long a caller waits when there is an old value to fall back on
RETRY_AFTER_SECONDS = 10.0  # so that an outage delays one caller now and then, not each


@dataclass(slots=True)
class _Cached:
    value: str
    fresh_until: float


@dataclass(slots=True)
class _Vault:
    """One event loop's client and cache: the SDK's connections belong to their loop."""

    client: "SecretClient"
    credential: "DefaultAzureCredential"
    cached: dict[SecretName, _Cached] = field(default_factory=dict)
    fetches: dict[SecretName, "asyncio.Task[str]"] = field(default_factory=dict)


_vaults: "WeakKeyDictionary[asyncio.AbstractEventLoop, _Vault]" = WeakKeyDictionary()


def environment_name(name: SecretName) -> str:
    """``stripe-api-key`` is ``STRIPE_API_KEY`` in the environment."""
    return name.upper().replace("-", "_")


async def get_secret(name: SecretName) -> str:
    """Return the value of a secret, from the cache where it is fresh.

    Raises:
        SettingsError: the secret does not exist, or may not be read.
        Unavailable: the vault cannot be reached and the value was never had.
    """
    settings = get_settings()
    if settings.key_vault_url is None:
        return _from_environment(name)
    vault = _get_vault(settings)
    cached = vault.cached.get(name)
    if cached is None:
        return await _fetch(vault, name, settings, timeout_seconds=FIRST_FETCH_SECONDS)
    if time.monotonic() < cached.fresh_until:
        return cached.value
    try:
        return await _fetch(vault, name, settings, timeout_seconds=REFRESH_SECONDS)
    except (Unavailable, SettingsError) as error:
        logger.warning("%s; the last known value serves on", error)
        cached.fresh_until = time.monotonic() + RETRY_AFTER_SECONDS
        return cached.value


async def get_keys(name: SecretName) -> tuple[str, ...]:
    """Return the keys of a secret that holds more than one while it is rotated.

    They stand one behind the other, separated by spaces. The first signs; what any of them has
    signed is accepted, so nothing that is on its way is refused for a rotation.

    Raises:
        SettingsError: the secret does not exist, or may not be read.
        Unavailable: the vault cannot be reached and the value was never had.
    """
    keys = tuple((await get_secret(name)).split())
    if not keys:
        raise SettingsError(f"secret {name} is empty")
    return keys


async def close_secrets() -> None:
    """Close this loop's client and forget its values: tests and short programs end with it."""
    vault = _vaults.pop(asyncio.get_running_loop(), None)
    if vault is None:
        return
    for task in vault.fetches.values():
        task.cancel()
    await asyncio.gather(*vault.fetches.values(), return_exceptions=True)
    await vault.client.close()
    await vault.credential.close()


def _from_environment(name: SecretName) -> str:
    value = os.environ.get(environment_name(name), "").strip()
    if not value:
        raise SettingsError(
            f"secret {name} is missing: set {environment_name(name)}, or KEY_VAULT_URL"
        )
    return value


async def _fetch(
    vault: _Vault, name: SecretName, settings: Settings, *, timeout_seconds: float
) -> str:
    """Join the call that is under way, or start one; it goes on when its callers give up."""
    task = vault.fetches.get(name)
    if task is None:
        task = asyncio.create_task(_read(vault, name, settings), name=f"secret-{name}")
        vault.fetches[name] = task
        task.add_done_callback(lambda done: _finish(vault, name, done))
    try:
        async with asyncio.timeout(timeout_seconds):
            return await asyncio.shield(task)
    except TimeoutError:
        raise Unavailable(f"Key Vault is too slow to answer for secret {name}") from None


def _finish(vault: _Vault, name: SecretName, task: "asyncio.Task[str]") -> None:
    vault.fetches.pop(name, None)
    if not task.cancelled():
        task.exception()  # seen, even when every caller has given up


async def _read(vault: _Vault, name: SecretName, settings: Settings) -> str:
    from azure.core.exceptions import (  # noqa: PLC0415 -- import budget: no SDK before first use
        AzureError,
        ClientAuthenticationError,
        HttpResponseError,
        ResourceNotFoundError,
    )

    try:
        value = (await vault.client.get_secret(name)).value
    except ResourceNotFoundError:
        raise SettingsError(f"secret {name} does not exist in the Key Vault") from None
    except ClientAuthenticationError:
        raise SettingsError(f"secret {name}: this identity cannot sign in to Key Vault") from None
    except HttpResponseError as error:
        if error.status_code == 403:  # noqa: PLR2004 -- Forbidden, as HTTP numbers it
            raise SettingsError(f"secret {name}: this identity may not read it") from None
        raise Unavailable(f"Key Vault cannot answer for secret {name}") from error
    except AzureError as error:
        raise Unavailable(f"Key Vault cannot be reached for secret {name}") from error
    if not value:
        raise SettingsError(f"secret {name} is empty in the Key Vault")
    fresh_until = time.monotonic() + settings.secret_cache_seconds
    vault.cached[name] = _Cached(value, fresh_until)
    return value


def _get_vault(settings: Settings) -> _Vault:
    loop = asyncio.get_running_loop()
    if loop not in _vaults:
        _vaults[loop] = _new_vault(settings)
    return _vaults[loop]


def _new_vault(settings: Settings) -> _Vault:
    from azure.identity.aio import DefaultAzureCredential  # noqa: PLC0415 -- import budget
    from azure.keyvault.secrets.aio import SecretClient  # noqa: PLC0415 -- likewise

    options: dict[str, Any] = {"retry_total": 2, "connection_timeout": 3, "read_timeout": 3}
    if settings.key_vault_ca_file is not None:
        # A vault under a private authority is not named *.vault.azure.net, which the SDK's
        # challenge check would demand; its certificate is verified all the same.
        options["connection_verify"] = settings.key_vault_ca_file
        options["verify_challenge_resource"] = False
    credential = DefaultAzureCredential()
    client = SecretClient(settings.key_vault_url or "", credential, **options)
    return _Vault(client, credential)
