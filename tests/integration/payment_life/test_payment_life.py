"""The payment's states under worker, webhook, renter, operator, bank, network and clock at once."""

import asyncio
import os
from collections import Counter

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
from tests.integration.payment_life.till import Till

RUNS = int(os.environ.get("LIFE_RUNS", "40"))
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


@pytest.mark.timeout(300 if not IS_NIGHT else 0)
def test_payments_of_every_purpose_end_charged_once_and_told_whatever_happens(
    database: str,
) -> None:
    seen: Counter[str] = Counter()
    with asyncio.Runner() as runner:
        machine = type(
            "PaymentLifeAtRandom",
            (PaymentLife,),
            {"url": database, "runner": runner, "seen": seen},
        )
        try:
            run_state_machine_as_test(
                machine,
                settings=settings(
                    max_examples=RUNS, stateful_step_count=20, derandomize=not IS_NIGHT,
                    deadline=None, database=None, suppress_health_check=list(HealthCheck),
                    phases=[Phase.generate],
                ),
            )  # fmt: skip
        finally:
            runner.run(close_pools())
    print(sorted(seen))
    print(sorted(f"{a} to {b}" for a, b in judges.USUAL_WAYS if not seen[f"{a} to {b}"]))
