"""The rental's whole life on a real database: told on purpose, then at random.

The company is `world.py`, what may happen `steps.py`, what must be so afterwards `judges.py`.
"""

import asyncio
import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from azure.appconfiguration import AzureAppConfigurationClient, FeatureFlagConfigurationSetting
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from infra.local.standins.appconfiguration.app import CREDENTIAL, SECRET
from shared import features
from shared.database import close_pools
from shared.features import Flag, close_features
from shared.settings import get_settings
from tests.integration.whole_life.judges import RENTAL_STATES
from tests.integration.whole_life.machine import WholeLife
from tests.integration.whole_life.stories import STORIES, tell
from tests.integration.whole_life.world import World, found_company
from tests.plugins.standins import Serve

# Each some 60 steps. For a night: as many as there is time for, each night others (CONTRIBUTING).
RUNS = int(os.environ.get("LIFE_RUNS", "15"))
IS_NIGHT = "LIFE_RUNS" in os.environ
STEPS = 60
# What a life may hold; what was never tried was never proved.
HAPPENINGS = {
    "booked", "sold out", "paid again", "cancelled", "modified", "expired", "not shown",
    "checked out", "upgraded", "exchanged", "extended", "extended anyway", "overdue", "checked in",
    "joined", "cash taken", "cash handed back", "goodwill", "fined", "deposit settled",
    "PREPAY captured", "DEPOSIT captured", "ADDITIONAL captured", "added", "moved", "arrived",
    "retired", "called off", "mended", "maintenance ended", "overbooked", "overridden", "night",
    "plan waited", "moved: supply_below_sold", "mended: supply_below_sold",
}  # fmt: skip


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


@contextmanager
def running() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        try:
            yield runner
        finally:
            runner.run(close_pools())
            runner.run(close_features())


def test_every_documented_transition_happens_and_no_other(company: str) -> None:
    seen: Counter[str] = Counter()
    transitions: set[tuple[str, str]] = set()
    with running() as runner:
        for story in STORIES:
            world = World(company, runner, seen, transitions)
            try:
                tell(world, story)
            except BaseException as fault:
                fault.add_note(f"in the story {story.__name__}")
                raise
            finally:
                world.close()
    assert transitions == RENTAL_STATES
    assert {name for name in HAPPENINGS if not seen[name]} == set()


@pytest.mark.timeout(0 if IS_NIGHT else 300)
def test_whole_life_at_random_keeps_calendar_places_money_and_states_true(company: str) -> None:
    transitions: set[tuple[str, str]] = set()
    with running() as runner:
        machine = type(
            "WholeLifeAtRandom",
            (WholeLife,),
            {"url": company, "runner": runner, "seen": Counter(), "transitions": transitions},
        )
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=RUNS, stateful_step_count=STEPS, derandomize=not IS_NIGHT,
                deadline=None, database=None, suppress_health_check=list(HealthCheck),
                phases=[Phase.generate],  # shrinking outlasts the time limit
            ),
        )  # fmt: skip
    # Chance reaches most of it by itself; the stories above reach the rest.
    assert len(transitions) >= len(RENTAL_STATES) // 2
