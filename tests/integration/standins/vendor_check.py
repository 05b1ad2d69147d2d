"""Holds recorded exchanges against the vendors' specs, with the checker kept beside the project."""

import contextlib
import importlib
import io
import os
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

REPOSITORY = Path(__file__).parents[3]


@cache
def load_checker() -> Any:
    """``shared/vendor_specs/check.py`` beside the repository, or above it; None without it.

    Loaded into this process, because reading the specs anew for each test would take longer than
    the tests themselves.
    """
    places = (parent / "shared" / "vendor_specs" for parent in REPOSITORY.parents)
    folder = next((place for place in places if (place / "check.py").exists()), None)
    if folder is None:
        return None
    writes_bytecode, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    sys.path.insert(0, str(folder))
    try:
        return importlib.import_module("check")
    finally:
        sys.path.remove(str(folder))
        sys.dont_write_bytecode = writes_bytecode


def assert_true_to_vendor(recording: Path, *, exchanges: int, only: str = "") -> None:
    """Every exchange of the file passes, and there are at least as many as the test made.

    ``only="response"`` is for tests that send what a vendor refuses.
    """
    checker = load_checker()
    if checker is None:
        message = "shared/vendor_specs/check.py is not beside the project: exchanges not checked"
        pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)
    lines = recording.read_text("utf-8").split("\n")
    faults = io.StringIO()
    with contextlib.redirect_stdout(faults):
        passed, failed = checker.run(lines, recording.name, only, None)
    assert failed == 0, faults.getvalue()
    assert passed >= exchanges, f"only {passed} exchanges were recorded"
