"""App Configuration, for reading and turning flags: the only module that imports its SDK.

The product's own readers are in ``shared.features``. A flag is written back as it was read but
for ``enabled``, and only over the version that was read: nobody's edit is lost. The raw value is
taken from the response because the SDK's own flag model drops what it does not know (variants,
allocation, the filters' requirement).
"""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from shared.errors import Unavailable
from shared.settings import get_settings
from shared.telemetry import dependency

if TYPE_CHECKING:
    from azure.appconfiguration.aio import AzureAppConfigurationClient

PREFIX = ".appconfig.featureflag/"
CONTENT_TYPE = "application/vnd.microsoft.appconfig.ff+json;charset=utf-8"
TIMEOUTS = {"retry_total": 1, "connection_timeout": 3, "read_timeout": 3}


class Edited(Exception):  # noqa: N818 -- what happened: somebody else was faster
    """The flag has changed since it was read."""


@dataclass(frozen=True, slots=True)
class WrittenFlag:
    """A flag as it stands in App Configuration; ``etag`` names the version."""

    value: dict[str, Any]
    etag: str
    tags: dict[str, str]

    @property
    def enabled(self) -> bool:
        return bool(self.value.get("enabled", False))

    @property
    def is_conditional(self) -> bool:
        """Whether filters or an allocation decide for each caller."""
        filters = (self.value.get("conditions") or {}).get("client_filters")
        return bool(filters or self.value.get("allocation"))


async def read(name: str) -> WrittenFlag | None:
    """Read one flag; None when nobody has written it: its declared default serves.

    Raises:
        Unavailable: App Configuration cannot be reached, or there is none.
    """
    from azure.core.exceptions import ResourceNotFoundError  # noqa: PLC0415 -- import budget

    raw: list[Any] = []

    def keep(response: Any) -> None:
        raw.append(response.http_response)

    async with _client("get") as client:
        try:
            found = await client.get_configuration_setting(PREFIX + name, raw_response_hook=keep)
        except ResourceNotFoundError:
            return None
    if found is None:
        return None
    value = json.loads(json.loads(raw[-1].text())["value"] or "{}")
    return WrittenFlag(value, str(found.etag), dict(found.tags or {}))


async def write(name: str, value: dict[str, Any], over: WrittenFlag | None) -> None:
    """Write a flag over the version that was read; ``over`` None: only where there is none.

    Raises:
        Edited: it is not that version any more.
        Unavailable: App Configuration cannot be reached, or refuses (the flag is locked).
    """
    from azure.appconfiguration import ConfigurationSetting  # noqa: PLC0415 -- import budget
    from azure.core import MatchConditions  # noqa: PLC0415 -- likewise
    from azure.core.exceptions import (  # noqa: PLC0415 -- likewise
        ResourceExistsError,
        ResourceModifiedError,
    )

    setting = ConfigurationSetting(
        key=PREFIX + name,
        value=json.dumps(value),
        content_type=CONTENT_TYPE,
        tags={} if over is None else over.tags,
    )
    async with _client("set") as client:
        try:
            if over is None:
                await client.add_configuration_setting(setting)
            else:
                await client.set_configuration_setting(
                    setting, MatchConditions.IfNotModified, etag=over.etag
                )
        except (ResourceExistsError, ResourceModifiedError) as error:
            raise Edited(name) from error


@asynccontextmanager
async def _client(what: str) -> "AsyncIterator[AzureAppConfigurationClient]":
    """A client for one call: an operator turns a flag now and then."""
    from azure.appconfiguration.aio import (  # noqa: PLC0415 -- import budget
        AzureAppConfigurationClient,
    )
    from azure.core.exceptions import (  # noqa: PLC0415 -- likewise
        AzureError,
        ResourceExistsError,
        ResourceModifiedError,
        ResourceNotFoundError,
    )

    settings = get_settings()
    with dependency("appconfiguration", f"feature.{what}"):
        try:
            if settings.app_configuration_connection_string is not None:
                async with AzureAppConfigurationClient.from_connection_string(
                    settings.app_configuration_connection_string, **TIMEOUTS
                ) as client:
                    yield client
            elif settings.app_configuration_endpoint is not None:
                from azure.identity.aio import DefaultAzureCredential  # noqa: PLC0415 -- likewise

                async with (
                    DefaultAzureCredential() as credential,
                    AzureAppConfigurationClient(
                        settings.app_configuration_endpoint, credential, **TIMEOUTS
                    ) as client,
                ):
                    yield client
            else:
                raise Unavailable("no App Configuration is set up: flags have their defaults")
        except (ResourceExistsError, ResourceModifiedError, ResourceNotFoundError):
            raise
        except AzureError as error:
            raise Unavailable("App Configuration cannot be reached") from error
