"""Rentals are destroyed by mistake, and PostgreSQL is restored to the moment before.

Real continuous archiving: a base backup, archived WAL, recovery to a point in time. What was
booked after that point is gone from the database and not from the vendor: reconciliation reads the
vendor's list and shows it, until it was refunded.
"""

import argparse
import asyncio
import os
import secrets
import shutil
import subprocess
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import psycopg

from infra.local.drills.crowd import Crowd, rent
from infra.local.drills.evidence import read_ledger
from infra.local.drills.judge import Judge
from infra.local.drills.settling import run_timers, unsettled
from infra.local.drills.verdict import Verdict
from infra.local.load.renters import Renters
from infra.local.stack import postgres
from infra.local.stack.stack import Stack
from payment_process.stripe_gateway import StripeGateway, close_stripe
from payment_process.unmatched import service as unmatched
from shared.database import close_pools
from shared.secrets import close_secrets
from shared.settings import get_settings

PATIENCE_SECONDS = 120.0
POLL_SECONDS = 0.5
# The mistake: an UPDATE whose WHERE was forgotten, and its cascade.
DISASTER = (
    "TRUNCATE rent.rental CASCADE",
    "UPDATE rent.class_calendar SET short = array_fill(0, ARRAY[384])",
)
Snapshot = list[tuple[Any, ...]]


def run(options: Sequence[str]) -> int:
    wanted = _parser().parse_args(options)
    master_key = secrets.token_urlsafe(24)
    with Stack(environment={"FUNCTIONS_MASTER_KEY": master_key}) as stack:
        archive = _start_archiving(stack)
        draw = Random(wanted.seed)  # noqa: S311 -- repeatable, no secrets
        _rent(stack, master_key, draw, wanted.rentals)
        backup = _back_up(stack)
        _rent(stack, master_key, draw, wanted.rentals)
        before = _rentals(stack)
        moment = _ask(stack, "SELECT clock_timestamp()")
        time.sleep(1)
        _run_sql(stack, *DISASTER)
        lost = _rent(stack, master_key, draw, wanted.lost)
        _run_sql(stack, "SELECT pg_switch_wal()")
        _wait_until_archived(stack)
        stack.kill("functions")
        seconds = _restore(stack, backup, archive, moment)
        stack.restart("functions")
        _settle(stack, master_key)
        return _judge(stack, before, lost, seconds)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="dev.py drill restore", description=__doc__)
    parser.add_argument("--rentals", type=int, default=15, help="before and after the backup each")
    parser.add_argument("--lost", type=int, default=5, help="booked after the mistake")
    parser.add_argument("--seed", type=int, default=1)
    return parser


def _start_archiving(stack: Stack) -> Path:
    """Every finished WAL file is copied away, as a managed server does."""
    archive = _data_folder(stack).with_name("archive")
    archive.mkdir()
    _hand_over(archive)
    _run_sql(
        stack,
        "ALTER SYSTEM SET archive_mode = on",
        f"ALTER SYSTEM SET archive_command = '{_copy('%p', archive / '%f')}'",
    )
    stack.kill("functions")
    stack.restart("postgres")
    stack.restart("functions")
    return archive


def _copy(source: object, target: object) -> str:
    command = "copy" if os.name == "nt" else "cp"
    return f'{command} "{source}" "{target}"'


def _back_up(stack: Stack) -> Path:
    """A base backup through the replication protocol, while the system runs."""
    backup = _data_folder(stack).with_name("backup")
    backup.mkdir(mode=0o700)
    _hand_over(backup)
    account = postgres.unprivileged_account()
    as_account: dict[str, Any] = {}
    if account is not None:
        as_account = {"user": account[0], "group": account[1], "extra_groups": []}
    program = postgres.binaries().path("pg_basebackup")
    command = [program, "-h", "127.0.0.1", "-p", str(stack.ports.postgres)]
    command += ["-U", postgres.SUPERUSER, "-D", str(backup), "-X", "none", "-c", "fast"]
    subprocess.run(command, check=True, capture_output=True, cwd=backup, **as_account)
    return backup


def _restore(stack: Stack, backup: Path, archive: Path, moment: object) -> float:
    """The backup in the damaged cluster's place, then WAL up to ``moment``; the seconds it took."""
    data = _data_folder(stack)
    stack.kill("postgres")
    started = time.monotonic()
    data.rename(data.with_name("damaged"))
    shutil.move(backup, data)
    with (data / "postgresql.auto.conf").open("a", encoding="utf-8") as settings:
        settings.write(f"restore_command = '{_copy(archive / '%f', '%p')}'\n")
        settings.write(f"recovery_target_time = '{moment}'\n")
        settings.write("recovery_target_action = 'promote'\n")
    signal = data / "recovery.signal"
    signal.touch()
    _hand_over(signal)
    stack.restart("postgres")
    while _ask(stack, "SELECT pg_is_in_recovery()"):
        time.sleep(POLL_SECONDS)
    return time.monotonic() - started


