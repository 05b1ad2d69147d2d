"""The functions process is killed again and again under load: nothing is lost, nothing doubled.

SIGKILL at random moments while renters of every kind book and pay; then the system settles and
the stores, the vendor's ledger and the mailbox are held against each other.
"""

import argparse
import asyncio
import secrets
import time
from collections.abc import Sequence
from random import Random
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

from infra.local.drills.crowd import Crowd, rent
from infra.local.drills.evidence import count_queued, read_ledger, read_mailbox
from infra.local.drills.judge import Judge
from infra.local.drills.verdict import Verdict
from infra.local.load.renters import Renters
from infra.local.stack.stack import Stack

ALIVE_SECONDS = (1.0, 7.0)  # between a start and the next kill: from hardly up to well at work
SECONDS_A_KILL = 6.0  # the renters are spread over all of them, starts included
TIMERS = ("RentProcessTimer", "PaymentProcessTimer")
POLL_SECONDS = 1.5


def run(options: Sequence[str]) -> int:
    wanted = _parser().parse_args(options)
    master_key = secrets.token_urlsafe(24)
    environment = {
        "HOLD_CARD_SECONDS": str(wanted.hold_seconds),
        "FUNCTIONS_MASTER_KEY": master_key,
    }
    print(
        f"crash: {wanted.kills} kills, {wanted.renters} renters, queue lease "
        f"{wanted.queue_lease_seconds:g} s (Azure: 600 s), hold {wanted.hold_seconds} s, "
        f"seed {wanted.seed}"
    )
    with Stack(environment=environment, queue_lease_seconds=wanted.queue_lease_seconds) as stack:
        crowd = Crowd()
        asyncio.run(_storm(stack, crowd, wanted))
        with Judge(stack.database_url) as judge:
            settled = _settle(stack, judge, master_key, wanted.settle_seconds)
            return _judge(stack, judge, crowd, settled, wanted.kills)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="dev.py drill crash", description=__doc__)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--renters", type=int, default=150)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--hold-seconds", type=int, default=90, help="how long a car is held")
    # Longer than an e-mail's claim (25 s), as Azure's is: a message that comes back while a dead
    # process still holds the claim would use up its five deliveries on waiting.
    parser.add_argument("--queue-lease-seconds", type=float, default=30)
    parser.add_argument("--settle-seconds", type=float, default=240, help="wait at most this long")
    return parser


async def _storm(stack: Stack, crowd: Crowd, wanted: argparse.Namespace) -> None:
    moments, crowding = Random(wanted.seed), Random(wanted.seed)  # noqa: S311 -- repeatable, no secrets
    seconds = wanted.kills * SECONDS_A_KILL
    async with Renters(stack.addresses.api) as client:
        branches = await client.airports()
        renting = asyncio.create_task(
            rent(client, branches, crowd, wanted.renters, crowding, seconds)
        )
        for _ in range(wanted.kills):
            await asyncio.sleep(moments.uniform(*ALIVE_SECONDS))
            await asyncio.to_thread(stack.kill, "functions")
            await asyncio.to_thread(stack.restart, "functions")
        await renting


def _settle(stack: Stack, judge: Judge, master_key: str, seconds: float) -> float | None:
    """How long it took until nothing moved any more; None: not within ``seconds``.

    The timers are run by hand, so that nobody waits for the full minute.
    """
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        for name in TIMERS:
            _run_now(stack, name, master_key)
        time.sleep(POLL_SECONDS)
        if not any(_unsettled(stack, judge).values()):
            return time.monotonic() - began
    return None


def _unsettled(stack: Stack, judge: Judge) -> dict[str, int]:
    return {
        "rentals that are not decided": judge.ask("pending"),
        "messages in the outboxes": judge.ask("waiting_messages"),
        "messages in the queues": count_queued(stack),
        "messages in the poison queues": count_queued(stack, "-poison"),
        "payments that are open": judge.ask("open_payments"),
        "e-mails that are open": judge.ask("open_emails"),
    }


