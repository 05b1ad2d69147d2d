"""Waiting until nothing moves any more, with the timers run by hand."""

from urllib.error import URLError
from urllib.request import Request, urlopen

from infra.local.drills.evidence import count_queued
from infra.local.drills.judge import Judge
from infra.local.stack.stack import Stack

TIMERS = ("RentProcessTimer", "PaymentProcessTimer")


def run_timers(stack: Stack, master_key: str) -> list[str]:
    """Run each now, so that nobody waits for the full minute; returns what went wrong."""
    failures = []
    for name in TIMERS:
        call = Request(  # noqa: S310 -- our own stack on 127.0.0.1
            f"{stack.addresses.web}/admin/functions/{name}",
            data=b"{}",
            headers={"x-functions-key": master_key, "Content-Type": "application/json"},
        )
        try:
            urlopen(call, timeout=10).close()  # noqa: S310 -- likewise
        except (URLError, OSError) as error:
            failures.append(f"{name} could not be run: {error}")
    return failures


def unsettled(stack: Stack, judge: Judge) -> dict[str, int]:
    return {
        "rentals that are not decided": judge.ask("pending"),
        "messages in the outboxes": judge.ask("waiting_messages"),
        "messages in the queues": count_queued(stack),
        "messages in the poison queues": count_queued(stack, "-poison"),
        "payments that are open": judge.ask("open_payments"),
        "e-mails that are open": judge.ask("open_emails"),
    }
