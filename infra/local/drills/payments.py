"""Every step of every payment flow is died at once, and every party misbehaves: the money agrees.

First the steps are learned from undisturbed rentals, then the functions process is killed before
and after each of them while rentals of all flows are under way, then vendor, webhooks, queues and
stores misbehave. At the end the vendor's ledger and the database are held against each other.
"""

import argparse
import asyncio
import secrets
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import aiohttp

from infra.local.drills.crash_points import DELIVERIES, FOLDER_VARIABLE, CrashPoints
from infra.local.drills.judge import Judge
from infra.local.drills.later_flows import LATER
from infra.local.drills.payment_faults import (
    CANCEL_SECONDS,
    FAULTS,
    VENDOR_TIMEOUT_SECONDS,
    Fault,
    Scene,
    calm,
)
from infra.local.drills.payment_flows import PREPAID
from infra.local.drills.payment_verdict import Findings, judge_payments
from infra.local.drills.premises import OperatorToken, spare_the_night, stock
from infra.local.drills.renting import Town
from infra.local.drills.rides import FLOWS, Ride, ride
from infra.local.drills.settling import run_timers, unsettled
from infra.local.drills.watch import Watch
from infra.local.load.renters import Renters
from infra.local.stack.stack import Stack

PARTS = ("postgres", "queue", "blob", "mail", "standins", "identity", "functions")
SEAMS = "infra.local.drills.seams"
TIMER_SECONDS = 1.0
WATCHDOG_SECONDS = 0.1
LEARNING_ROUNDS = 3
PROGRESS_SECONDS = 60
UNDISTURBED, KILLED = "none", "killed"
QUICK_STEPS = (
    "commit payment=",
    "call POST payment_intents/*/confirm",
    "call POST payment_intents/*/capture",
    "acknowledge payment_",
)
QUICK_FLOWS = (*PREPAID, "deposit captured in part", "deposit renewed, released")


@dataclass
class Drill:
    """One run, its parts and what it has seen."""

    scene: Scene
    master_key: str
    at_once: int
    rides: list[Ride] = field(default_factory=list)
    restarts: int = 0
    points: list[str] = field(default_factory=list)
    began: float = field(default_factory=time.monotonic)
    missed: list[str] = field(default_factory=list)
    flows: tuple[str, ...] = tuple(FLOWS)
    paths: dict[str, list[str]] = field(default_factory=dict)  # point -> flows that pass it

    def tell(self, what: str) -> None:
        print(f"  {time.monotonic() - self.began:4.0f} s  {what}", flush=True)

    async def all_flows(self, fault: str, flows: Sequence[str], each: int) -> None:
        self.rides += await asyncio.gather(*self.begin(fault, flows, each))

    def begin(self, fault: str, flows: Sequence[str], each: int) -> list["asyncio.Task[Ride]"]:
        wanted = [flow for flow in flows if flow in self.flows for _ in range(each)]
        return [asyncio.create_task(ride(self.scene.town, flow, fault)) for flow in wanted]


def run(options: Sequence[str]) -> int:
    wanted = _parser().parse_args(options)
    wanted.hold_seconds = wanted.hold_seconds or (15 if wanted.quick else 40)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="rentacar-drill-") as folder:
        points, master_key = CrashPoints(Path(folder)), secrets.token_urlsafe(24)
        environment = _environment(folder, master_key, wanted)
        with Stack(
            parts=PARTS,
            environment=environment,
            queue_lease_seconds=wanted.queue_lease_seconds,
            host_imports=[SEAMS],
        ) as stack:
            stock(stack.database_url)
            spare_the_night(stack.database_url)
            drill = asyncio.run(_drill(stack, points, master_key, wanted))
            with Judge(stack.database_url) as judge:
                settled = _settle(stack, judge, master_key, wanted.settle_seconds)
                findings = Findings(
                    drill.rides, points.deaths(), drill.points, drill.missed, settled
                )
                code = judge_payments(stack, judge, findings)
    print(f"\n{drill.restarts} whole restarts, {time.monotonic() - began:.0f} s")
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="dev.py drill payments", description=__doc__)
    add = parser.add_argument
    add("--rentals", type=int, default=500, help="at least this many")
    add("--each", type=int, default=1, help="rentals a flow x fault")
    add("--at-once", type=int, default=40, help="rentals under way while the process is killed")
    add("--seed", type=int, default=1)
    add("--hold-seconds", type=int, help="how long a car is held: 40, or 15 with --quick")
    add("--queue-lease-seconds", type=float, default=2)
    add("--kill-seconds", type=float, default=2700, help="kill for at most this long")
    add("--settle-seconds", type=float, default=180, help="wait at most this long")
    add("--quick", action="store_true", help="a dozen steps and four faults, about a minute")
    return parser


