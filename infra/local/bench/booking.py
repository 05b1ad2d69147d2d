"""POST /api/rentals per second, as ratios to a bare FastAPI endpoint and to pgbench, same SQL.

Ours: local Functions host, AsgiMiddleware, BFF, RentProcess in process, outbox row written, relay
off. Bare: ``bare_booking.py``. One worker and a pool of five connections each, on the same
database; rounds alternate, medians count.
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from statistics import median

from infra.local.bench.bare_booking_program import bare_program
from infra.local.bench.pgbench import bookings_per_second, find_pgbench
from infra.local.bench.traffic import Load, prepare_loads
from infra.local.drills.race import NO_CONSUMERS
from infra.local.load.generator import Measured, Plan
from infra.local.stack.ports import Ports
from infra.local.stack.stack import Stack
from infra.local.stack.supervisor import Supervisor

GOAL = 0.75
POOL = 5
LONGEST_SECONDS = 120
WARM_UP = 200


def run(options: Sequence[str]) -> int:
    wanted = _parser().parse_args(options)
    environment = {
        **NO_CONSUMERS,
        "OUTBOX_RELAY": "false",
        "FEATURE_REFRESH_SECONDS": "10",
        "OFFER_LIFETIME_SECONDS": "7200",
        "TELEMETRY_BACKEND": "opencensus" if wanted.telemetry else "none",
    }
    with Stack(parts=("postgres", "standins", "functions"), environment=environment) as stack:
        loads = prepare_loads(stack, wanted.searches)
        print(
            f"booking: {wanted.rounds} rounds of {wanted.requests} requests over "
            f"{wanted.connections} connections, {os.cpu_count()} cores, telemetry "
            f"{'on' if wanted.telemetry else 'off'}\n"
        )
        bare_port = Ports.free().web
        bare = Supervisor(stack.data_dir / "logs", lambda _part, _state: None)
        try:
            bare.start(bare_program(bare_port, stack.environment))
            ratios = [_compare(stack, bare_port, load, wanted) for load in loads]
        finally:
            bare.stop_all(first="bare")
    print(f"\ngoal: ours / bare ≥ {GOAL}")
    return 0 if min(ratios) >= GOAL or not wanted.strict else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="dev.py bench booking", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--requests", type=int, default=1500, help="a round and endpoint")
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--searches", type=int, default=60, help="distinct periods per load")
    parser.add_argument("--telemetry", action="store_true", help="ours sends it to the stand-in")
    parser.add_argument("--strict", action="store_true", help="fail below the goal")
    return parser


def _compare(stack: Stack, bare_port: int, load: Load, wanted: argparse.Namespace) -> float:
    def rate(bodies: list[bytes], port: int, path: str) -> Callable[[int], Measured]:
        return lambda requests: measure(Plan(port, path, bodies, requests, wanted.connections))

    ours = rate(load.ours, stack.addresses.ports.web, "/api/rentals")
    bare = rate(load.bare, bare_port, "/bookings")
    for warm in (ours, bare):
        warm(WARM_UP)
    rounds = [(ours(wanted.requests), bare(wanted.requests)) for _ in range(wanted.rounds)]
    for number, (a, b) in enumerate(rounds, 1):
        print(
            f"  {load.name:<7} round {number}  ours {a.per_second:6.0f}/s  bare "
            f"{b.per_second:6.0f}/s  ratio {a.per_second / b.per_second:.2f}"
        )
    _report(load, rounds, _pgbench(stack, load, wanted))
    return median(a.per_second / b.per_second for a, b in rounds)


def _report(load: Load, rounds: list[tuple[Measured, Measured]], pgbench: float | None) -> None:
    ours, bare = ([pair[side] for pair in rounds] for side in (0, 1))
    middle = [median(m.per_second for m in measured) for measured in (ours, bare)]
    share = sum(m.cpu_seconds for m in ours + bare) / sum(m.seconds for m in ours + bare)
    ratio = median(a.per_second / b.per_second for a, b in rounds)
    print(f"  {load.name}: ours {middle[0]:.0f}/s, p99 {median(m.p99_ms for m in ours):.0f} ms")
    print(f"  {load.name}: bare {middle[1]:.0f}/s, p99 {median(m.p99_ms for m in bare):.0f} ms")
    print(f"  {load.name}: ours / bare = {ratio:.2f} (median of the rounds' ratios)")
    if pgbench:
        print(f"  {load.name}: pgbench {pgbench:.0f}/s, ours / pgbench = {middle[0] / pgbench:.2f}")
    print(f"  {load.name}: the generator took {share:.0%} of one core\n")


def _pgbench(stack: Stack, load: Load, wanted: argparse.Namespace) -> float | None:
    program = find_pgbench()
    if program is None:
        print("  pgbench: not on this machine (it comes with PostgreSQL); left out")
        return None
    url = stack.environment["DATABASE_URL_RENT"]
    bookings = wanted.requests * wanted.rounds
    return bookings_per_second(
        program, stack.database_url, url, load, clients=POOL, bookings=bookings
    )


def measure(plan: Plan) -> Measured:
    """One round, generated by a process of its own.

    Raises:
        RuntimeError: an answer was not 202.
    """
    done = subprocess.run(
        [sys.executable, "-m", "infra.local.load.generator"],
        input=plan.to_json(),
        capture_output=True,
        text=True,
        check=True,
        timeout=plan.longest_seconds + 10,
    )
    measured = Measured.from_json(done.stdout)
    if set(measured.statuses) - {plan.expected_status}:
        raise RuntimeError(f"{plan.path} answered {measured.statuses}")
    return measured
