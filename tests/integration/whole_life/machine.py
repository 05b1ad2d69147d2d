"""The state machine: one rule, whatever happens next; the judges look after every step.

One rule, because hypothesis leaves some rules out of each run: a company in which nobody books, or
no message arrives, has no life to look at. How often what happens stands in ``steps.py``.
"""

import asyncio
from collections import Counter

from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from tests.integration.whole_life import judges
from tests.integration.whole_life.steps import STEPS, Step
from tests.integration.whole_life.world import World


class WholeLife(RuleBasedStateMachine):
    url: str
    runner: asyncio.Runner
    seen: Counter[str]
    transitions: set[tuple[str, str]]
    world: World

    @initialize()
    def company_opens(self) -> None:
        self.is_sound = True
        self.world = World(self.url, self.runner, self.seen, self.transitions)

    @rule(step=STEPS)
    def next(self, step: Step) -> None:
        self.is_sound, self.world.is_touched = False, False
        step.take(self.world)
        if self.world.is_touched:
            judges.after_a_step(self.world)
        self.is_sound = True

    def teardown(self) -> None:
        try:
            if self.is_sound:  # else the first complaint is the one to read
                judges.at_the_end(self.world)
        finally:
            self.world.close()
