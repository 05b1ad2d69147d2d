"""The fleet at the console: cars, what keeps them from renters, and what they cost."""

import csv
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Locator, Page, expect

from infra.local.identity.tokens import fetch_token
from infra.local.stack.stack import Stack
from tests.e2e.records import Records
from tests.e2e.renter import Trip, Visit
from tests.e2e.test_every_page import AXE, PHONE, RUN_AXE, widest

EVERYWHERE, GUARULHOS_ONLY = "Otávio Lima", "Beatriz Nunes"
RARE_CLASS = "PVAR"  # one car in forty
PAGES = {
    "/operator/vehicles?branch=GRU": "Vehicles",
    "/operator/calendar?branch=GRU&days=3": "Calendar",
    "/operator/calendar?branch=GRU&days=1&form=text": "Calendar",
    "/operator/rates": "Rates",
    "/operator/rates/new": "New version of a rate card",
    "/operator/promo-codes": "Promo codes",
}


def ask(stack: Stack, path: str, **query: str) -> dict[str, Any]:
    """What the API says, to somebody who is not the page."""
    token = fetch_token(stack.addresses.issuer, roles=["operator"])
    answer = httpx.get(
        f"{stack.addresses.api}/operator{path}",
        params=query,
        headers={"Authorization": f"Bearer {token}"},
        timeout=30,
    )
    answer.raise_for_status()
    found: dict[str, Any] = answer.json()
    return found


def sign_in(page: Page, person: str, address: str) -> None:
    page.goto(address)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name=person).click()
    expect(page.locator(".console-page").get_by_role("heading", level=1)).to_be_visible()


def is_drawn(page: Page, heading: str) -> None:
    expect(page.get_by_role("heading", name=heading, level=1, exact=True)).to_be_visible()
    expect(page.get_by_text("Loading…")).to_have_count(0)


def open_dialog(page: Page, action: str) -> Locator:
    """By the keyboard, which is in the dialog from then on."""
    page.get_by_role("button", name=action, exact=True).press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.locator(":focus")).to_be_visible()
    return dialog


def is_usable(page: Page) -> None:
    page.evaluate(AXE.read_text(encoding="utf-8"))
    assert page.evaluate(RUN_AXE) == []


def short_hours(stack: Stack, trip: Trip) -> int:
    days = {"from": f"{trip.from_day}T00:00:00-03:00", "to": f"{trip.to_day}T23:00:00-03:00"}
    calendar = ask(stack, "/calendar", branch=trip.branch, **days)
    [rare] = [each for each in calendar["classes"] if each["class"] == RARE_CLASS]
    return sum(rare["short"])


def test_a_car_that_is_sold_goes_to_the_workshop_only_when_it_is_said_so(
    visit: Visit, stack: Stack, records: Records, trip: Trip
) -> None:
    reference = records.book(trip, RARE_CLASS)["reference"]
    records.sell_out(trip, RARE_CLASS)
    renter = visit()
    renter.excuse("status of 409")  # by the conflict that is asked about
    page = renter.page
    sign_in(page, EVERYWHERE, f"/operator/vehicles?branch={trip.branch}")
    page.get_by_label("Class").select_option(RARE_CLASS)
    link = page.get_by_role("rowheader").get_by_role("link").first
    expect(page.get_by_role("row").nth(1)).to_contain_text(f"({RARE_CLASS})")
    plate = link.inner_text()
    link.press("Enter")
    expect(page.get_by_role("heading", name=f"Car {plate}", level=1)).to_be_focused()

    dialog = open_dialog(page, "Plan maintenance")
    submit = dialog.get_by_role("button", name="Plan", exact=True)
    submit.press("Enter")
    expect(dialog.get_by_label("Ends")).to_be_focused()  # the first that is missing
    dialog.get_by_label("Begins").fill(f"{trip.from_day}T08:00")
    dialog.get_by_label("Ends").fill(f"{trip.to_day}T08:00")
    dialog.get_by_label("Reason").fill("brakes")
    submit.press("Enter")
    expect(dialog.get_by_role("heading", level=3)).to_be_focused()
    expect(dialog.get_by_role("link", name=reference)).to_be_visible()
    is_usable(page)
    assert short_hours(stack, trip) == 0
    dialog.get_by_role("checkbox").press("Space")
    dialog.get_by_role("button", name="Go ahead anyway").press("Enter")
    expect(dialog).to_have_count(0)
    expect(page.get_by_text("Planned. A car is short for")).to_be_focused()
    [car] = ask(stack, "/vehicles", q=plate)["vehicles"]
    assert [each["reason"] for each in car["maintenance"]] == ["brakes"]
    assert short_hours(stack, trip) > 0

    open_dialog(page, "Call off").get_by_role("button", name="Call off").press("Enter")
    expect(page.get_by_text("Done: the car is free again.")).to_be_focused()
    assert ask(stack, "/vehicles", q=plate)["vehicles"][0]["maintenance"] == []
    assert short_hours(stack, trip) == 0


