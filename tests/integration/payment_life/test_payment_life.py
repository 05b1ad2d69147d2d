"""The payment's states under worker, webhook, renter, operator, bank, network and clock at once."""

import asyncio
import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)

from shared.database import close_pools
from tests.integration.payment_life import judges
from tests.integration.payment_life.steps import TOGETHER, Step
from tests.integration.payment_life.stories import STORIES, Story
from tests.integration.payment_life.till import Till

# For a night: as many as there is time for, each night others (CONTRIBUTING).
RUNS = int(os.environ.get("LIFE_RUNS", "20"))
STEPS = 20
IS_NIGHT = "LIFE_RUNS" in os.environ


class PaymentLife(RuleBasedStateMachine):
    url: str
    runner: asyncio.Runner
    seen: Counter[str]

    @initialize()
    def rental_begins(self) -> None:
        self.is_sound = True
        self.till = Till(self.url, self.runner, self.seen)

    @rule(together=TOGETHER)
    def next(self, together: list[Step]) -> None:
        self.is_sound = False
        self.till.together([step.take(self.till) for step in together])
        judges.after_a_step(self.till)
        self.is_sound = True

    def teardown(self) -> None:
        try:
            if self.is_sound:  # else the first complaint is the one to read
                judges.at_the_end(self.till)
        finally:
            self.till.connection.close()


@contextmanager
def running() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        try:
            yield runner
        finally:
            runner.run(close_pools())


async def _tell(till: Till, story: Story) -> None:
    async for _ in story(till):
        judges.after_a_step(till)


def test_every_usual_way_of_a_payment_is_gone_and_no_illegal_one(database: str) -> None:
    seen: Counter[str] = Counter()
    with running() as runner:
        for story in STORIES:
            till = Till(database, runner, seen)
            try:
                runner.run(_tell(till, story))
                judges.after_a_step(till)
                judges.at_the_end(till)
            except BaseException as fault:
                fault.add_note(f"in the story {story.__name__}")
                raise
            finally:
                till.connection.close()
    assert {way for way in judges.USUAL_WAYS if not seen[" to ".join(way)]} == set()


@pytest.mark.timeout(0 if IS_NIGHT else 300)
def test_payments_of_every_purpose_end_charged_once_and_told_whatever_happens(
    database: str,
) -> None:
    with running() as runner:
        machine = type(
            "PaymentLifeAtRandom",
            (PaymentLife,),
            {"url": database, "runner": runner, "seen": Counter()},
        )
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=RUNS, stateful_step_count=STEPS, derandomize=not IS_NIGHT,
                deadline=None, database=None, suppress_health_check=list(HealthCheck),
                phases=[Phase.generate],  # shrinking outlasts the time limit
            ),
        )  # fmt: skip
