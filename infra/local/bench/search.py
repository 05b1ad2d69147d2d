"""GET /api/offers per second: ten classes priced, itemised and signed by each search."""

import argparse
from collections.abc import Sequence
from random import Random
from statistics import median
from urllib.parse import urlencode

from infra.local.bench.booking import measure
from infra.local.drills.race import ENVIRONMENT, PARTS
from infra.local.load.generator import Plan
from infra.local.load.renters import random_trip, search_query
from infra.local.stack.stack import Stack

BRANCHES = ("GRU", "CGH", "GIG", "BSB", "POA", "SSA")
PERIODS = 200


def run(options: Sequence[str]) -> int:
    wanted = _parser().parse_args(options)
    environment = {**ENVIRONMENT, "TELEMETRY_BACKEND": "none"}
    with Stack(parts=PARTS, environment=environment) as stack:
        plan = Plan(
            stack.addresses.ports.web,
            "",
            _searches(),
            wanted.requests,
            wanted.connections,
            method="GET",
            expected_status="200",
        )
        measure(plan)  # warms up
        rounds = [measure(plan) for _ in range(wanted.rounds)]
        rate, p99 = (
            median(values)
            for values in zip(*((m.per_second, m.p99_ms) for m in rounds), strict=True)
        )
        share = sum(m.cpu_seconds for m in rounds) / sum(m.seconds for m in rounds)
        print(
            f"search: {rate:.0f} searches/s, p99 {p99:.0f} ms over {wanted.connections} connections"
        )
        print(
            f"search: median of {wanted.rounds} rounds; the generator took {share:.0%} of one core"
        )
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="dev.py bench search", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--requests", type=int, default=400)
    parser.add_argument("--connections", type=int, default=16)
    return parser


def _searches() -> list[bytes]:
    draw = Random(7)  # noqa: S311 -- the same load every time, no secrets
    trips = [
        random_trip(draw, branch, [branch], "", weeks_ahead=draw.randrange(2, 40))
        for branch in (draw.choice(BRANCHES) for _ in range(PERIODS))
    ]
    return [f"/api/offers?{urlencode(search_query(trip))}".encode() for trip in trips]
