"""CPU time of one booking at each depth, in one process: which layer takes what.

From the inside out: what validates a request and an offer, the use case, RentProcess, the BFF, the
local host; beside them the bare endpoint of ``bench booking``. No socket to a client; PostgreSQL's
own time is not in it. Rounds alternate; the lower fifth counts, so a busy machine blurs little.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Sequence

from infra.local.bench.traffic import prepare_loads
from infra.local.drills.race import NO_CONSUMERS
from infra.local.stack.stack import Stack

LONGEST_SECONDS = 300


def run(options: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="dev.py bench layers", description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--requests", type=int, default=100, help="a round and layer")
    wanted = parser.parse_args(options)
    environment = {
        **NO_CONSUMERS,
        "OUTBOX_RELAY": "false",
        "OFFER_LIFETIME_SECONDS": "7200",
        "TELEMETRY_BACKEND": "none",
    }
    with Stack(parts=("postgres", "standins", "functions"), environment=environment) as stack:
        spread, _hot = prepare_loads(stack, searches=20)
        plan = {
            "ours": [body.decode() for body in spread.ours],
            "bare": [body.decode() for body in spread.bare],
            "rounds": wanted.rounds,
            "requests": wanted.requests,
        }
        done = subprocess.run(
            [sys.executable, "-m", "infra.local.bench.layers_program"],
            input=json.dumps(plan),
            env={**os.environ, **stack.environment},
            stderr=subprocess.DEVNULL,  # the host's line for each request
            text=True,
            check=False,
            timeout=LONGEST_SECONDS,
        )
    return done.returncode