def _environment(folder: str, master_key: str, wanted: argparse.Namespace) -> dict[str, str]:
    settings = {
        "HOLD_CARD_SECONDS": str(wanted.hold_seconds),
        "HOLD_PIX_SECONDS": str(wanted.hold_seconds),
        "TELEMETRY_BACKEND": "none",
        "STRIPE_TIMEOUT_SECONDS": str(VENDOR_TIMEOUT_SECONDS),
    }
    print("payments: shortened for the drill (production in brackets)")
    print(f"  holds {wanted.hold_seconds} s [card 900, Pix 3600], queue lease "
          f"{wanted.queue_lease_seconds:g} s [600], redelivery 2 s [30], timers each "
          f"{TIMER_SECONDS:g} s [60]")  # fmt: skip
    print(f"  outbox lease 4 s [30], resolver's quiet 3 s [30], e-mail's lease 5 s [45], "
          f"vendor's timeout {VENDOR_TIMEOUT_SECONDS} s [10]")  # fmt: skip
    print(
        f"  deliveries before a message is poison {DELIVERIES} [5]: each dies with its neighbours"
    )
    print("  a deposit by a card that is authorised for a week is renewed after 6 s [6 days]")
    print(f"  the vendor takes {CANCEL_SECONDS} s to cancel, so that a renter can pay meanwhile")
    return settings | {"FUNCTIONS_MASTER_KEY": master_key, FOLDER_VARIABLE: folder}


