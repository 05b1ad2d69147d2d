"""``dev.py test``: `check`, the web pages' checks, then every other test, on parts of its own."""

import argparse
import json
import os
import shutil

from infra.local.commands.check import UNIT_TESTS, check_stages
from infra.local.commands.stages import Stage, run_stages, tool
from infra.local.install.node import find_node
from infra.local.install.node_packages import WEB
from infra.local.install.python_packages import ROOT
from infra.local.stack.stack import RECORDINGS_VARIABLE

RECORDINGS = ROOT / ".local" / "recordings"
# Stacks are started by several tests at once; more workers than cores only make them wait.
_WORKERS = str(max(2, min(4, os.cpu_count() or 2)))


def run(arguments: argparse.Namespace) -> int:
    if arguments.pytest:
        stages = [Stage("tests", tool("pytest", *arguments.pytest), "mend the tests named above")]
        return 0 if run_stages(stages) else 1
    shutil.rmtree(RECORDINGS, ignore_errors=True)
    RECORDINGS.mkdir(parents=True)
    stages = [] if arguments.no_check else check_stages()
    return 0 if run_stages([*stages, *_web_stages(), _tests()]) else 1


def _web_stages() -> list[Stage]:
    node = find_node()
    if node is None:
        raise RuntimeError("Node.js was installed before this command; it cannot be missing now")
    scripts = json.loads((WEB / "package.json").read_text(encoding="utf-8"))["scripts"]
    return [
        Stage(
            f"web: npm run {script}",
            [*node.npm_command, "run", "--silent", script],
            "mend what is named above, in web/",
            WEB,
            node.environment,
        )
        for script in ("check", "test")
        if script in scripts
    ]


def _tests() -> Stage:
    """All but the unit tests, a file to a worker: fixtures of a module start parts only once."""
    others = f"--ignore={UNIT_TESTS}"
    command = tool("pytest", "-n", _WORKERS, "--dist", "loadfile", others)
    return Stage(
        "tests on real parts",
        command,
        "mend the tests named above",
        environment={RECORDINGS_VARIABLE: str(RECORDINGS)},
        second_command=tool("pytest", "--last-failed", "--last-failed-no-failures=none", others),
    )
