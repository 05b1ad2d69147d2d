"""What concerns the whole company: turned, decided and counted through the console's pages."""

import json
import re
import time
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import httpx
import psycopg
import pytest
from playwright.sync_api import Browser, Page, expect

from infra.local.stack.stack import Stack
from tests.e2e.records import Records
from tests.e2e.renter import Trip
from tests.e2e.test_every_page import AXE, PHONE, RUN_AXE

COMPANYS = ("features", "poison-messages", "reconciliation")
EVERYONES = ("audit", "reports/utilisation", "reports/manifest")
PATIENCE_SECONDS = 30
SignedIn = Callable[..., Page]


@pytest.fixture
def signed_in(browser: Browser, stack: Stack) -> Iterator[SignedIn]:
    """An operator's page; whatever it complains of fails the test, but for what is excused."""
    complaints: list[str] = []

    def come(person: str, excused: str = "nothing", **options: Any) -> Page:
        context = browser.new_context(base_url=stack.addresses.web, locale="en-GB", **options)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda message: (
                complaints.append(message.text)
                if message.type == "error" and excused not in message.text
                else None
            ),
        )
        page.goto("/operator/audit")
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("button", name=person).click()
        expect(page.get_by_role("heading", level=1, name="Audit")).to_be_visible()
        return page

    yield come
    for context in browser.contexts:
        context.close()
    assert complaints == []


def token_of(page: Page) -> str:
    """The one that the page itself uses."""
    stored = page.evaluate("Object.values(sessionStorage).find((each) => each.includes('access_'))")
    token: str = json.loads(stored)["access_token"]
    return token


def ask(stack: Stack, page: Page, path: str) -> Any:
    """Judged by the API and not by what the page shows."""
    headers = {"Authorization": f"Bearer {token_of(page)}"}
    answer = httpx.get(f"{stack.addresses.api}/operator/{path}", headers=headers, timeout=30)
    answer.raise_for_status()
    return answer.json()


def bury(stack: Stack, rental_id: str) -> str:
    """An e-mail's request that nobody could handle."""
    body = json.dumps(
        {
            "type": "email_requested.v1",
            "message_id": str(uuid4()),
            "occurred_at": "2026-01-01T00:00:00Z",
            "rental_id": rental_id,
            "template": "rental_confirmed",
        }
    )
    statement = (
        "INSERT INTO email.dead_letter (queue, queue_message_id, body)"
        " VALUES ('email-requests', %s, %s) RETURNING dead_letter_id"
    )
    with psycopg.connect(stack.database_url) as connection:
        row = connection.execute(statement, [str(uuid4()), body]).fetchone()
    assert row is not None
    return str(row[0])


def wait_for_row(stack: Stack, page: Page, report: str) -> Any:
    """A rental counts from its confirmation on, a moment after the booking."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not (found := ask(stack, page, report)["rows"]):
        assert time.monotonic() < deadline, "the rental was not confirmed"
        time.sleep(0.2)
    (row,) = found
    return row


def test_operator_turns_a_feature_and_decides_on_a_dead_letter(
    signed_in: SignedIn, stack: Stack
) -> None:
    letter = bury(stack, str(uuid4()))
    page = signed_in("Otávio Lima")
    dialog = page.get_by_role("dialog")

    page.get_by_role("link", name="Features").click()
    page.get_by_role("button", name="Turn off: New bookings").press("Enter")
    dialog.get_by_role("button", name="Turn off").click()
    expect(dialog.get_by_role("checkbox")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Turn off: New bookings")).to_be_focused()

    page.get_by_role("button", name="Turn on: Card instalments").press("Enter")
    dialog.get_by_role("button", name="Turn on").click()
    expect(page.get_by_role("button", name="Turn off: Card instalments")).to_be_visible()
    expect(page.get_by_text("In effect on every server.")).to_be_visible()
    states = {each["name"]: each["enabled"] for each in ask(stack, page, "features")["features"]}
    assert (states["bookings"], states["instalments"]) == (True, True)
    page.get_by_role("button", name="Turn off: Card instalments").press("Enter")
    dialog.get_by_role("button", name="Turn off").click()
    expect(page.get_by_role("button", name="Turn on: Card instalments")).to_be_visible()

    page.get_by_role("link", name="Dead letters").click()
    page.get_by_role("button", name="Discard").first.press("Enter")
    dialog.get_by_role("button", name="Discard").click()
    expect(dialog.get_by_label("Reason")).to_be_focused()
    page.keyboard.type("sent by hand")
    page.keyboard.press("Enter")
    expect(page.get_by_text("The message was discarded.")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    resolved = ask(stack, page, "poison-messages?resolved=true")["messages"]
    assert {each["id"]: each["resolution"] for each in resolved}[letter] == "discarded"

    page.get_by_role("link", name="Audit").click()
    row = page.get_by_role("row").filter(has_text="Discarded a message")
    expect(row).to_contain_text("sent by hand")
    page.get_by_role("link", name="Reconciliation").click()
    expect(page.get_by_text(re.compile("Everything agrees|disagreements?$"))).to_be_visible()
    checks = ask(stack, page, "reconciliation")["checks"]
    expect(page.get_by_role("article")).to_have_count(len(checks))


def test_report_shows_and_downloads_what_was_rented(
    signed_in: SignedIn, stack: Stack, records: Records, trip: Trip
) -> None:
    records.book(trip, "ECMR")
    page = signed_in("Beatriz Nunes")
    report = f"reports/revenue?from={trip.from_day}&to={trip.to_day}&branch=GRU"
    row = wait_for_row(stack, page, report)
    page.goto(f"/operator/{report}")
    total = page.locator(".figures div").filter(has_text="Total")
    expect(total).to_be_visible()
    assert re.sub(r"\D", "", total.inner_text()) == str(row["total"]["amount"])
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").click()
    assert download.value.suggested_filename.startswith("revenue-GRU-")
    header, line = download.value.path().read_text(encoding="utf-8").splitlines()
    assert header.startswith("date,branch,class")
    assert line.startswith(f"{trip.from_day},GRU,ECMR,1,")
    page.get_by_label("To", exact=True).fill("2020-01-01")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_label("To", exact=True)).to_be_focused()
    expect(page.get_by_text("The last day comes before the first.")).to_be_visible()


def test_pages_are_accessible_and_closed_to_operators_of_some_branches(
    signed_in: SignedIn, stack: Stack
) -> None:
    bury(stack, str(uuid4()))
    everywhere = signed_in("Otávio Lima", viewport=PHONE, color_scheme="dark")
    for path in (*COMPANYS, *EVERYONES):
        everywhere.goto(f"/operator/{path}")
        is_accessible_and_fits(everywhere)
    of_one = signed_in("Beatriz Nunes", excused="status of 403")
    for path in COMPANYS:
        assert of_one.locator(f'nav a[href="/operator/{path}"]').count() == 0
        of_one.goto(f"/operator/{path}")
        expect(of_one.get_by_text("No access")).to_be_visible()


def is_accessible_and_fits(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_text("Loading…")).to_have_count(0)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    assert page.evaluate(RUN_AXE) == [], page.url
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], page.url
