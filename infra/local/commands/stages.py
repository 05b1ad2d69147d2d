"""Runs the stages of `check` and `test` one after the other and sums up at the end."""

import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from infra.local.install.python_packages import ROOT
from infra.local.install.steps import say


@dataclass(frozen=True)
class Stage:
    name: str
    command: list[str]
    remedy: str
    folder: Path = ROOT
    environment: dict[str, str] = field(default_factory=dict)
    # What failed runs once more by this command, alone: a test that waits for a browser or a
    # process beside others on a busy machine is told from one that is wrong. Both runs are shown.
    second_command: list[str] = field(default_factory=list)


def tool(module: str, *arguments: str) -> list[str]:
    return [sys.executable, "-m", module, *arguments]


def run_stages(stages: list[Stage]) -> bool:
    """Run all, also after a failure: one run tells everything. True if all passed."""
    failed = [stage for stage in stages if not _passes(stage)]
    for stage in failed:
        say(f"✗ {stage.name}\n  → {stage.remedy}")
    return not failed


def _passes(stage: Stage) -> bool:
    say(f"── {stage.name}")
    begun = time.monotonic()
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", **stage.environment}
    sys.stdout.flush()
    done = subprocess.run(stage.command, cwd=stage.folder, env=environment, check=False)
    if done.returncode and stage.second_command:
        say(f"! {stage.name}: once more, one after the other, only what failed")
        sys.stdout.flush()
        done = subprocess.run(stage.second_command, cwd=stage.folder, env=environment, check=False)
    mark = "✗" if done.returncode else "✓"
    say(f"{mark} {stage.name} ({time.monotonic() - begun:.1f} s)\n")
    return done.returncode == 0
