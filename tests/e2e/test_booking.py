"""The journey that everything else serves: search, book, pay, be told."""

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Visit
from tests.e2e.records import Records, manage_link
from tests.e2e.renter import REFERENCE, Trip


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
    assert len(records.captures(reference)) == 1
    mail = records.wait_for_mail(renter.email, reference)
    other_device = visit(locale)
    other_device.page.goto(manage_link(mail))
    other_device.sees_status(renter.words.confirmed)
    expect(other_device.page).to_have_url(REFERENCE)
    assert len(records.captures(reference)) == 1
