"""Old and new code serve at once on the new schema, as in the middle of a deployment.

The old code is a commit's (``--old``), started from a copy of its tree with the settings of the
running system. Both answer renters and both take messages from the queues; then the old one is
killed, as the platform does when the deployment is done.
"""

import argparse
import asyncio
import secrets
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from random import Random

from infra.local.drills.aftermath import judge_storm, settle
from infra.local.drills.crowd import Crowd, rent
from infra.local.drills.judge import Judge
from infra.local.load.renters import Renters
from infra.local.stack.parts import ROOT
from infra.local.stack.stack import Stack


def run(options: Sequence[str]) -> int:
    wanted = _parser().parse_args(options)
    master_key = secrets.token_urlsafe(24)
    environment = {
        "HOLD_CARD_SECONDS": str(wanted.hold_seconds),
        "FUNCTIONS_MASTER_KEY": master_key,
    }
    with (
        _tree_of(wanted.old) as old_tree,
        Stack(environment=environment, queue_lease_seconds=wanted.queue_lease_seconds) as stack,
    ):
        print(f"rolling: {wanted.renters} renters to the old code and as many to the new")
        crowd = Crowd()
        old_api = stack.start_beside("functions-old", old_tree)
        asyncio.run(_rent_from_both(stack.addresses.api, old_api, crowd, wanted))
        stack.kill("functions-old")
        with Judge(stack.database_url) as judge:
            settled = settle(stack, judge, master_key, wanted.settle_seconds)
            title = f"rolling: {wanted.old} beside the new code, on the new schema"
            return judge_storm(title, stack, judge, crowd, settled, deaths=1)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="dev.py drill rolling", description=__doc__)
    parser.add_argument("--old", default="HEAD~1", help="the commit whose code is the old one")
    parser.add_argument("--renters", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--hold-seconds", type=int, default=60, help="how long a car is held")
    parser.add_argument("--queue-lease-seconds", type=float, default=30)
    parser.add_argument("--settle-seconds", type=float, default=240, help="wait at most this long")
    return parser


@contextmanager
def _tree_of(commit: str) -> Iterator[Path]:
    """The files of a commit, without a work tree of git's."""
    folder = Path(tempfile.mkdtemp(prefix="rentacar-old-"))
    git = shutil.which("git") or "git"
    command = [git, "archive", "--format=tar", commit]
    packed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout
    with tarfile.open(fileobj=BytesIO(packed)) as tree:
        tree.extractall(folder, filter="data")
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def _rent_from_both(
    new_api: str, old_api: str, crowd: Crowd, wanted: argparse.Namespace
) -> None:
    seconds = wanted.renters * 0.4
    draws = [Random(seed) for seed in (wanted.seed, wanted.seed + 1)]  # noqa: S311 -- repeatable, no secrets
    async with Renters(new_api) as new, Renters(old_api) as old:
        branches = await new.airports()
        await asyncio.gather(
            *(
                rent(client, branches, crowd, wanted.renters, draw, seconds)
                for client, draw in zip((new, old), draws, strict=True)
            )
        )
