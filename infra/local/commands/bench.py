"""``dev.py bench NAME``: runs ``infra/local/bench/NAME.py``."""

import argparse

from infra.local.commands.named import run_named


def run(arguments: argparse.Namespace) -> int:
    return run_named("bench", "infra.local.bench", arguments)