def _run_now(stack: Stack, function: str, master_key: str) -> None:
    call = Request(  # noqa: S310 -- our own stack on 127.0.0.1
        f"{stack.addresses.web}/admin/functions/{function}",
        data=b"{}",
        headers={"x-functions-key": master_key, "Content-Type": "application/json"},
    )
    try:
        urlopen(call, timeout=10).close()  # noqa: S310 -- likewise
    except URLError as error:
        print(f"  {function} could not be run: {error}")


def _judge(stack: Stack, judge: Judge, crowd: Crowd, settled: float | None, kills: int) -> int:
    outcomes = judge.rows("outcomes")
    stored = {reference for _, reference, *_ in outcomes}
    verdict = Verdict(f"crash: {kills} kills of the functions process under load")
    verdict.note("rentals accepted", len(crowd.accepted))
    verdict.note("calls sent again after a crash", crowd.unanswered)
    verdict.note("payments tried again by renters", crowd.retried)
    verdict.note("refused (sold out, hold over)", crowd.refused)
    verdict.note("settled after, seconds", "never" if settled is None else f"{settled:.0f}")
    for status, count in judge.rows("statuses"):
        verdict.note(f"rentals {status}", count)
    verdict.require("renters never answered", crowd.given_up, 0)
    verdict.require("accepted rentals that are lost", len(set(crowd.accepted.values()) - stored), 0)
    verdict.require("rentals nobody was told of", len(stored - set(crowd.accepted.values())), 0)
    for subject, count in _unsettled(stack, judge).items():
        verdict.require(subject, count, 0)
    verdict.require("dead letters", judge.ask("dead_letters"), 0)
    verdict.require("hours above supply (sweep)", judge.ask("oversold"), 0)
    verdict.require("hours where calendar and rentals differ", judge.ask("calendar_disagrees"), 0)
    _judge_money(verdict, stack, outcomes)
    _judge_emails(verdict, stack, judge, outcomes, kills)
    return verdict.close()


def _judge_money(verdict: Verdict, stack: Stack, outcomes: list[tuple[Any, ...]]) -> None:
    ledger = read_ledger(stack)
    twice = unpaid = kept = 0
    for rental_id, _, status, _, total in outcomes:
        moved = ledger.get(rental_id)
        charges, captured, refunded = (
            (moved.charges, moved.captured, moved.refunded) if moved else (0, 0, 0)
        )
        twice += charges > 1
        unpaid += status == "CONFIRMED" and (captured, refunded) != (total, 0)
        kept += status != "CONFIRMED" and captured != refunded
    verdict.require("rentals charged more than once (vendor's ledger)", twice, 0)
    verdict.require("CONFIRMED, but not captured in full", unpaid, 0)
    verdict.require("not CONFIRMED, but money was kept", kept, 0)


def _judge_emails(
    verdict: Verdict, stack: Stack, judge: Judge, outcomes: list[tuple[Any, ...]], kills: int
) -> None:
    mailbox = read_mailbox(stack)
    asked: dict[str, list[str]] = {}
    for message_id, rental_id in judge.rows("confirmations"):
        asked.setdefault(rental_id, []).append(message_id)
    confirmed = {rental_id for rental_id, _, status, *_ in outcomes if status == "CONFIRMED"}
    missing = [r for r in confirmed if not any(mailbox[m] for m in asked.get(r, []))]
    doubled = [r for r, messages in asked.items() if len(messages) > 1]
    verdict.require("CONFIRMED without a confirmation in the mailbox", len(missing), 0)
    verdict.require("rentals with two confirmations", len(doubled), 0)
    verdict.require(
        "confirmations of rentals that are not CONFIRMED", len(asked.keys() - confirmed), 0
    )
    # The vendor has no idempotency key: a death between its answer and our note sends a copy.
    copies = sum(mailbox.values()) - len(mailbox)
    verdict.hold(
        "second copies of one e-mail (at least once)",
        copies,
        f"≤ {kills} kills",
        lambda n: n <= kills,
    )