def _judge(stack: Stack, before: Snapshot, lost: Crowd, seconds: float) -> int:
    verdict = Verdict("restore: after a mistake, back to the moment before it")
    after = _rentals(stack)
    known = {row[0] for row in after}
    paid = {
        rental: money.captured - money.refunded
        for rental, money in read_ledger(stack).items()
        if rental not in known and money.captured > money.refunded
    }
    with Judge(stack.database_url) as judge:
        verdict.note("rentals before the mistake", len(before))
        verdict.note("seconds until the database took writes again", f"{seconds:.1f}")
        verdict.require("rentals that are as they were", len({*before} & {*after}), len(before))
        verdict.require("rentals that nobody booked", len({*after} - {*before}), 0)
        verdict.require(
            "hours in which calendar and rentals differ", judge.ask("calendar_disagrees"), 0
        )
        verdict.require("hours oversold", judge.ask("oversold"), 0)
        verdict.require("messages lost in outboxes", judge.ask("waiting_messages"), 0)
        verdict.note("booked after the mistake, gone with the restore", len(lost.accepted))
        verdict.note("of these, paid at the vendor and to be refunded", len(paid))
        found = asyncio.run(_find_unmatched(stack))
        same = sum(found.get(rental) == held for rental, held in paid.items())
        verdict.require("of these, found to the cent by reconciliation", same, len(paid))
        verdict.require("found by it, and not in the vendor's ledger", len({*found} - {*paid}), 0)
    return verdict.close()


async def _find_unmatched(stack: Stack) -> dict[str, int]:
    """Money kept by rental, as the product's timer finds it when its grace is over."""
    os.environ.update(stack.environment | {"TELEMETRY_BACKEND": "none"})  # runs in this process
    get_settings.cache_clear()
    later = datetime.now(UTC) + unmatched.GRACE + timedelta(seconds=1)
    try:
        await unmatched.look_around(StripeGateway(), later)
    finally:
        await asyncio.gather(close_pools(), close_secrets(), close_stripe())
    with psycopg.connect(stack.database_url) as connection:
        query = (
            "SELECT rental_id::text, sum(held_minor)::bigint FROM payment.unmatched_view GROUP BY 1"
        )
        return {str(rental): held for rental, held in connection.execute(query)}


def _rent(stack: Stack, master_key: str, draw: Random, rentals: int) -> Crowd:
    """Renters come, and everything that follows comes to its end."""
    crowd = Crowd()

    async def come() -> None:
        async with Renters(stack.addresses.api) as client:
            await rent(client, await client.airports(), crowd, rentals, draw, rentals * 0.2)

    asyncio.run(come())
    _settle(stack, master_key)
    return crowd


def _settle(stack: Stack, master_key: str) -> None:
    """Until no message is on its way; renters who were declined may keep their rentals waiting."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    with Judge(stack.database_url) as judge:
        while time.monotonic() < deadline:
            run_timers(stack, master_key)
            open_ends = unsettled(stack, judge)
            if not any(count for what, count in open_ends.items() if "rentals" not in what):
                return
            time.sleep(POLL_SECONDS)
    raise TimeoutError(f"still on its way: {open_ends}")


def _wait_until_archived(stack: Stack) -> None:
    wanted = (
        "SELECT last_archived_wal >= pg_walfile_name(pg_switch_wal() - 1) FROM pg_stat_archiver"
    )
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not _ask(stack, wanted):
        if time.monotonic() > deadline:
            raise TimeoutError("the WAL is not archived")
        time.sleep(POLL_SECONDS)


def _rentals(stack: Stack) -> Snapshot:
    query = "SELECT rental_id::text, reference, status, total_minor FROM rent.rental ORDER BY 1"
    with psycopg.connect(stack.database_url) as connection:
        return connection.execute(query).fetchall()


def _ask(stack: Stack, query: str) -> Any:
    with psycopg.connect(stack.database_url, autocommit=True) as connection:
        row = connection.execute(query.encode()).fetchone()
    return None if row is None else row[0]


def _run_sql(stack: Stack, *statements: str) -> None:
    with psycopg.connect(stack.database_url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def _data_folder(stack: Stack) -> Path:
    return Path(_ask(stack, "SHOW data_directory"))


def _hand_over(path: Path) -> None:
    """To the account that the server runs under."""
    account = postgres.unprivileged_account()
    if account is not None:
        os.chown(path, *account)
