"""Time runs out: the hold of a car that nobody pays, and an offer that waited too long."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from playwright.sync_api import expect

from infra.local.install.node_packages import WEB_DIST
from infra.local.stack.stack import Stack
from tests.e2e.records import Records
from tests.e2e.renter import INSUFFICIENT_FUNDS_CARD, Renter, Trip

HOLD_SECONDS = 8
OFFER_SECONDS = 40
MASTER_KEY = "master-key-of-a-test"
PATIENCE_SECONDS = 60


@pytest.fixture(scope="module")
def stack(web_pages: None) -> Iterator[Stack]:
    """Holds and offers of seconds; everything else as always."""
    environment = {
        "HOLD_CARD_SECONDS": str(HOLD_SECONDS),
        "OFFER_LIFETIME_SECONDS": str(OFFER_SECONDS),
        "FUNCTIONS_MASTER_KEY": MASTER_KEY,
    }
    with Stack(web=WEB_DIST, environment=environment) as short_lived:
        yield short_lived


def test_unpaid_hold_expires_gives_its_car_back_and_offers_the_same_search(
    renter: Renter, records: Records, trip: Trip, stack: Stack
) -> None:
    chosen = renter.fill_booking(trip, INSUFFICIENT_FUNDS_CARD)
    before = records.available(trip, chosen)
    renter.pay_button.click()
    reference = renter.reference()
    expired = renter.page.get_by_role("heading", name=renter.words.expired)
    run_timer_until(stack, expired.is_visible)
    assert records.rentals_of(renter.email) == [(reference, "EXPIRED")]
    assert records.available(trip, chosen) == before
    assert records.captures(reference) == []
    assert "expired" in records.wait_for_mail(renter.email, f"{reference} expired")["subject"]
    renter.page.get_by_role("link", name=renter.words.same_dates).click()
    expect(renter.page.get_by_role("heading", name=renter.words.results)).to_be_visible()
    dates, _age = trip.query.rsplit("&", 1)  # the age is the renter's; a rental does not tell it
    assert f"/cars?{dates}" in renter.page.url


def run_timer_until(stack: Stack, done: Callable[[], bool]) -> None:
    """As the host does each minute, only oftener."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if done():
            return
        answer = httpx.post(
            f"{stack.addresses.web}/admin/functions/RentProcessTimer",
            headers={"x-functions-key": MASTER_KEY},
            json={},
            timeout=30,
        )
        assert answer.status_code == 202, answer.text
        time.sleep(1)
    raise AssertionError("the hold did not expire")


def test_expired_offer_is_told_renewed_and_bookable(
    renter: Renter, records: Records, trip: Trip
) -> None:
    renter.excuse("status of 409")
    # A clock that stands an hour behind: the page cannot know that its offer has lapsed.
    renter.page.clock.set_fixed_time(datetime.now(UTC) - timedelta(hours=1))
    renter.fill_booking(trip)
    renter.page.wait_for_timeout((OFFER_SECONDS + 1) * 1000)
    renter.pay_button.click()
    renter.sees("The offer had expired and was renewed.")
    expect(renter.pay_button).to_be_enabled()
    renter.pay_button.click()
    reference = renter.reference()
    assert [each for each, _ in records.rentals_of(renter.email)] == [reference]