def test_a_rate_card_is_published_only_after_its_faults_and_changes_are_shown(
    visit: Visit, stack: Stack, tmp_path: Path
) -> None:
    renter = visit()
    renter.excuse("status of 422")  # by the faulty file
    page = renter.page
    sign_in(page, EVERYWHERE, "/operator/rates?group=br-city")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download CSV").press("Enter")
    text = Path(download.value.path()).read_text(encoding="utf-8")
    page.get_by_role("link", name="New version").press("Enter")
    is_drawn(page, "New version of a rate card")
    check = page.get_by_role("button", name="See what changes")

    page.get_by_label("CSV file").set_input_files(write(tmp_path, text, "nothing"))
    check.press("Enter")
    expect(page.get_by_role("heading", name="1 fault in the file")).to_be_focused()
    expect(page.get_by_role("row").nth(1)).to_contain_text("unit_minor")

    # Far ahead, so that no other test's price is another's.
    year = datetime.now(UTC) + timedelta(days=400)
    page.get_by_label("CSV file").set_input_files(write(tmp_path, text, "12345"))
    page.get_by_label("In force from").fill(f"{year:%Y-%m-%d}T00:00")
    check.press("Enter")
    expect(page.get_by_role("heading", name="1 line changes")).to_be_focused()
    expect(page.get_by_role("row").nth(1)).to_contain_text("R$123.45")
    is_usable(page)
    open_dialog(page, "Publish").get_by_role("button", name="Publish").press("Enter")
    expect(page.get_by_text("Published", exact=True)).to_be_visible()
    at = f"{year + timedelta(days=1):%Y-%m-%d}T12:00:00Z"
    [card] = ask(stack, "/rates", branch_group="br-city", at=at)["cards"]
    assert card["effective_at"].startswith(f"{year:%Y-%m-%d}T03:00")
    [seat] = [line for line in card["lines"] if line.get("code") == "GPS"]
    assert seat["unit_minor"] == 12_345


def write(folder: Path, card: str, gps: str) -> Path:
    """The card with another price of the GPS."""
    rows = list(csv.DictReader(io.StringIO(card)))
    file = folder / f"card-{gps}.csv"
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        for row in rows:
            writer.writerow(row | ({"unit_minor": gps} if row["code"] == "GPS" else {}))
    return file


def test_pages_of_the_fleet_are_for_everybody_and_for_whom_they_are(visit: Visit) -> None:
    page = visit(viewport=PHONE, color_scheme="dark").page
    sign_in(page, EVERYWHERE, "/operator/vehicles")
    for address, heading in PAGES.items():
        page.goto(address)
        is_drawn(page, heading)
        page.evaluate("document.querySelectorAll('details').forEach((each) => each.open = true)")
        is_usable(page)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= PHONE["width"], f"{address} scrolls sideways: {wide} px, by {widest(page)}"
    theirs = visit()
    theirs.excuse("status of 403")
    sign_in(theirs.page, GUARULHOS_ONLY, "/operator/rates")
    expect(theirs.page.get_by_text("No access")).to_be_visible()
    menu = theirs.page.get_by_role("navigation", name="Areas of operations")
    expect(menu.get_by_role("link", name="Calendar")).to_be_visible()
    expect(menu.get_by_role("link", name="Rates")).to_have_count(0)
