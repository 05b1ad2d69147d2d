"""``dev.py check``: what is quick and needs no running part; `test` begins with it."""

import argparse
import sys
from pathlib import Path

from infra.local.commands.stages import Stage, run_stages, tool

UNIT_TESTS = "tests/unit"


def run(arguments: argparse.Namespace) -> int:
    return 0 if run_stages(check_stages(fix=arguments.fix)) else 1


def check_stages(*, fix: bool = False) -> list[Stage]:
    mending = [
        Stage("ruff mends", tool("ruff", "check", "--fix", "--quiet", "."), "see above"),
        Stage("ruff formats", tool("ruff", "format", "--quiet", "."), "see above"),
    ]
    return [
        *(mending if fix else []),
        Stage("format", tool("ruff", "format", "--check", "."), "python3 dev.py check --fix"),
        Stage("lint", tool("ruff", "check", "."), "python3 dev.py check --fix, or mend by hand"),
        Stage("types", tool("mypy"), "mend the types named above"),
        Stage(
            "import rules",
            [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
            "imports go one way: docs/architecture.md",
        ),
        Stage("unit tests", tool("pytest", "-q", UNIT_TESTS), "mend the tests named above"),
    ]
