"""Holds recorded exchanges against the vendors' specs, with the checker kept beside the project."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[3]


def find_checker() -> Path | None:
    """``shared/vendor_specs/check.py`` beside the repository, or above it."""
    places = (parent / "shared" / "vendor_specs" / "check.py" for parent in REPOSITORY.parents)
    return next((place for place in places if place.exists()), None)


def assert_true_to_vendor(recording: Path, *, exchanges: int, only: str = "") -> None:
    """Every exchange of the file passes, and there are at least as many as the test made.

    ``only="response"`` is for tests that send what a vendor refuses.
    """
    checker = find_checker()
    if checker is None:
        message = "shared/vendor_specs/check.py is not beside the project: exchanges not checked"
        pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)
    command = [sys.executable, str(checker), str(recording), *(["--only", only] if only else [])]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)  # noqa: S603 - our own interpreter and checker
    assert done.returncode == 0, done.stdout + done.stderr
    passed = int(done.stdout.splitlines()[-1].split()[0])
    assert passed >= exchanges, done.stdout
