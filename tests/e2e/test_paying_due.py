"""What came on top after the return, refused by the kept card: the renter pays it on the page."""

import re
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from infra.local.stack.stack import Stack
from tests.e2e.owing import FINE, Owing, book_with_wary_card, look_again, owed
from tests.e2e.records import Records
from tests.e2e.renter import (
    ALWAYS_CHALLENGED_CARD,
    GOOD_CARD,
    INSUFFICIENT_FUNDS_CARD,
    Renter,
    Trip,
    Visit,
)
from tests.e2e.test_after_booking import check_page, complete
from tests.e2e.test_every_page import DESKTOP
from tests.e2e.test_keyboard_and_language import go_to
from tests.e2e.test_paying import answer_the_bank

NARROW = {"width": 375, "height": 740}


@dataclass(frozen=True, slots=True)
class Words:
    """What this part of the page says."""

    still: str
    wary: str
    paid: str
    another_way: str
    pix: str


WORDS = {
    "en-GB": Words(
        still="R$195.00 still to pay",
        wary="The bank asks for a confirmation.",
        paid="All paid",
        another_way="Use another method",
        pix="Pay with Pix",
    ),
    "pt-BR": Words(
        still="Falta pagar R$ 195,00",
        wary="O banco pede uma confirmação.",
        paid="Tudo pago",
        another_way="Usar outro meio",
        pix="Pague com Pix",
    ),
}
EN = WORDS["en-GB"]


@pytest.fixture
def owing(stack: Stack, records: Records, trip: Trip, renter: Renter) -> Owing:
    """Back, charged, refused by the kept card; the renter has the page before them."""
    found = book_with_wary_card(stack, records, trip, renter)
    bring_back(found, renter)
    return found


def bring_back(owing: Owing, renter: Renter, words: Words = EN) -> None:
    complete(owing.stack, {"reference": owing.reference})
    owing.charge()
    look_again(renter.page)
    renter.sees_status(words.still)


@pytest.mark.parametrize(
    ("locale", "window", "scheme"), [("en-GB", DESKTOP, "light"), ("pt-BR", NARROW, "dark")]
)
def test_renter_pays_what_the_kept_card_refused_with_the_banks_confirmation(
    visit: Visit,
    stack: Stack,
    records: Records,
    trip: Trip,
    locale: str,
    window: dict[str, int],
    scheme: str,
) -> None:
    renter, words = visit(locale, viewport=window, color_scheme=scheme), WORDS[locale]
    page = renter.page
    owing = book_with_wary_card(stack, records, trip, renter)
    bring_back(owing, renter, words)
    renter.sees(words.wary)
    assert records.captures(owing.reference) == [owing.paid]
    renter.type_card(ALWAYS_CHALLENGED_CARD)
    check_page(page, f"due-{locale}")
    renter.pay_button.click()
    renter.sees_status(renter.words.bank_check)
    check_page(page, f"due-bank-{locale}")
    answer_the_bank(renter, "Complete")
    renter.sees_status(words.paid)
    check_page(page, f"due-paid-{locale}")
    assert sorted(records.captures(owing.reference)) == sorted([owing.paid, FINE])
    assert owing.read()["due"]["amount"] == 0
    page.reload()
    renter.sees_status(words.paid)


def test_declined_card_says_why_and_another_one_pays_with_the_keyboard_alone(
    renter: Renter, records: Records, owing: Owing
) -> None:
    page = renter.page
    renter.type_card(INSUFFICIENT_FUNDS_CARD)
    renter.pay_button.dblclick()
    expect(owed(page).get_by_text(renter.words.insufficient_funds)).to_be_visible()
    renter.sees_status(EN.still)
    expect(owed(page).get_by_role("heading", level=2)).to_be_focused()
    assert records.captures(owing.reference) == [owing.paid]
    for label, text in {
        renter.words.card_number: GOOD_CARD,
        renter.words.card_expiry: "1240",
        renter.words.card_cvc: "123",
    }.items():
        go_to(page, renter.card.get_by_label(label))
        page.keyboard.type(text)
    go_to(page, renter.pay_button).press("Enter")
    renter.sees_status(EN.paid)
    expect(owed(page).get_by_role("heading", level=2)).to_be_focused()
    assert sorted(records.captures(owing.reference)) == sorted([owing.paid, FINE])


