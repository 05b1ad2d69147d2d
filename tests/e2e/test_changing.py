"""A renter changes a confirmed rental: what it costs is seen first, then paid or refunded."""

import json
import re
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Route, expect

from tests.e2e.records import Records
from tests.e2e.renter import INSUFFICIENT_FUNDS_CARD, Renter, Trip, Visit
from tests.e2e.test_after_booking import check_page
from tests.e2e.test_every_page import DESKTOP
from tests.e2e.test_keyboard_and_language import go_to

NARROW = {"width": 375, "height": 812}


@dataclass(frozen=True)
class Wording:
    """What the panel says in one language."""

    panel: str
    start: str
    see: str
    own: str
    waiver: str
    pay: str
    back: str
    done: str
    paid: str
    goes_back: str
    choose: str
    renewed: str


ENGLISH = Wording(
    panel="Change the rental",
    start="Change dates, car or extras",
    see="See cars and prices",
    own="Your present class",
    waiver="Collision damage waiver",
    pay="Change and pay",
    back="Change and get",
    done="Your rental was changed",
    paid="were paid",
    goes_back="go back the way you paid",
    choose="Choose",
    renewed="The offer had expired and was renewed.",
)
PORTUGUESE = Wording(
    panel="Alterar a reserva",
    start="Alterar datas, carro ou adicionais",
    see="Ver carros e preços",
    own="Sua categoria atual",
    waiver="Proteção do carro",
    pay="Alterar e pagar",
    back="Alterar e receber",
    done="Sua reserva foi alterada",
    paid="foram pagos",
    goes_back="voltam pela mesma forma de pagamento",
    choose="Escolher",
    renewed="A oferta tinha expirado e foi renovada.",
)


@pytest.mark.parametrize(
    ("locale", "options"),
    [
        ("en-GB", {"viewport": DESKTOP, "color_scheme": "light"}),
        ("pt-BR", {"viewport": NARROW, "color_scheme": "dark"}),
    ],
)
def test_longer_rental_is_paid_and_a_shorter_one_refunded(
    visit: Visit, records: Records, trip: Trip, locale: str, options: dict[str, object]
) -> None:
    words = ENGLISH if locale == "en-GB" else PORTUGUESE
    renter = visit(locale, **options)
    page = renter.page
    reference = renter.book(trip)
    renter.sees_status(renter.words.confirmed)
    [booked] = records.captures(reference)

    panel = page.get_by_role("region", name=words.panel)
    go_to(page, panel.get_by_role("button", name=words.start)).press("Enter")
    expect(panel.get_by_role("heading", level=3)).to_be_focused()
    plan(renter, panel, replace(trip, days=trip.days + 1))
    check_page(page, f"change-plan-{locale}")
    go_to(page, panel.get_by_role("button", name=words.see)).press("Enter")
    own = panel.get_by_role("listitem").filter(has_text=words.own)
    expect(own).to_be_visible()
    check_page(page, f"change-cars-{locale}")
    own.get_by_role("button", name=words.choose).press("Enter")
    submit = panel.get_by_role("button", name=words.pay)
    expect(submit).to_be_enabled()
    without = amount_of(submit)
    panel.get_by_role("checkbox", name=words.waiver).check()
    expect(submit).not_to_have_text(re.compile(re.escape(shown(without, locale))))
    asked = amount_of(submit)
    assert asked > without
    check_page(page, f"change-confirm-{locale}")
    renter.type_card()
    submit.press("Enter")
    expect(panel.get_by_role("heading", name=words.done)).to_be_focused()
    expect(panel.get_by_role("status")).to_contain_text(words.paid)
    check_page(page, f"changed-{locale}")
    assert sorted(records.captures(reference)) == sorted([booked, asked])

    panel.get_by_role("button", name=words.start).click()
    plan(renter, panel, trip)
    panel.get_by_role("button", name=words.see).click()
    own.get_by_role("button", name=words.choose).click()
    submit = panel.get_by_role("button", name=words.back)
    returned = amount_of(submit)
    check_page(page, f"change-refund-{locale}")
    submit.click()
    expect(panel.get_by_role("heading", name=words.done)).to_be_focused()
    expect(panel.get_by_role("status")).to_contain_text(words.goes_back)
    expect(panel.get_by_role("status")).to_contain_text(shown(returned, locale))
    assert 0 < returned < asked  # the coverage stays


