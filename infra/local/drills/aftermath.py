"""What is judged after any storm: everything accepted is decided, and money and cars agree."""

import time
from typing import Any

from infra.local.drills.crowd import Crowd
from infra.local.drills.evidence import read_ledger, read_mailbox
from infra.local.drills.judge import Judge
from infra.local.drills.settling import run_timers, unsettled
from infra.local.drills.verdict import Verdict
from infra.local.stack.stack import Stack

POLL_SECONDS = 1.5
AT_WORK = 24  # e-mails that one process has in hand: batchSize + newBatchThreshold of host.json


def settle(stack: Stack, judge: Judge, master_key: str, seconds: float) -> float | None:
    """How long it took until nothing moved any more; None: not within ``seconds``.

    The timers are run by hand, so that nobody waits for the full minute.
    """
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        for failure in run_timers(stack, master_key):
            print(f"  {failure}")
        time.sleep(POLL_SECONDS)
        if not any(unsettled(stack, judge).values()):
            return time.monotonic() - began
    return None


def judge_storm(
    title: str, stack: Stack, judge: Judge, crowd: Crowd, settled: float | None, deaths: int
) -> int:
    """Print the table; ``deaths`` is how many processes were killed while at work."""
    outcomes = judge.rows("outcomes")
    stored = {reference for _, reference, *_ in outcomes}
    verdict = Verdict(title)
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
    for subject, count in unsettled(stack, judge).items():
        verdict.require(subject, count, 0)
    verdict.require("dead letters", judge.ask("dead_letters"), 0)
    verdict.require("hours above supply (sweep)", judge.ask("oversold"), 0)
    verdict.require("hours where calendar and rentals differ", judge.ask("calendar_disagrees"), 0)
    _judge_money(verdict, stack, outcomes)
    _judge_emails(verdict, stack, judge, outcomes, deaths)
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
    verdict: Verdict, stack: Stack, judge: Judge, outcomes: list[tuple[Any, ...]], deaths: int
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
    # The vendor has no idempotency key: a death between its answer and our note sends a copy, of
    # each e-mail that was at that point.
    verdict.hold(
        "second copies of e-mails (at least once)",
        sum(mailbox.values()) - len(mailbox),
        f"≤ {deaths} deaths x {AT_WORK} at work",
        lambda n: n <= deaths * AT_WORK,
    )
    verdict.hold(
        "most copies of one e-mail",
        max(mailbox.values(), default=0),
        f"≤ 1 + {deaths} deaths",
        lambda n: n <= 1 + deaths,
    )
