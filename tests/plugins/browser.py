"""One real browser for each test file that drives pages; without one, the remedy is named.

``CHROMIUM_PATH``, then a Chromium or Chrome on PATH, then what `playwright install` brought.
"""

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_REMEDY = (
    "no browser to drive: install Chromium or Chrome, name one in CHROMIUM_PATH, "
    "or run: python -m playwright install chromium"
)
# Quiet: what a browser does for itself would disturb timings and reach for the network.
_ARGUMENTS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def find_chromium(playwright: Playwright) -> str | None:
    """The program to start, or None where there is none.

    Raises:
        FileNotFoundError: ``CHROMIUM_PATH`` names no file.
    """
    named = os.environ.get("CHROMIUM_PATH")
    if named:
        if not Path(named).is_file():
            raise FileNotFoundError(f"CHROMIUM_PATH names no file: {named}")
        return named
    on_path = next(filter(None, map(shutil.which, _NAMES)), None)
    downloaded = playwright.chromium.executable_path
    return on_path or (downloaded if Path(downloaded).is_file() else None)


def browser_arguments() -> list[str]:
    """Chromium's sandbox refuses to run as root, as in most CI containers; others keep it."""
    as_root = sys.platform != "win32" and os.geteuid() == 0
    return [*_ARGUMENTS, *(["--no-sandbox"] if as_root else [])]


@pytest.fixture(scope="module")  # its event loop must end before another file's async tests
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        program = find_chromium(playwright)
        if program is None and os.environ.get("CI") == "true":
            pytest.fail(_REMEDY)
        if program is None:
            pytest.skip(_REMEDY)
        launched = playwright.chromium.launch(executable_path=program, args=browser_arguments())
        yield launched
        launched.close()
