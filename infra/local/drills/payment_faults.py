"""What befalls the payments besides a death of the process: vendor, webhooks, queues, stores."""

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any

from infra.local.drills.crash_points import CrashPoints
from infra.local.drills.payment_flows import FLOWS, Town
from infra.local.stack.errors import StackError
from infra.local.stack.stack import Stack

VENDOR_TIMEOUT_SECONDS = 6  # setting STRIPE_TIMEOUT_SECONDS
TOO_SLOW_SECONDS = VENDOR_TIMEOUT_SECONDS + 1
# A renter who pays between the hold's end and the cancel at the vendor needs that gap to be there.
CANCEL_SECONDS = 3
RESTART_AFTER_SECONDS = 1.5

CREATE = {"method": "POST", "path": "/v1/payment_intents"}
CONFIRM = {"method": "POST", "path": "/v1/payment_intents/*/confirm"}
RETRIEVE = {"method": "GET", "path": "/v1/payment_intents/*"}
CANCEL = {"method": "POST", "path": "/v1/payment_intents/*/cancel"}
REFUND = {"method": "POST", "path": "/v1/refunds"}
PROMPT = tuple(
    name for name, (_, end) in FLOWS.items() if end == "CONFIRMED" and "late" not in name
)
EXPIRING = tuple(name for name in FLOWS if name not in PROMPT)


@dataclass(frozen=True)
class Scene:
    """Where the disturbances act."""

    stack: Stack
    town: Town
    points: CrashPoints


@dataclass(frozen=True)
class Fault:
    name: str
    flows: tuple[str, ...]
    vendor: tuple[dict[str, Any], ...] = ()
    webhooks: str = "deliver"
    queues: str = ""
    restart: str = ""
    quick: bool = field(default=False, kw_only=True)

    async def begin(self, scene: Scene, times: int) -> None:
        for fault in self.vendor:
            await scene.town.act("faults", fault | {"times": times})
        await scene.town.act("webhooks", {"mode": self.webhooks})
        scene.points.disturb_queues(self.queues)
        if self.restart:
            await asyncio.sleep(RESTART_AFTER_SECONDS)
            await asyncio.to_thread(_restart, scene.stack, self.restart)

    async def end(self, scene: Scene) -> None:
        scene.points.disturb_queues("")
        await calm(scene.town)


def _restart(stack: Stack, part: str) -> None:
    """Insist: what a killed server leaves behind may keep the next one from starting at once."""
    for wait_seconds in (1, 2, 4, None):
        try:
            stack.restart(part)
        except StackError:
            if wait_seconds is None:
                raise
            time.sleep(wait_seconds)
        else:
            return


async def calm(town: Town) -> None:
    """No faults but the one that opens the gap for late payments; held webhooks are let go."""
    await town.act("webhooks", {"mode": "deliver"})
    await town.forget_faults()
    slow = {"match": CANCEL, "kind": "delay", "seconds": CANCEL_SECONDS, "times": None}
    await town.act("faults", slow)


def _vendor(name: str, flows: tuple[str, ...], *calls: dict[str, str], quick: bool = False,
            **kind: Any) -> Fault:  # fmt: skip
    return Fault(name, flows, tuple({"match": call, **kind} for call in calls), quick=quick)


ALL = tuple(FLOWS)
FAULTS: tuple[Fault, ...] = (
    Fault("webhooks doubled", ALL, webhooks="duplicate"),
    Fault("webhooks reversed", ALL, webhooks="reorder"),
    Fault("webhooks very late", ALL, webhooks="hold"),
    Fault("messages doubled", ALL, queues="duplicate", quick=True),
    Fault("messages reordered", ALL, queues="reorder"),
    Fault("PostgreSQL restarted", ALL, restart="postgres", quick=True),
    Fault("queues restarted", ALL, restart="queue"),
    _vendor("create: answer dropped", PROMPT, CREATE, kind="drop_answer"),
    _vendor("create: 500", PROMPT, CREATE, kind="status", status=500),
    _vendor("confirm: answer dropped", PROMPT, CONFIRM, kind="drop_answer", quick=True),
    _vendor("confirm: hung up before", PROMPT, CONFIRM, kind="close"),
    _vendor("confirm: 429", PROMPT, CONFIRM, kind="status", status=429),
    _vendor("confirm: 500", PROMPT, CONFIRM, kind="status", status=500),
    _vendor("confirm: too slow", PROMPT, CONFIRM, kind="delay", seconds=TOO_SLOW_SECONDS),
    _vendor("retrieve: 500", PROMPT, RETRIEVE, kind="status", status=500),
    _vendor("cancel, refund: answer dropped", EXPIRING, CANCEL, REFUND, kind="drop_answer"),
    _vendor("cancel, refund: 500", EXPIRING, CANCEL, REFUND, kind="status", status=500),
)
