"""``dev.py drill NAME``: runs ``infra/local/drills/NAME.py``."""

import argparse

from infra.local.commands.named import run_named


def run(arguments: argparse.Namespace) -> int:
    return run_named("drill", "infra.local.drills", arguments)