def test_declined_difference_leaves_the_change_and_says_what_is_still_to_pay(
    renter: Renter, records: Records, trip: Trip
) -> None:
    reference = renter.book(trip)
    renter.sees_status(renter.words.confirmed)
    booked = records.captures(reference)
    panel = renter.page.get_by_role("region", name=ENGLISH.panel)
    panel.get_by_role("button", name=ENGLISH.start).click()
    plan(renter, panel, replace(trip, days=trip.days + 1))
    panel.get_by_role("button", name=ENGLISH.see).click()
    own = panel.get_by_role("listitem").filter(has_text=ENGLISH.own)
    own.get_by_role("button", name=ENGLISH.choose).click()
    submit = panel.get_by_role("button", name=ENGLISH.pay)
    asked = amount_of(submit)
    renter.type_card(INSUFFICIENT_FUNDS_CARD)
    submit.click()
    expect(panel.get_by_role("heading", name=ENGLISH.done)).to_be_focused()
    expect(panel.get_by_role("status")).to_contain_text("could not be charged")
    expect(panel.get_by_role("status")).to_contain_text(shown(asked, "en-GB"))
    expect(panel.get_by_role("link", name="See the payment")).to_be_visible()
    assert records.captures(reference) == booked


def test_lapsed_offer_is_renewed_and_can_be_sent_again(
    renter: Renter, records: Records, trip: Trip
) -> None:
    page = renter.page
    reference = renter.book(trip)
    renter.sees_status(renter.words.confirmed)
    panel = page.get_by_role("region", name=ENGLISH.panel)
    panel.get_by_role("button", name=ENGLISH.start).click()
    plan(renter, panel, replace(trip, days=trip.days - 1))
    panel.get_by_role("button", name=ENGLISH.see).click()
    own = panel.get_by_role("listitem").filter(has_text=ENGLISH.own)
    own.get_by_role("button", name=ENGLISH.choose).click()
    lapse_once(renter)
    submit = panel.get_by_role("button", name=ENGLISH.back)
    submit.click()
    expect(panel.get_by_role("alert")).to_contain_text(ENGLISH.renewed)
    submit.click()
    expect(panel.get_by_role("heading", name=ENGLISH.done)).to_be_focused()
    expect(page.get_by_role("list").filter(has_text="Rental changed")).to_be_visible()
    assert records.rentals_of(renter.email) == [(reference, "CONFIRMED")]


def test_period_that_cannot_be_is_said_where_it_was_typed(renter: Renter, trip: Trip) -> None:
    renter.book(trip)
    renter.sees_status(renter.words.confirmed)
    panel = renter.page.get_by_role("region", name=ENGLISH.panel)
    panel.get_by_role("button", name=ENGLISH.start).click()
    plan(renter, panel, replace(trip, days=400))  # longer than a branch lets a car go
    renter.excuse("422")
    panel.get_by_role("button", name=ENGLISH.see).click()
    expect(panel.get_by_role("alert")).to_contain_text("The period is not valid")
    to = panel.get_by_label(renter.words.to_date).and_(renter.page.locator("input"))
    expect(to).to_have_value(str(trip.from_day + timedelta(days=400)))


def plan(renter: Renter, panel: Locator, trip: Trip) -> None:
    """Only the days change."""
    day = panel.page.locator("input")
    panel.get_by_label(renter.words.from_date).and_(day).fill(str(trip.from_day))
    panel.get_by_label(renter.words.to_date).and_(day).fill(str(trip.to_day))


def lapse_once(renter: Renter) -> None:
    """The server's word that the offer is too old, the first time that it is sent."""
    body = {"code": "offer_expired", "status": 409, "title": "", "detail": "", "type": ""}
    answers = [json.dumps(body)]

    def refuse(route: Route) -> None:
        if route.request.method != "POST" or not answers:
            return route.continue_()
        problem = "application/problem+json"
        return route.fulfill(status=409, content_type=problem, body=answers.pop())

    renter.excuse("409")
    renter.page.route("**/modification", refuse)


def amount_of(button: Locator) -> int:
    """In minor units, from what the button says."""
    expect(button).to_be_enabled()
    return int("".join(re.findall(r"\d", button.inner_text())))


def shown(amount: int, locale: str) -> str:
    """An amount as the page writes it, without the currency's sign."""
    text = f"{amount / 100:,.2f}"
    return text if locale == "en-GB" else text.translate(str.maketrans(",.", ".,"))
