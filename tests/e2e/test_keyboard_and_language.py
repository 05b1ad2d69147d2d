"""Without a mouse, and in the other language half-way through."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.records import Records
from tests.e2e.renter import GOOD_CARD, VALID_CPF, Renter, Trip, birth_date_at

LONGEST_WAY = 80  # key presses; more than any page has controls


def test_a_car_is_booked_with_the_keyboard_alone(renter: Renter, records: Records) -> None:
    page, words = renter.page, renter.words
    main = page.get_by_role("main")
    page.goto("/")
    go_to(page, main.get_by_role("button", name=words.search)).press("Enter")
    go_to(page, main.get_by_role("link", name=words.book).first).press("Enter")
    expect(page.get_by_role("heading", name=words.booking)).to_be_focused()
    typed = {
        words.given_name: "Ana",
        words.family_name: "Souza",
        words.email: renter.email,
        words.phone: "11912345678",
        words.birth_date: birth_date_at(36),
        words.document_number: VALID_CPF,
    }
    for label, text in typed.items():
        go_to(page, main.get_by_label(label, exact=True))
        page.keyboard.type(text)
    for label, text in {
        words.card_number: GOOD_CARD,
        words.card_expiry: "1240",
        words.card_cvc: "123",
    }.items():
        go_to(page, renter.card.get_by_label(label))
        page.keyboard.type(text)
    go_to(page, page.get_by_role("checkbox", name=words.accept)).press("Space")
    go_to(page, renter.pay_button).press("Enter")
    reference = renter.reference()
    renter.sees_status(words.confirmed)
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    assert records.rentals_of(renter.email) == [(reference, "CONFIRMED")]


def test_the_first_stop_of_the_keyboard_skips_to_the_content(renter: Renter) -> None:
    renter.page.goto("/")
    expect(renter.page.get_by_role("button", name=renter.words.search)).to_be_visible()
    renter.page.keyboard.press("Tab")
    skip = renter.page.get_by_role("link", name="Skip to content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    skip.press("Enter")
    expect(renter.page.get_by_role("main")).to_be_focused()


def test_switching_the_language_keeps_what_was_typed(renter: Renter, trip: Trip) -> None:
    page = renter.page
    renter.open_booking(trip)
    renter.fill_driver()
    page.get_by_role("checkbox", name="Collision damage waiver").check()
    renter.accept_terms()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.get_by_role("button", name="PT: Português").click()
    expect(page.get_by_role("heading", name="Complete a sua reserva")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "pt-BR")
    expect(page.get_by_label("E-mail", exact=True)).to_have_value(renter.email)
    expect(page.get_by_label("Número do documento")).to_have_value("529.982.247-25")
    expect(page.get_by_role("checkbox", name="Proteção do carro")).to_be_checked()
    expect(page.get_by_role("checkbox", name="Li e aceito:")).to_be_checked()
    page.reload()
    expect(page.locator("html")).to_have_attribute("lang", "pt-BR")
    page.get_by_role("button", name="EN: English").click()
    expect(page.get_by_role("heading", name="Complete your booking")).to_be_visible()


def go_to(page: Page, wanted: Locator) -> Locator:
    """Tab until it has the focus.

    Raises:
        AssertionError: the keyboard does not reach it.
    """
    expect(wanted).to_be_visible()
    expect(wanted).to_be_enabled()
    for _ in range(LONGEST_WAY):
        if wanted.evaluate("element => element === document.activeElement && document.hasFocus()"):
            return wanted
        page.keyboard.press("Tab")
    pytest.fail(f"the keyboard does not reach {wanted}")
