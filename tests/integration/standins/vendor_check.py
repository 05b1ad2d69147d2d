"""Holds recorded exchanges against the vendors' specs, where a checker for them is at hand.

``VENDOR_SPECS_CHECK`` names the checker's script. Without it a test still counts what was recorded;
CI holds every recording of the whole run against the specs afterwards.
"""

import contextlib
import importlib
import io
import os
import sys
from functools import cache
from pathlib import Path
from typing import Any


@cache
def load_checker() -> Any:
    """The checker as a module: reading the specs anew for each test would take too long."""
    script = os.environ.get("VENDOR_SPECS_CHECK")
    if script is None:
        return None
    writes_bytecode, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    sys.path.insert(0, str(Path(script).parent))
    try:
        return importlib.import_module(Path(script).stem)
    finally:
        sys.path.remove(str(Path(script).parent))
        sys.dont_write_bytecode = writes_bytecode


def assert_true_to_vendor(recording: Path, *, exchanges: int, only: str = "") -> None:
    """There are at least as many exchanges as the test made, and all are true to the vendor.

    ``only="response"`` is for tests that send what a vendor refuses.
    """
    lines = recording.read_text("utf-8").split("\n")
    recorded = sum(bool(line) for line in lines)
    assert recorded >= exchanges, f"only {recorded} exchanges were recorded"
    checker = load_checker()
    if checker is None:
        return
    faults = io.StringIO()
    with contextlib.redirect_stdout(faults):
        _, failed = checker.run(lines, recording.name, only, None)
    assert failed == 0, faults.getvalue()
