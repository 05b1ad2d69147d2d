"""The counter's day through the console: a car leaves and comes back, for all and for the right."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from infra.local.identity.tokens import fetch_token
from infra.local.stack.stack import Stack
from tests.e2e.records import Records
from tests.e2e.renter import Trip, Visit
from tests.e2e.test_every_page import AXE, DARK, LUMINANCE, PHONE, RUN_AXE, widest
from tests.e2e.test_keyboard_and_language import go_to

EVERYWHERE, GUARULHOS_ONLY = "Otávio Lima", "Beatriz Nunes"
DENT_MINOR = 123_450


@pytest.fixture
def tomorrow() -> Trip:
    """A car that leaves now takes its hours from now on: the fewer the better for other tests."""
    return Trip("GRU", datetime.now(UTC).date() + timedelta(days=1))


def sign_in(page: Page, person: str, address: str) -> None:
    page.goto(address)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name=person).click()
    expect(page.locator(".console-page").get_by_role("heading", level=1)).to_be_visible()


def read(stack: Stack, reference: str) -> dict[str, Any]:
    """What the API says of it, to somebody who is not the page."""
    token = fetch_token(stack.addresses.issuer, roles=["operator"])
    answer = httpx.get(
        f"{stack.addresses.api}/rentals/{reference}",
        headers={"Authorization": f"Bearer {token}"},
        timeout=30,
    )
    answer.raise_for_status()
    rental: dict[str, Any] = answer.json()
    return rental


def open_dialog(page: Page, action: str) -> Locator:
    """With the keyboard, which is in the dialog from then on."""
    go_to(page, page.get_by_role("button", name=action, exact=True)).press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.locator(":focus")).to_be_visible()
    return dialog


def test_a_car_leaves_and_comes_back_with_the_keyboard_alone(
    visit: Visit, stack: Stack, records: Records, tomorrow: Trip
) -> None:
    reference = records.book(tomorrow, "ECMR")["reference"]
    page = visit().page
    sign_in(page, EVERYWHERE, "/operator/rentals")
    go_to(page, page.get_by_label("Search"))
    page.keyboard.type(reference)
    page.keyboard.press("Enter")
    expect(page.get_by_role("table").get_by_role("rowheader")).to_have_text(reference)
    go_to(page, page.get_by_role("link", name=reference)).press("Enter")
    expect(page.get_by_role("heading", level=1)).to_be_focused()

    dialog = open_dialog(page, "Check out")
    submit = dialog.get_by_role("button", name="Hand the car over")
    go_to(page, submit).press("Enter")
    odometer = dialog.get_by_label("Odometer")
    expect(odometer).to_be_focused()  # what is missing
    page.keyboard.type("21.000")
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    outcome = page.locator(":focus")
    expect(outcome).to_contain_text("has left")
    rental = read(stack, reference)
    assert rental["status"] == "CHECKED_OUT"
    [car] = rental["cars"]
    assert car["plate"] in outcome.inner_text()
    assert (car["out_odometer_km"], car["out_fuel_eighths"]) == (21_000, 8)

    dialog = open_dialog(page, "Check in")
    expect(dialog.get_by_role("heading")).to_contain_text(car["plate"])
    go_to(page, dialog.get_by_label("Odometer"))
    page.keyboard.type("20999")
    page.keyboard.press("Enter")
    expect(dialog.get_by_text("cannot be less")).to_be_visible()
    dialog.get_by_label("Odometer").fill("21300")
    go_to(page, dialog.get_by_label("Fuel"))
    page.keyboard.type("7/8")
    go_to(page, dialog.get_by_role("button", name="Add damage")).press("Enter")
    dialog.get_by_label("What is damaged").fill("Dent in the left door")
    dialog.get_by_label("Amount (BRL)").fill("1.234,50")
    expect(dialog.get_by_text("R$1,234.50")).to_be_visible()  # what was understood
    go_to(page, dialog.get_by_role("button", name="Check in and close")).press("Enter")
    expect(dialog).to_be_hidden()
    expect(page.locator(":focus")).to_contain_text("Dent in the left door")
    expect(page.get_by_role("button", name="Check in")).to_have_count(0)
    rental = read(stack, reference)
    assert rental["status"] == "COMPLETED"
    assert rental["cars"][0]["in_fuel_eighths"] == 7
    charges = {line["purpose"]: line["amount"]["amount"] for line in rental["charges"]}
    assert charges["Damage"] == DENT_MINOR
    assert "Fuel" in charges


def test_desk_is_accessible_and_fits_a_phone_at_night(
    visit: Visit, records: Records, tomorrow: Trip
) -> None:
    reference = records.book(tomorrow, "ECMR")["reference"]
    page = visit(viewport=PHONE, color_scheme="dark").page
    sign_in(page, GUARULHOS_ONLY, f"/operator/today?branch=GRU&day={tomorrow.from_day}")
    expect(page.get_by_role("link", name="Ana Souza").first).to_be_visible()
    check_page(page)
    page.goto(f"/operator/rentals/{reference}")
    for action in ("Check out", "Upgrade", "Cancel the rental"):
        page.get_by_role("button", name=action, exact=True).click()
        expect(page.get_by_role("dialog").get_by_role("button")).to_have_count(2)
        check_page(page)
        page.keyboard.press("Escape")
        expect(page.get_by_role("button", name=action, exact=True)).to_be_focused()
    page.goto("/operator/rentals?branch=GRU")
    expect(page.get_by_role("table")).to_be_visible()
    check_page(page)


def check_page(page: Page) -> None:
    assert page.evaluate(LUMINANCE) < DARK
    page.evaluate(AXE.read_text(encoding="utf-8"))
    assert page.evaluate(RUN_AXE) == []
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= PHONE["width"], f"scrolls sideways: {wide} px, by {widest(page)}"


def test_nobody_acts_on_what_is_not_theirs(visit: Visit, records: Records) -> None:
    elsewhere = Trip("GIG", datetime.now(UTC).date() + timedelta(days=2))
    reference = records.book(elsewhere, "ECMR")["reference"]
    operator = visit()
    operator.excuse("status of 404")
    sign_in(operator.page, GUARULHOS_ONLY, f"/operator/rentals/{reference}")
    operator.sees("could not find")
    expect(operator.page.get_by_role("button", name="Check out")).to_have_count(0)
    operator.page.goto("/operator/today?branch=GIG")
    expect(operator.page.get_by_label("Branch")).to_have_value("GRU")
    renter = visit()
    renter.excuse("status of 403")
    sign_in(renter.page, "Ana Souza", "/operator/rentals")
    renter.sees("does not have the role")
