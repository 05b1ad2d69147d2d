"""What befalls the payments besides a death of the process: vendor, webhooks, queues, stores."""

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any

from infra.local.drills.crash_points import CrashPoints
from infra.local.drills.later_flows import LATER
from infra.local.drills.payment_flows import PREPAID
from infra.local.drills.renting import Town
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
CAPTURE = {"method": "POST", "path": "/v1/payment_intents/*/capture"}
CUSTOMER = {"method": "POST", "path": "/v1/customers"}
PROMPT = tuple(
    name for name, flow in PREPAID.items() if flow.end == "CONFIRMED" and "late" not in name
)
EXPIRING = tuple(name for name in PREPAID if name not in PROMPT)
CAPTURING = tuple(name for name in LATER if "captured" in name)


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
        if self.vendor:  # before the slow cancel: of two faults the first is met
            await scene.town.forget_faults()
            for fault in self.vendor:
                await scene.town.act("faults", fault | {"times": times})
            await slow_down_cancels(scene.town)
        await scene.town.act("webhooks", {"mode": self.webhooks})
        scene.points.disturb_queues(self.queues)

    async def strike(self, scene: Scene) -> None:
        """In the middle of it."""
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
    await slow_down_cancels(town)


async def slow_down_cancels(town: Town) -> None:
    slow = {"match": CANCEL, "kind": "delay", "seconds": CANCEL_SECONDS, "times": None}
    await town.act("faults", slow)


def _vendor(name: str, flows: tuple[str, ...], *calls: dict[str, str], quick: bool = False,
            **kind: Any) -> Fault:  # fmt: skip
    return Fault(name, flows, tuple({"match": call, **kind} for call in calls), quick=quick)


ALL = tuple(PREPAID | LATER)
ASKING, GIVING = (*PROMPT, *LATER), (*EXPIRING, *LATER)
DROPPED: dict[str, Any] = {"kind": "drop_answer"}
BROKEN: dict[str, Any] = {"kind": "status", "status": 500}
BUSY: dict[str, Any] = {"kind": "status", "status": 429}
SLOW: dict[str, Any] = {"kind": "delay", "seconds": TOO_SLOW_SECONDS}
CUT: dict[str, Any] = {"kind": "close"}
FAULTS: tuple[Fault, ...] = (
    Fault("webhooks doubled", ALL, webhooks="duplicate"),
    Fault("webhooks reversed", ALL, webhooks="reorder"),
    Fault("webhooks very late", ALL, webhooks="hold"),
    Fault("messages doubled", ALL, queues="duplicate", quick=True),
    Fault("messages reordered", ALL, queues="reorder"),
    Fault("PostgreSQL restarted", ALL, restart="postgres", quick=True),
    Fault("queues restarted", ALL, restart="queue"),
    _vendor("create: answer dropped", ASKING, CREATE, CUSTOMER, **DROPPED),
    _vendor("create: 500", ASKING, CREATE, CUSTOMER, **BROKEN),
    _vendor("confirm: answer dropped", ASKING, CONFIRM, quick=True, **DROPPED),
    _vendor("confirm: hung up before", ASKING, CONFIRM, **CUT),
    _vendor("confirm: 429", ASKING, CONFIRM, **BUSY),
    _vendor("confirm: 500", ASKING, CONFIRM, **BROKEN),
    _vendor("confirm: too slow", ASKING, CONFIRM, **SLOW),
    _vendor("retrieve: 500", ASKING, RETRIEVE, **BROKEN),
    _vendor("capture: answer dropped", CAPTURING, CAPTURE, quick=True, **DROPPED),
    _vendor("capture: hung up before", CAPTURING, CAPTURE, **CUT),
    _vendor("capture: 429", CAPTURING, CAPTURE, **BUSY),
    _vendor("capture: 500", CAPTURING, CAPTURE, **BROKEN),
    _vendor("capture: too slow", CAPTURING, CAPTURE, **SLOW),
    _vendor("cancel, refund: answer dropped", GIVING, CANCEL, REFUND, **DROPPED),
    _vendor("cancel, refund: 500", GIVING, CANCEL, REFUND, **BROKEN),
)
