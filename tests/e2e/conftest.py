"""One whole stack for this folder, the built pages on it, and renters with browsers."""

import re
import time
from collections.abc import Generator, Iterator
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from infra.local.install.node import find_node
from infra.local.install.node_packages import ROOT, WEB_DIST, ensure_web_pages, node_is_missing
from infra.local.locks import FolderLock
from infra.local.stack.stack import Stack
from tests.e2e.records import Records
from tests.e2e.renter import Renter, Trip, Visit, next_trip
from tests.e2e.words import LANGUAGES

SCREENSHOTS = ROOT / ".local" / "screenshots"
FAILED = pytest.StashKey[bool]()
# Two cores may run other stacks and tests meanwhile; what is there already is seen at once.
expect.set_options(timeout=20_000)


@pytest.fixture(scope="session")
def web_pages() -> None:
    """Built, and up to date with the sources; `dev.py test` has done so before."""
    node = find_node()
    if node is None:
        raise node_is_missing()
    lock = FolderLock(ROOT / ".local" / "pages.lock")
    while not lock.try_acquire():
        time.sleep(0.2)
    try:
        ensure_web_pages(node)
    finally:
        lock.release()


@pytest.fixture(scope="package")
def stack(web_pages: None) -> Iterator[Stack]:
    with Stack(web=WEB_DIST) as whole:
        yield whole


@pytest.fixture
def records(stack: Stack) -> Records:
    return Records(stack)


@pytest.fixture
def trip() -> Trip:
    return next_trip()


@pytest.fixture
def visit(browser: Browser, stack: Stack, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """Call for a renter with a browser of their own; at the end no page may have complained."""
    renters: list[Renter] = []
    contexts: list[BrowserContext] = []

    def come(locale: str = "en-GB", **options: Any) -> Renter:
        context = browser.new_context(base_url=stack.addresses.web, locale=locale, **options)
        contexts.append(context)
        email = f"renter-{uuid4().hex[:10]}@example.com"
        renters.append(Renter(context.new_page(), LANGUAGES[locale], email))
        return renters[-1]

    yield come
    if request.node.stash.get(FAILED, False):
        _keep_pictures(request.node.name, renters)
    for context in contexts:
        context.close()
    complaints = [c for renter in renters for c in renter.unexcused_complaints()]
    assert not complaints, "\n".join(complaints)


@pytest.fixture
def renter(visit: Visit) -> Renter:
    return visit()


def _keep_pictures(test: str, renters: list[Renter]) -> None:
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    for number, renter in enumerate(renters):
        name = f"{re.sub(r'[^a-z0-9]+', '-', test.lower())}-{number}.png"
        renter.page.screenshot(path=SCREENSHOTS / name, full_page=True)
        print(f"{renter.page.url}: see {SCREENSHOTS / name}")  # noqa: T201 -- beside the failure


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report