def test_refused_bank_check_takes_nothing_and_may_be_tried_again(
    renter: Renter, records: Records, owing: Owing
) -> None:
    renter.type_card(ALWAYS_CHALLENGED_CARD)
    renter.pay_button.click()
    answer_the_bank(renter, "Fail")
    renter.sees_status(EN.still)
    renter.sees(renter.words.bank_refused)
    renter.type_card()
    renter.pay_button.click()
    renter.sees_status(EN.paid)
    assert sorted(records.captures(owing.reference)) == sorted([owing.paid, FINE])


def test_pix_code_is_shown_and_gives_way_to_a_card(
    renter: Renter, records: Records, owing: Owing
) -> None:
    page = renter.page
    panel = owed(page)
    panel.get_by_role("radio", name="Pix").check()
    renter.pay_button.click()
    renter.sees_status(EN.pix)
    expect(panel.get_by_label("Pix copy and paste code")).to_have_value(re.compile("^000201"))
    check_page(page, "due-pix")
    panel.get_by_role("button", name=EN.another_way).click()
    renter.type_card()
    check_page(page, "due-another-way")
    renter.pay_button.click()
    renter.sees_status(EN.paid)
    assert sorted(records.captures(owing.reference)) == sorted([owing.paid, FINE])


def test_boleto_asks_for_the_payers_address_and_the_page_follows_the_payment(
    renter: Renter, records: Records, owing: Owing
) -> None:
    panel = owed(renter.page)
    panel.get_by_role("radio", name="Boleto").check()
    renter.pay_button.click()
    expect(panel.get_by_label("CEP (postal code)")).to_be_focused()
    check_page(renter.page, "due-boleto-address")
    panel.get_by_label("CEP (postal code)").fill("01310100")
    panel.get_by_label("Street and number").fill("Avenida Paulista, 1000")
    panel.get_by_label("City", exact=True).fill("São Paulo")
    panel.get_by_label("State", exact=True).select_option("SP")
    renter.pay_button.click()
    renter.sees_status("Pay the boleto")
    expect(panel.get_by_label("Boleto number")).to_have_value(re.compile(r"^[0-9]{47}$"))
    assert records.captures(owing.reference) == [owing.paid]
    owing.answer_the_bank("pay")
    renter.sees_status(EN.paid)
    assert sorted(records.captures(owing.reference)) == sorted([owing.paid, FINE])


def test_lost_answers_are_asked_for_again_after_a_reload_and_charge_once(
    renter: Renter, records: Records, owing: Owing
) -> None:
    page = renter.page
    renter.excuse("net::ERR_FAILED")
    keys = lose_every_answer(page)
    renter.type_card(INSUFFICIENT_FUNDS_CARD)
    renter.pay_button.click()
    expect(owed(page).get_by_text(renter.words.insufficient_funds)).to_be_visible()
    assert len(set(keys)) == 1, "one submission, however often it is sent"
    page.unroute_all(behavior="wait")
    page.reload()
    renter.sees_status(EN.still)
    renter.type_card()
    renter.pay_button.click()
    renter.sees_status(EN.paid)
    assert sorted(records.captures(owing.reference)) == sorted([owing.paid, FINE])


def lose_every_answer(page: Page) -> list[str]:
    """The keys that the server has seen; its answers never arrive."""
    keys: list[str] = []

    def lose(route: Route) -> None:
        keys.append(route.request.headers["idempotency-key"])
        assert route.fetch().status == 202
        route.abort()

    page.route("**/payment", lose)
    return keys


def test_difference_of_a_change_is_confirmed_with_the_bank_while_the_rental_is_confirmed(
    stack: Stack, records: Records, trip: Trip, renter: Renter
) -> None:
    owing = book_with_wary_card(stack, records, trip, renter)
    difference = change_class(owing, records, trip)
    look_again(renter.page)
    answer_the_bank(renter, "Fail")
    renter.sees_status("still to pay")
    renter.sees_status(renter.words.confirmed)
    renter.type_card(ALWAYS_CHALLENGED_CARD)
    renter.pay_button.click()
    answer_the_bank(renter, "Complete")
    renter.sees_status(EN.paid)
    assert sorted(records.captures(owing.reference)) == sorted([owing.paid, difference])


def change_class(owing: Owing, records: Records, trip: Trip) -> int:
    """To a dearer class, by a card whose bank wants to see the renter; what it costs more."""
    payment = {"method": "card", "payment_method_id": "pm_card_authenticationRequired"}
    body: dict[str, Any] = {"offer": records.offer(trip, "CDAR")["offer"], "payment": payment}
    changed = owing.post("modification", body)
    return int(changed["to_pay"]["amount"])
