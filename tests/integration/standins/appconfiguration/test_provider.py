"""Flags as the product reads them: the provider's refresh, and feature management on top."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from azure.appconfiguration import AzureAppConfigurationClient, FeatureFlagConfigurationSetting
from azure.appconfiguration.provider import load
from azure.appconfiguration.provider.aio import load as load_async
from featuremanagement import FeatureManager, TargetingContext
from featuremanagement.aio import FeatureManager as AsyncFeatureManager

from infra.local.standins.appconfiguration.app import CREDENTIAL, SECRET
from tests.integration.standins.vendor_check import assert_true_to_vendor
from tests.plugins.standins import Serve

PATIENCE_SECONDS = 10
TARGETING = {
    "enabled": True,
    "conditions": {
        "client_filters": [
            {
                "name": "Microsoft.Targeting",
                "parameters": {
                    "Audience": {
                        "Users": ["ana"],
                        "Groups": [{"Name": "operator", "RolloutPercentage": 100}],
                        "DefaultRolloutPercentage": 0,
                    }
                },
            }
        ]
    },
}


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    return tmp_path / "exchanges.jsonl"


@pytest.fixture
def connection(serve_standins: Serve, recording: Path) -> str:
    flags = {"bookings-open": True, "boleto": False, "console": TARGETING}
    server = {"name": "appconfiguration", "options": {"flags": flags, "page_size": 2}}
    url = serve_standins(server, record=recording)["appconfiguration"]
    return f"Endpoint={url};Id={CREDENTIAL};Secret={SECRET}"


OPTIONS: dict[str, Any] = {
    "feature_flag_enabled": True,
    "feature_flag_refresh_enabled": True,
    "refresh_interval": 1,
    "replica_discovery_enabled": False,
}


def switch(connection: str, name: str, *, enabled: bool) -> None:
    with AzureAppConfigurationClient.from_connection_string(connection) as client:
        flag = client.get_configuration_setting(f".appconfig.featureflag/{name}")
        assert isinstance(flag, FeatureFlagConfigurationSetting)
        flag.enabled = enabled
        client.set_configuration_setting(flag)


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "the change was not seen"
        time.sleep(0.1)


def test_a_toggle_reaches_a_running_provider(connection: str, recording: Path) -> None:
    provider = load(connection_string=connection, **OPTIONS)
    features: Any = FeatureManager(provider)  # its types demand a user id
    assert features.is_enabled("bookings-open")
    assert not features.is_enabled("boleto")
    switch(connection, "boleto", enabled=True)

    def seen() -> bool:
        provider.refresh()
        return bool(features.is_enabled("boleto"))

    wait_until(seen)
    provider.close()
    assert_true_to_vendor(recording, exchanges=6)


def test_an_unchanged_store_answers_a_refresh_with_304_for_each_page(
    connection: str, recording: Path
) -> None:
    provider = load(connection_string=connection, **OPTIONS)
    before = len(recording.read_text().splitlines())

    def refreshed() -> bool:
        provider.refresh()
        return len(recording.read_text().splitlines()) >= before + 2

    wait_until(refreshed)
    provider.close()
    later = recording.read_text().splitlines()[before:]
    assert all('"status":304' in line for line in later)
    assert_true_to_vendor(recording, exchanges=before + 2)


def test_targeting_by_user_and_group_works_through_the_wire(connection: str) -> None:
    provider = load(connection_string=connection, **OPTIONS)
    features: Any = FeatureManager(provider)  # its types demand a user id
    assert features.is_enabled("console", TargetingContext(user_id="ana", groups=[]))
    assert features.is_enabled("console", TargetingContext(user_id="rui", groups=["operator"]))
    assert not features.is_enabled("console", TargetingContext(user_id="rui", groups=[]))
    provider.close()


async def test_async_provider_loads_and_refreshes(connection: str, recording: Path) -> None:
    provider = await load_async(connection_string=connection, **OPTIONS)
    features: Any = AsyncFeatureManager(provider)  # likewise
    assert not await features.is_enabled("boleto")
    await asyncio.to_thread(switch, connection, "boleto", enabled=True)
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not await features.is_enabled("boleto"):
            await asyncio.sleep(0.1)
            await provider.refresh()
    await provider.close()
    assert_true_to_vendor(recording, exchanges=6)
