"""Cards that do not simply work: declined ones, and those whose bank asks for more."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.records import Records
from tests.e2e.renter import (
    ALWAYS_CHALLENGED_CARD,
    CHALLENGED_CARD,
    INSUFFICIENT_FUNDS_CARD,
    Renter,
    Trip,
)


def test_declined_card_says_why_and_another_one_pays(
    renter: Renter, records: Records, trip: Trip
) -> None:
    reference = renter.book(trip, INSUFFICIENT_FUNDS_CARD)
    renter.sees_status(renter.words.declined)
    renter.sees(renter.words.insufficient_funds)
    assert records.captures(reference) == []
    renter.type_card()
    renter.pay_button.click()
    renter.sees_status(renter.words.confirmed)
    assert len(records.captures(reference)) == 1
    assert records.rentals_of(renter.email) == [(reference, "CONFIRMED")]


@pytest.mark.parametrize("card", [CHALLENGED_CARD, ALWAYS_CHALLENGED_CARD])
def test_challenged_card_is_confirmed_with_the_bank(
    renter: Renter, records: Records, trip: Trip, card: str
) -> None:
    reference = renter.book(trip, card)
    answer_the_bank(renter, "Complete")
    renter.sees_status(renter.words.confirmed)
    assert renter.reference() == reference
    assert len(records.captures(reference)) == 1


def test_failed_challenge_takes_no_money_and_may_be_tried_again(
    renter: Renter, records: Records, trip: Trip
) -> None:
    reference = renter.book(trip, CHALLENGED_CARD)
    answer_the_bank(renter, "Fail")
    renter.sees_status(renter.words.declined)
    renter.sees(renter.words.bank_refused)
    assert records.captures(reference) == []
    renter.type_card()
    renter.pay_button.click()
    renter.sees_status(renter.words.confirmed)
    assert len(records.captures(reference)) == 1


def test_pix_shows_its_code_and_the_page_follows_the_payment(
    renter: Renter, records: Records, trip: Trip
) -> None:
    renter.open_booking(trip)
    renter.fill_driver()
    renter.page.get_by_role("radio", name="Pix").check()
    renter.accept_terms()
    renter.pay_button.click()
    reference = renter.reference()
    renter.sees_status("Pay with Pix")
    expect(renter.page.get_by_role("img", name="Pix QR code")).to_be_visible()
    expect(renter.page.get_by_label("Pix copy and paste code")).to_have_value(re.compile("^000201"))
    assert records.captures(reference) == []
    records.pay_in_the_banks_app(reference)
    renter.sees_status(renter.words.confirmed)
    assert len(records.captures(reference)) == 1


def test_boleto_asks_for_the_payers_address_and_shows_its_number(
    renter: Renter, records: Records, trip: Trip
) -> None:
    renter.open_booking(trip)
    renter.fill_driver()
    form = renter.page.get_by_role("main")
    form.get_by_role("radio", name="Boleto").check()
    renter.accept_terms()
    renter.pay_button.click()
    expect(form.get_by_label("Street and number")).to_have_attribute("aria-invalid", "true")
    form.get_by_label("CEP (postal code)").fill("01310100")
    form.get_by_label("Street and number").fill("Avenida Paulista, 1000")
    form.get_by_label("City", exact=True).fill("São Paulo")
    form.get_by_label("State", exact=True).select_option("SP")
    renter.pay_button.click()
    reference = renter.reference()
    renter.sees_status("Pay the boleto")
    expect(renter.page.get_by_label("Boleto number")).to_have_value(re.compile(r"^[0-9]{47}$"))
    assert records.captures(reference) == []
    records.pay_in_the_banks_app(reference)
    renter.sees_status(renter.words.confirmed)
    assert len(records.captures(reference)) == 1


def answer_the_bank(renter: Renter, button: str) -> None:
    """Wherever the page leads: to the bank's own page, or to its dialog in ours."""
    renter.sees_status(renter.words.bank_check)
    way = renter.words.bank_go
    page = renter.page
    page.get_by_role("link", name=way).or_(page.get_by_role("button", name=way)).click()
    dialog = page.frame_locator("dialog iframe").get_by_role("button", name=button)
    own_page = page.get_by_role("button", name=button, exact=True)
    expect(own_page.or_(page.locator("dialog iframe"))).to_be_visible()
    (own_page if own_page.count() else dialog).click()
