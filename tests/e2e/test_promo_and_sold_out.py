"""A promo code and what there is when a car is sold out, as a renter meets them."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.records import Records
from tests.e2e.renter import Renter, Trip, Visit
from tests.e2e.test_booking import amount_in

CODE = "BEMVINDO10"
SOLD_OUT = "SFAR"
WORDS = {
    "pt-BR": {"promo": "Cupom", "refused": "O cupom ONTEM não vale aqui", "why": "Ele venceu.",
              "instead": "No lugar dele:", "up": "Picape, o grupo acima", "near": "km"},
    "en-GB": {"promo": "Promo code", "refused": "Promo code ONTEM does not count here",
              "why": "It has expired.", "instead": "Instead:",
              "up": "Pick-up, the next class up", "near": "km away"},
}  # fmt: skip


def offer_of(page: Page, acriss: str) -> Locator:
    offers = page.get_by_role("main").locator("li.offer")
    return offers.filter(has_text=f"· {acriss}")


def test_promo_code_is_taken_off_and_the_price_with_it_is_charged(
    renter: Renter, records: Records, trip: Trip
) -> None:
    page = renter.page
    page.goto(f"/?{trip.query}")
    page.get_by_label("Promo code").fill(CODE.lower())
    page.get_by_role("button", name=renter.words.search).click()
    expect(page.get_by_text(f"Promo code {CODE} is taken off the prices")).to_be_visible()
    offer = offer_of(page, "ECMR")
    offer.get_by_text(renter.words.itemised).click()
    *lines, total = [amount_in(row) for row in offer.get_by_role("row").all_inner_texts()]
    [discount] = [row for row in offer.get_by_role("row").all_inner_texts() if CODE in row]
    assert "-R$" in discount.replace("\N{MINUS SIGN}", "-")
    assert sum(lines) - 2 * amount_in(discount) == total  # amounts were read without their sign
    offer.get_by_role("link", name=renter.words.book).click()
    renter.fill_driver()
    renter.type_card()
    renter.accept_terms()
    renter.pay_button.click()
    reference = renter.reference()
    renter.sees_status(renter.words.confirmed)
    assert records.captures(reference) == [total]


@pytest.mark.parametrize("locale", ["pt-BR", "en-GB"])
def test_refused_code_says_why_and_sold_out_car_what_else_there_is(
    visit: Visit, records: Records, trip: Trip, locale: str
) -> None:
    renter, words = visit(locale), WORDS[locale]
    page = renter.page
    records.sell_out(trip, SOLD_OUT)
    page.goto(f"/cars?{trip.query}&promo=ONTEM")
    expect(page.get_by_text(words["refused"])).to_be_visible()
    expect(page.get_by_text(words["why"])).to_be_visible()
    sold_out = offer_of(page, SOLD_OUT)
    expect(sold_out.get_by_text(words["instead"])).to_be_visible()
    expect(sold_out.get_by_role("link", name=words["up"])).to_be_visible()
    sold_out.get_by_role("link", name=words["near"]).first.click()
    expect(page).to_have_url(re.compile(r"/cars\?pickup=(?!GRU)\w+"))
    expect(offer_of(page, SOLD_OUT).get_by_role("link", name=renter.words.book)).to_be_visible()