async def _drill(
    stack: Stack, points: CrashPoints, master_key: str, wanted: argparse.Namespace
) -> Drill:
    watch = Watch(stack.database_url)
    draw = Random(wanted.seed)  # noqa: S311 -- repeatable, no secrets
    timeout = aiohttp.ClientTimeout(15)
    async with (
        Renters(stack.addresses.api) as client,
        aiohttp.ClientSession(timeout=timeout) as http,
    ):
        branches = await client.airports()
        operator = OperatorToken(stack.addresses.issuer)
        town = Town(client, http, stack.addresses.stripe, watch, branches, draw, operator)
        drill = Drill(Scene(stack, town, points), master_key, wanted.at_once)
        drill.flows = QUICK_FLOWS if wanted.quick else drill.flows
        await calm(town)
        async with _background(drill, watch):
            await _learn(drill, quick=wanted.quick)
            await _kill(drill, wanted, draw)
            faults = [fault for fault in FAULTS if fault.quick or not wanted.quick]
            await _disturb(drill, faults, 1 if wanted.quick else wanted.each)
            missing = wanted.rentals - len(drill.rides)
            if missing > 0 and not wanted.quick:
                await drill.all_flows(UNDISTURBED, drill.flows, -(-missing // len(FLOWS)))
    return drill


@asynccontextmanager
async def _background(drill: Drill, watch: Watch) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(work) for work in (watch.run(), _tick(drill), _revive(drill))]
    try:
        yield
        for task in tasks:
            if task.done():
                task.result()  # it must not end before its time
    finally:
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task


async def _tick(drill: Drill) -> None:
    while True:
        await asyncio.sleep(TIMER_SECONDS)
        await asyncio.to_thread(run_timers, drill.scene.stack, drill.master_key)


async def _revive(drill: Drill) -> None:
    """What Azure does: start the process again when it has died."""
    while True:
        await asyncio.sleep(WATCHDOG_SECONDS)
        if drill.scene.stack.has_ended("functions"):
            await asyncio.to_thread(drill.scene.stack.restart, "functions")
            drill.restarts += 1


async def _learn(drill: Drill, *, quick: bool) -> None:
    drill.scene.points.record()
    await drill.all_flows(UNDISTURBED, drill.flows, 1)
    for _ in range(LEARNING_ROUNDS):  # on a slow machine a hold may be over before it is paid
        learned = {ride.flow for ride in drill.rides if ride.went_as_meant}
        await drill.all_flows(UNDISTURBED, [each for each in drill.flows if each not in learned], 1)
    await asyncio.sleep(2 * CANCEL_SECONDS)  # what follows late payments
    passed = drill.scene.points.stop_recording()
    found = sorted({passing.point for passing in passed})
    drill.points = [point for point in found if not quick or _is_quick(point)]
    seen = drill.scene.town.watch.seen
    flows = {seen[each.reference].rental_id: each.flow for each in drill.rides if each.reference}
    for passing in passed:
        flow = flows.get(passing.rental_id)
        known = drill.paths.setdefault(passing.point, [])
        if flow and flow not in known:
            known.append(flow)
    drill.tell(f"{len(found)} points learned, {len(drill.points)} to die at")


def _is_quick(point: str) -> bool:
    return any(step in point for step in QUICK_STEPS) and "attempt 2" not in point


async def _kill(drill: Drill, wanted: argparse.Namespace, draw: Random) -> None:
    """Rentals keep coming, of flows that lead there, until the process has died at every point."""
    points = drill.scene.points
    points.aim(drill.points)
    deadline = time.monotonic() + wanted.kill_seconds
    under_way: set[asyncio.Task[Ride]] = set()
    told_at = time.monotonic()
    while (left := points.remaining()) and time.monotonic() < deadline:
        while len(under_way) < drill.at_once:
            # Any flow too: what one brings about (a lost answer) may befall a rental of another.
            flow = draw.choice([*drill.paths[draw.choice(left)], draw.choice(drill.flows)])
            under_way.add(asyncio.create_task(ride(drill.scene.town, flow, KILLED)))
        done, under_way = await asyncio.wait(
            under_way, timeout=1, return_when=asyncio.FIRST_COMPLETED
        )
        drill.rides += [task.result() for task in done]
        if time.monotonic() - told_at > PROGRESS_SECONDS:
            drill.tell(f"{len(left)} points to go")
            told_at = time.monotonic()
    drill.missed = points.remaining()
    points.withdraw()
    drill.rides += await asyncio.gather(*under_way)
    drill.tell(f"{len(points.deaths())} deaths, {len(drill.rides)} rentals so far")


async def _disturb(drill: Drill, faults: Sequence[Fault], each: int) -> None:
    """A fault begins when all rentals of the later flows stand paid at the counter.

    So it meets what is asked of them there; the others begin with it.
    """
    gate = drill.scene.town.gate
    for fault in faults:
        gate.close()
        rides = drill.begin(fault.name, [flow for flow in fault.flows if flow in LATER], each)
        await gate.until_there(rides)
        calls = each * len(fault.flows)
        await fault.begin(drill.scene, max(1, calls // 2))
        rides += drill.begin(fault.name, [flow for flow in fault.flows if flow in PREPAID], each)
        gate.open()
        await fault.strike(drill.scene)
        drill.rides += await asyncio.gather(*rides)
        await fault.end(drill.scene)
        drill.tell(f"{fault.name}: {len(rides)} rentals")


def _settle(stack: Stack, judge: Judge, master_key: str, seconds: float) -> float | None:
    """How long it took until nothing moved any more; None: not within ``seconds``."""
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        if stack.has_ended("functions"):
            stack.restart("functions")
        run_timers(stack, master_key)
        time.sleep(TIMER_SECONDS)
        if not any(unsettled(stack, judge).values()) and not judge.ask("payable_after_the_end"):
            return time.monotonic() - began
    return None
