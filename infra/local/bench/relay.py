"""Messages per second from the outbox to the queue: claimed by lease, sent, deleted.

The local queue (Azurite) is the limit, not the code: an Azure queue takes 2,000 a second.
"""

import argparse
import asyncio
import os
import time
from collections.abc import Sequence

import psycopg

from infra.local.stack.stack import Stack
from shared import outbox, queues
from shared.database import close_pools

FILL = """
INSERT INTO rent.outbox (message_id, queue, body, claimed_until)
SELECT gen_random_uuid(), 'payment-requests', repeat('x', 420), now()
FROM generate_series(1, %s)
"""


def run(options: Sequence[str]) -> int:
    wanted = _parser().parse_args(options)
    with Stack(parts=("postgres", "queue"), seed=False) as stack:
        with psycopg.connect(stack.database_url) as connection:
            connection.execute(FILL, [wanted.messages])
        os.environ.update(stack.environment)  # the code under test runs in this process
        sent, seconds = asyncio.run(_sweep())
    print(f"relay: {sent} messages in {seconds:.1f} s, {sent / seconds:.0f}/s")
    return 0 if sent == wanted.messages else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="dev.py bench relay", description=__doc__)
    parser.add_argument("--messages", type=int, default=1000)
    return parser


async def _sweep() -> tuple[int, float]:
    began = time.perf_counter()
    sent = await outbox.sweep("rent")
    seconds = time.perf_counter() - began
    await queues.close_queues()
    await close_pools()
    return sent, seconds
