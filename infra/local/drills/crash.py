"""The functions process is killed again and again under load: nothing is lost, nothing doubled.

SIGKILL at random moments while renters of every kind book and pay; then the system settles and
the stores, the vendor's ledger and the mailbox are held against each other.
"""

import argparse
import asyncio
import secrets
from collections.abc import Sequence
from random import Random

from infra.local.drills.aftermath import judge_storm, settle
from infra.local.drills.crowd import Crowd, rent
from infra.local.drills.judge import Judge
from infra.local.load.renters import Renters
from infra.local.stack.stack import Stack

ALIVE_SECONDS = (1.0, 7.0)  # between a start and the next kill: from hardly up to well at work
SECONDS_A_KILL = 6.0  # the renters are spread over all of them, starts included


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
            settled = settle(stack, judge, master_key, wanted.settle_seconds)
            title = f"crash: {wanted.kills} kills of the functions process under load"
            return judge_storm(title, stack, judge, crowd, settled, wanted.kills)


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
