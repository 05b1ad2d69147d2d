"""The rental's whole life on a real database: at random, and told on purpose."""

import asyncio
import os
from collections import Counter

import pytest
from azure.appconfiguration import AzureAppConfigurationClient, FeatureFlagConfigurationSetting
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from infra.local.standins.appconfiguration.app import CREDENTIAL, SECRET
from shared import features
from shared.database import close_pools
from shared.features import Flag, close_features
from shared.settings import get_settings
from tests.integration.whole_life import documented
from tests.integration.whole_life.machine import WholeLife
from tests.integration.whole_life.world import found_company
from tests.plugins.standins import Serve

EXAMPLES = int(os.environ.get("LIFE_EXAMPLES", "14"))


@pytest.fixture
def company(database: str, serve_standins: Serve, environment: pytest.MonkeyPatch) -> str:
    """A company in a fresh database, which sells beyond its cars where an operator says so."""
    # The SDK's first import can take seconds on a busy machine; that is not what is tested here.
    environment.setattr(features, "FIRST_LOAD_SECONDS", 20.0)
    store = serve_standins({"name": "appconfiguration", "options": {"flags": {}}})
    endpoint = f"Endpoint={store['appconfiguration']};Id={CREDENTIAL};Secret={SECRET}"
    flag = FeatureFlagConfigurationSetting(Flag.OVERBOOKING, enabled=True)
    with AzureAppConfigurationClient.from_connection_string(endpoint) as client:
        client.set_configuration_setting(flag)
    environment.setenv("APP_CONFIGURATION_CONNECTION_STRING", endpoint)
    get_settings.cache_clear()
    found_company(database)
    return database


@pytest.mark.timeout(600)
def test_whole_life_at_random(company: str) -> None:
    seen: Counter[str] = Counter()
    with asyncio.Runner() as runner:
        machine = type("Random", (WholeLife,), {"url": company, "runner": runner, "seen": seen})
        try:
            run_state_machine_as_test(
                machine,
                settings=settings(
                    max_examples=EXAMPLES, stateful_step_count=50, deadline=None, database=None,
                    phases=[Phase.generate], derandomize=True,
                    suppress_health_check=list(HealthCheck),
                ),
            )  # fmt: skip
        finally:
            runner.run(close_pools())
            runner.run(close_features())
    print(sorted(seen.items()))
