"""Flags from App Configuration over the wire, through Microsoft's provider and SDK."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from azure.appconfiguration import AzureAppConfigurationClient, FeatureFlagConfigurationSetting

from infra.local.standins.appconfiguration.app import CREDENTIAL, SECRET
from shared import features
from shared.contracts.caller import GUEST, Caller
from shared.features import FLAGS, Flag, close_features, is_enabled, is_offered
from shared.settings import get_settings
from tests.plugins.standins import Serve

OPERATORS_ONLY = {
    "name": "Microsoft.Targeting",
    "parameters": {
        "Audience": {
            "Users": [],
            "Groups": [{"Name": "operator", "RolloutPercentage": 100}],
            "DefaultRolloutPercentage": 0,
        }
    },
}
HALF = {
    "name": "Microsoft.Targeting",
    "parameters": {"Audience": {"Users": [], "Groups": [], "DefaultRolloutPercentage": 50}},
}


class Store:
    """App Configuration as an operator sees it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.connection_string = f"Endpoint={url};Id={CREDENTIAL};Secret={SECRET}"

    def write(self, name: str, *, enabled: bool, filters: list[Any] | None = None) -> None:
        flag = FeatureFlagConfigurationSetting(name, enabled=enabled, filters=filters or [])
        with AzureAppConfigurationClient.from_connection_string(self.connection_string) as client:
            client.set_configuration_setting(flag)

    def fail(self, **fault: Any) -> None:
        answer = httpx.post(f"{self.url}/_control/faults", json={"times": None, **fault})
        assert answer.is_success

    def recover(self) -> None:
        assert httpx.delete(f"{self.url}/_control/faults").is_success


@pytest.fixture
async def store(serve_standins: Serve, environment: pytest.MonkeyPatch) -> AsyncIterator[Store]:
    # The SDK's first import can take seconds on a busy machine; that is not what is tested here.
    environment.setattr(features, "FIRST_LOAD_SECONDS", 20.0)
    options = {"flags": {"boleto": False, "instalments": True}}
    url = serve_standins({"name": "appconfiguration", "options": options})["appconfiguration"]
    opened = Store(url)
    environment.setenv("APP_CONFIGURATION_CONNECTION_STRING", opened.connection_string)
    environment.setenv("FEATURE_REFRESH_SECONDS", "0.2")
    get_settings.cache_clear()
    yield opened
    await close_features()


async def until(flag: Flag, *, enabled: bool, **caller: Any) -> None:
    async with asyncio.timeout(10):
        while await is_enabled(flag, **caller) is not enabled:  # noqa: ASYNC110 -- as callers read it
            await asyncio.sleep(0.05)


async def test_first_reader_gets_what_is_configured(store: Store) -> None:
    assert store
    assert await is_enabled(Flag.BOLETO) is False
    assert await is_enabled(Flag.INSTALMENTS) is True


async def test_flag_that_is_not_there_has_its_declared_default(store: Store) -> None:
    assert store
    assert await is_enabled(Flag.PIX) is FLAGS[Flag.PIX].default is True


async def test_toggled_flag_takes_effect_by_itself(store: Store) -> None:
    assert await is_enabled(Flag.BOLETO) is False
    store.write("boleto", enabled=True)
    await until(Flag.BOLETO, enabled=True)
    store.write("boleto", enabled=False)
    await until(Flag.BOLETO, enabled=False)


async def test_last_known_flags_survive_an_outage_and_no_reader_waits_for_it(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    assert await is_enabled(Flag.BOLETO) is False
    store.fail(kind="close")
    slowest = 0.0
    with caplog.at_level(logging.WARNING, logger="shared.features"):
        for _ in range(30):
            started = time.perf_counter()
            assert await is_enabled(Flag.BOLETO) is False
            slowest = max(slowest, time.perf_counter() - started)
            await asyncio.sleep(0.05)
    assert slowest < 3  # not one of them waited for the store
    assert "App Configuration cannot be read" in caplog.text
    store.recover()
    store.write("boleto", enabled=True)
    await until(Flag.BOLETO, enabled=True)


async def test_store_that_is_dead_from_the_start_costs_one_short_wait(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(features, "FIRST_LOAD_SECONDS", 0.3)
    store.fail(kind="close")
    started = time.perf_counter()
    flags = await asyncio.gather(*(is_enabled(Flag.BOLETO) for _ in range(50)))
    assert set(flags) == {FLAGS[Flag.BOLETO].default}
    assert time.perf_counter() - started < 5  # one short wait, not fifty
    store.recover()
    await until(Flag.BOLETO, enabled=False)


async def test_flag_is_on_for_one_role_only(store: Store) -> None:
    store.write("pix", enabled=True, filters=[OPERATORS_ONLY])
    assert await is_offered(Flag.PIX, GUEST) is False
    assert await is_offered(Flag.PIX, Caller(subject="o", roles=frozenset({"operator"}))) is True


async def test_percentage_is_stable_for_a_caller_and_near_its_share(store: Store) -> None:
    store.write("pix", enabled=True, filters=[HALF])
    callers = [Caller(subject=f"renter-{number}") for number in range(200)]
    first = [await is_offered(Flag.PIX, each) for each in callers]
    second = [await is_offered(Flag.PIX, each) for each in callers]
    assert first == second
    assert 60 < sum(first) < 140


async def test_flag_with_a_filter_that_nobody_knows_has_its_declared_default(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    store.write("bookings", enabled=True, filters=[{"name": "Made.Up", "parameters": {}}])
    assert await is_enabled(Flag.BOOKINGS) is True
    assert "flag bookings cannot be evaluated" in caplog.text
