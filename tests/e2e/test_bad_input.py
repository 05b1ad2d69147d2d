"""What goes wrong is said where it went wrong, in words, with a way on."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.records import Records
from tests.e2e.renter import Renter, Trip

RARE_CLASS = "MVAR"  # one car in forty
RARE_NAME = "Minivan, 7 seats"


def test_empty_form_shows_what_is_missing_and_focuses_the_first_field(
    renter: Renter, records: Records, trip: Trip
) -> None:
    renter.open_booking(trip)
    form, words = renter.page.get_by_role("main"), renter.words
    renter.pay_button.click()
    first = form.get_by_label(words.given_name, exact=True)
    expect(first).to_be_focused()
    missing = re.compile("Please fill in this field.")
    for label in (words.given_name, words.family_name, words.email):
        expect(form.get_by_label(label, exact=True)).to_have_accessible_description(missing)
    for label in (words.phone, words.birth_date, words.document_number):
        expect(form.get_by_label(label)).to_have_accessible_description(missing)
    terms = renter.page.get_by_role("checkbox", name=words.accept)
    expect(terms).to_have_accessible_description("To book, you need to accept the terms.")
    first.fill("Ana")
    expect(first).not_to_have_accessible_description(missing)


@pytest.mark.parametrize("cpf", ["52998224724", "11111111111", "5299822472"])
def test_wrong_cpf_is_refused_beside_its_field(renter: Renter, trip: Trip, cpf: str) -> None:
    renter.open_booking(trip)
    renter.fill_driver(cpf)
    renter.accept_terms()
    renter.pay_button.click()
    field = renter.page.get_by_label(renter.words.document_number)
    expect(field).to_be_focused()
    expect(field).to_have_accessible_description(re.compile("This CPF is not valid."))


def test_incomplete_card_is_said_at_the_card_and_books_nothing(
    renter: Renter, records: Records, trip: Trip
) -> None:
    renter.open_booking(trip)
    renter.fill_driver()
    renter.type_card("4242")
    renter.accept_terms()
    renter.pay_button.click()
    expect(renter.page.get_by_role("alert").get_by_text("incomplete")).to_be_visible()
    assert records.rentals_of(renter.email) == []


def test_search_refuses_a_return_before_the_pickup(renter: Renter, trip: Trip) -> None:
    renter.page.goto(f"/?{trip.query}")
    day = renter.page.get_by_label(renter.words.to_date).and_(renter.page.locator("input"))
    day.fill(str(trip.from_day.replace(day=1)))
    renter.page.get_by_role("button", name=renter.words.search).click()
    expect(day).to_have_accessible_description(re.compile("return"))
    expect(day).to_be_focused()


def test_sold_out_class_stands_in_sight_but_cannot_be_booked(
    renter: Renter, records: Records, trip: Trip
) -> None:
    records.sell_out(trip, RARE_CLASS)
    renter.page.goto(f"/cars?{trip.query}")
    offer = renter.page.get_by_role("main").get_by_role("listitem").filter(has_text=RARE_NAME)
    expect(offer.get_by_text("Sold out")).to_be_visible()
    expect(offer.get_by_role("link", name=renter.words.book)).to_have_count(0)


def test_car_sold_while_the_form_was_filled_in_is_told_with_a_way_on(
    renter: Renter, records: Records, trip: Trip
) -> None:
    renter.excuse("status of 409")
    renter.page.goto(f"/book?{trip.query}&class={RARE_CLASS}")
    renter.fill_driver()
    renter.type_card()
    renter.accept_terms()
    records.sell_out(trip, RARE_CLASS)
    renter.pay_button.click()
    renter.sees("This car has just been booked")
    assert records.rentals_of(renter.email) == []
    renter.page.get_by_role("link", name="See other cars").click()
    expect(renter.page.get_by_role("heading", name=renter.words.results)).to_be_visible()


@pytest.mark.parametrize("secret", ["", "#token=made-up"])
def test_unknown_reference_leads_to_the_page_that_helps(renter: Renter, secret: str) -> None:
    renter.excuse("status of 401")
    renter.page.goto(f"/rentals/ZZZZZZZZ{secret}")
    expect(renter.page.get_by_role("heading", name="Let's find your rental")).to_be_visible()
    renter.page.get_by_label("Link").fill("https://example.com/rentals/ZZZZZZZZ")
    renter.page.get_by_role("button", name="Open").click()
    expect(renter.page.get_by_label("Link")).to_have_accessible_description(re.compile("#token="))


def test_broken_link_takes_no_access_from_a_device_that_has_it(renter: Renter, trip: Trip) -> None:
    renter.excuse("status of 401")
    reference = renter.book(trip)
    for _ in range(2):
        renter.page.goto("/")
        renter.page.goto(f"/rentals/{reference}#token=made-up")
        renter.sees_status(renter.words.confirmed)


def test_unknown_address_has_a_page_of_its_own(renter: Renter) -> None:
    renter.page.goto("/there/is/nothing/here")
    expect(renter.page.get_by_role("heading", name="Page not found")).to_be_visible()
