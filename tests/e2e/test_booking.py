"""The journey that everything else serves: search, book, pay, be told; and never twice."""

import re
import time

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.records import Records, manage_link
from tests.e2e.renter import REFERENCE, Renter, Trip, Visit

PATIENCE_SECONDS = 30


@pytest.mark.parametrize("locale", ["pt-BR", "en-GB"])
def test_renter_searches_books_and_finds_the_confirmation(
    visit: Visit, records: Records, trip: Trip, locale: str
) -> None:
    renter = visit(locale)
    renter.search(trip)
    renter.choose_first_car()
    renter.fill_driver()
    renter.type_card()
    renter.accept_terms()
    renter.pay_button.click()
    reference = renter.reference()
    renter.sees_status(renter.words.confirmed)
    mail = records.wait_for_mail(renter.email, reference)
    other_device = visit(locale)
    other_device.page.goto(manage_link(mail))
    other_device.sees_status(renter.words.confirmed)
    expect(other_device.page).to_have_url(REFERENCE)  # the token is out of sight
    assert len(records.captures(reference)) == 1
    assert len(records.mails_to(renter.email)) == 1


def test_price_lines_add_up_to_the_total_and_to_the_charge(
    renter: Renter, records: Records, trip: Trip
) -> None:
    renter.page.goto(f"/cars?{trip.query}")
    offer = renter.page.get_by_role("main").get_by_role("listitem").filter(has_text="Economy").first
    offer.get_by_text(renter.words.itemised).click()
    *lines, total = [amount_in(row) for row in offer.get_by_role("row").all_inner_texts()]
    assert len(lines) >= 2
    assert sum(lines) == total
    offer.get_by_role("link", name=renter.words.book).click()
    renter.fill_driver()
    renter.type_card()
    renter.accept_terms()
    renter.pay_button.click()
    reference = renter.reference()
    renter.sees_status(renter.words.confirmed)
    assert records.captures(reference) == [total]


def amount_in(row: str) -> int:
    """The minor units at the row's end: ``R$1,234.50``."""
    whole, cents = re.findall(r"R\$\s*([\d,]+)\.(\d\d)", row)[-1]
    return int(whole.replace(",", "") + cents)


def test_a_chosen_coverage_and_extra_are_charged(
    renter: Renter, records: Records, trip: Trip
) -> None:
    renter.fill_booking(trip)
    before = amount_in(renter.pay_button.inner_text())
    renter.page.get_by_role("checkbox", name="Collision damage waiver").check()
    renter.page.get_by_role("button", name="One more: Child seat").click()
    total = amount_in(renter.pay_button.inner_text())
    assert total > before
    renter.pay_button.click()
    reference = renter.reference()
    renter.sees_status(renter.words.confirmed)
    assert records.captures(reference) == [total]


def test_double_click_on_pay_books_once(renter: Renter, records: Records, trip: Trip) -> None:
    renter.fill_booking(trip)
    renter.pay_button.dblclick()
    reference = renter.reference()
    renter.sees_status(renter.words.confirmed)
    assert records.rentals_of(renter.email) == [(reference, "CONFIRMED")]
    assert len(records.captures(reference)) == 1


def test_reload_while_the_payment_runs_changes_nothing(
    renter: Renter, records: Records, trip: Trip
) -> None:
    reference = renter.book(trip)
    renter.page.reload()
    renter.sees_status(renter.words.confirmed)
    assert records.rentals_of(renter.email) == [(reference, "CONFIRMED")]
    assert len(records.captures(reference)) == 1


def test_reload_before_the_answer_finds_the_rental_that_was_made(
    renter: Renter, records: Records, trip: Trip
) -> None:
    renter.fill_booking(trip)
    swallowed = swallow_next_answer(renter.page)
    renter.pay_button.click()
    expect(renter.page.get_by_role("button", name="Sending")).to_be_visible()
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not swallowed:
        assert time.monotonic() < deadline, "the booking was not answered"
        renter.page.wait_for_timeout(50)  # in which the route's handler runs
    renter.page.reload()
    renter.page.get_by_role("button", name="See whether the booking was made").click()
    reference = renter.reference()
    renter.sees_status(renter.words.confirmed)
    assert records.rentals_of(renter.email) == [(reference, "CONFIRMED")]
    assert len(records.captures(reference)) == 1


def test_renter_sees_what_cancelling_costs_and_cancels(
    renter: Renter, records: Records, trip: Trip
) -> None:
    reference = renter.book(trip)
    renter.sees_status(renter.words.confirmed)
    ask = renter.page.get_by_role("button", name="See what cancelling costs")
    ask.click()
    expect(renter.page.get_by_text("Cancelling now is free")).to_be_focused()
    renter.page.get_by_role("button", name="Keep the booking").click()
    expect(ask).to_be_focused()
    ask.click()
    renter.page.get_by_role("button", name="Cancel the booking").click()
    renter.sees_status("Booking cancelled")
    expect(ask).to_have_count(0)
    expect(renter.page.get_by_text("The booking is cancelled. R$")).to_be_focused()
    assert records.rentals_of(renter.email) == [(reference, "CANCELLED")]
    records.wait_for_mail(renter.email, f"{reference} cancelled")


def test_lost_answer_is_asked_for_again_and_books_once(
    renter: Renter, records: Records, trip: Trip
) -> None:
    renter.excuse("net::ERR_FAILED")
    renter.fill_booking(trip)
    renter.page.route("**/api/rentals", lose_answer, times=1)
    renter.pay_button.click()
    reference = renter.reference()
    renter.sees_status(renter.words.confirmed)
    assert records.rentals_of(renter.email) == [(reference, "CONFIRMED")]
    assert len(records.captures(reference)) == 1


def lose_answer(route: Route) -> None:
    """The server has booked; the renter's network breaks before it can say so."""
    assert route.fetch().status == 202
    route.abort()


def swallow_next_answer(page: Page) -> list[str]:
    """The server has booked; its answer never comes. It is in the list once it was made."""
    swallowed: list[str] = []

    def swallow(route: Route) -> None:
        answer = route.fetch()
        assert answer.status == 202
        swallowed.append(answer.text())

    page.route("**/api/rentals", swallow, times=1)
    return swallowed
