"""The product's own modules meet the stand-ins as the local stack starts and configures them."""

import asyncio
import json
import os
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from azure.appconfiguration import AzureAppConfigurationClient, FeatureFlagConfigurationSetting

from infra.local.stack.stack import Stack
from shared import telemetry
from shared.features import FLAGS, Flag, all_flags, close_features, is_enabled
from shared.secrets import close_secrets, get_secret
from shared.settings import get_settings
from tests.integration.standins.vendor_check import assert_true_to_vendor

PATIENCE_SECONDS = 15
pytestmark = pytest.mark.filterwarnings(
    "ignore:.*getdefaultlocale:DeprecationWarning",  # opencensus' own
)


@dataclass(frozen=True)
class Running:
    stack: Stack
    recording: Path


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    recording = tmp_path_factory.mktemp("product") / "exchanges.jsonl"
    with Stack(parts={"standins"}, record=recording) as stack:
        yield Running(stack, recording)


@pytest.fixture
def stack(running: Running, monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    """The stack, with its settings as this process's own."""
    for name in [name for name in os.environ if name.isupper() and name.endswith("_KEY")]:
        monkeypatch.delenv(name)  # a secret in the environment would hide Key Vault
    for name, value in running.stack.environment.items():
        monkeypatch.setenv(name, value)
    get_settings.cache_clear()
    telemetry.shutdown()  # an earlier test may have chosen, and found, no backend
    yield running
    telemetry.shutdown()
    get_settings.cache_clear()


async def wait_for(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not await condition():  # noqa: ASYNC110 - what is awaited has no event
            await asyncio.sleep(0.05)


def switch(connection: str, flag: Flag, *, enabled: bool) -> None:
    with AzureAppConfigurationClient.from_connection_string(connection) as client:
        setting = client.get_configuration_setting(f".appconfig.featureflag/{flag}")
        assert isinstance(setting, FeatureFlagConfigurationSetting)
        setting.enabled = enabled
        client.set_configuration_setting(setting)


async def test_secrets_come_from_the_vault_by_the_managed_identity(stack: Running) -> None:
    generated = json.loads((stack.stack.data_dir / "secrets.json").read_text("utf-8"))
    try:
        assert await get_secret("stripe-api-key") == generated["stripe-api-key"]
    finally:
        await close_secrets()


async def test_every_declared_flag_is_seeded_and_a_toggle_is_seen(stack: Running) -> None:
    connection = os.environ["APP_CONFIGURATION_CONNECTION_STRING"]
    try:
        assert await all_flags() == {flag: each.default for flag, each in FLAGS.items()}
        await asyncio.to_thread(switch, connection, Flag.BOLETO, enabled=False)

        async def is_off() -> bool:
            return not await is_enabled(Flag.BOLETO)

        await wait_for(is_off)
    finally:
        await asyncio.to_thread(switch, connection, Flag.BOLETO, enabled=True)
        await close_features()
    assert_true_to_vendor(stack.recording, exchanges=3)


async def test_flags_stay_as_they_were_through_an_outage(stack: Running) -> None:
    url = stack.stack.addresses.appconfiguration
    try:
        assert await is_enabled(Flag.PIX)
        fault = {"kind": "status", "status": 503, "times": None}
        await asyncio.to_thread(httpx.post, f"{url}/_control/faults", json=fault)
        until = time.monotonic() + 3  # some refreshes, at one a second
        while time.monotonic() < until:
            assert await is_enabled(Flag.PIX)
            await asyncio.sleep(0.1)
    finally:
        await asyncio.to_thread(httpx.delete, f"{url}/_control/faults")
        await close_features()


def test_telemetry_of_one_rental_is_found_and_shown(stack: Running) -> None:
    url = stack.stack.addresses.appinsights
    with telemetry.operation("POST /api/rentals", rental_id="r-1"):
        trace_id = telemetry.current_trace_id()
        with telemetry.dependency("stripe", "POST /v1/payment_intents", rental_id="r-1"):
            pass
    assert telemetry.flush(30), "the exporter did not come to an end"
    kept = httpx.get(f"{url}/_control/envelopes", params={"rental_id": "r-1"}).json()["envelopes"]
    assert {each["tags"]["ai.operation.id"] for each in kept} == {trace_id}
    assert {each["data"]["baseType"] for each in kept} >= {"RequestData", "RemoteDependencyData"}
    page = httpx.get(f"{url}/operations/{trace_id}").text
    assert page.index("POST /api/rentals</span>") < page.index("POST /v1/payment_intents</span>")
    assert "r-1" in httpx.get(f"{url}/rentals").text
    assert "POST /v1/payment_intents</span>" in httpx.get(f"{url}/rentals/r-1").text
    assert httpx.get(f"{url}/rentals/unknown").status_code == 404
    assert "Nothing has failed" in httpx.get(f"{url}/failures").text
    assert_true_to_vendor(stack.recording, exchanges=1)
