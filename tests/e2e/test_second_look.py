"""What a first-time renter trips over: ways back, addresses that lead nowhere, paper, clocks."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.records import Records
from tests.e2e.renter import Trip, Visit, birth_date_at
from tests.e2e.test_every_page import LIGHT, LUMINANCE, PHONE

HALF = 128  # of the brightest
BRANCH_CLOCK = "Times are on the branch's clock"


def test_back_from_a_car_finds_the_results_as_they_were_left(visit: Visit, trip: Trip) -> None:
    renter = visit(viewport=PHONE)
    page = renter.page
    renter.search(trip)
    automatic = page.get_by_role("button", name="Automatic")
    automatic.click()
    car = page.get_by_role("main").get_by_role("link", name=renter.words.book).nth(3)
    car.scroll_into_view_if_needed()
    left_at = page.evaluate("window.scrollY")
    assert left_at > PHONE["height"]
    car.click()
    expect(page.get_by_role("heading", name=renter.words.booking)).to_be_in_viewport()
    page.go_back()
    expect(car).to_be_in_viewport()
    assert page.evaluate("window.scrollY") == left_at
    expect(automatic).to_have_attribute("aria-pressed", "true")


def test_refused_search_says_why_before_its_form(visit: Visit) -> None:
    renter = visit(viewport=PHONE)
    renter.excuse("status of 422")
    page = renter.page
    page.goto("/cars?pickup=GRU&return=GRU&from=2020-01-01T10:00&to=2020-01-02T10:00")
    expect(page.get_by_role("alert")).to_be_in_viewport(ratio=1)
    expect(page.get_by_text("1 Jan 2020, 10:00")).to_be_visible()


def test_unknown_branch_is_chosen_anew(visit: Visit) -> None:
    page = visit().page
    page.goto("/cars?pickup=NOPE&from=2027-01-04T10:00&to=2027-01-05T10:00")
    branch = page.get_by_label("Pick-up branch")
    expect(branch.locator("option:checked")).to_have_text("Choose a branch")


def test_booking_page_without_a_trip_leads_to_the_search(visit: Visit) -> None:
    renter = visit()
    renter.page.goto("/book")
    renter.page.get_by_role("link", name="Start a new search").click()
    expect(renter.page.get_by_role("button", name=renter.words.search)).to_be_visible()


def test_young_driver_sees_the_new_price_beside_the_button(visit: Visit, trip: Trip) -> None:
    renter = visit(viewport=PHONE)
    renter.open_booking(trip)
    renter.page.get_by_label(renter.words.birth_date).fill(birth_date_at(21))
    told = renter.page.get_by_text("The price was updated")
    expect(told).to_be_visible()
    expect(renter.pay_button).to_be_enabled()
    renter.pay_button.scroll_into_view_if_needed()
    expect(told).to_be_in_viewport()


def test_confirmed_rental_prints_in_light_without_its_controls(
    visit: Visit, records: Records, trip: Trip
) -> None:
    renter = visit(color_scheme="dark")
    page = open_booked(renter.page, records, trip)
    renter.sees_status(renter.words.confirmed)
    page.emulate_media(media="print")
    assert page.evaluate(LUMINANCE) > LIGHT
    heading = page.get_by_role("heading", level=1).evaluate("each => getComputedStyle(each).color")
    assert max(int(part) for part in re.findall(r"\d+", heading)) < HALF
    main = page.get_by_role("main")
    expect(main.get_by_role("button")).to_have_count(0)
    expect(main.get_by_role("textbox")).to_have_count(0)
    expect(main.get_by_text("São Paulo · Aeroporto de Guarulhos")).to_have_count(2)


def test_rental_is_listed_with_its_day_and_says_whose_clock_it_shows(
    visit: Visit, records: Records, trip: Trip
) -> None:
    far = open_booked(visit(timezone_id="Pacific/Auckland").page, records, trip)
    expect(far.get_by_text(BRANCH_CLOCK)).to_be_visible()
    near = open_booked(visit(timezone_id="America/Sao_Paulo").page, records, trip)
    expect(near.get_by_role("heading", name="Your trip")).to_be_visible()
    expect(near.get_by_text(BRANCH_CLOCK)).to_have_count(0)
    near.get_by_role("link", name="My rentals").click()
    day = re.compile(rf"\b{trip.from_day.day} \w+ {trip.from_day.year}")
    expect(near.get_by_role("main").get_by_role("link")).to_contain_text(day)


def test_long_name_and_address_fit_a_phone(visit: Visit, trip: Trip) -> None:
    renter = visit(viewport=PHONE)
    renter.email = f"{'maximiliano' * 4}+{renter.email}"
    renter.fill_booking(trip)
    renter.page.get_by_label(renter.words.family_name).fill("Wolfeschlegelsteinhausen" * 3)
    renter.pay_button.click()
    renter.reference()
    renter.sees_status(renter.words.confirmed)
    assert renter.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def open_booked(page: Page, records: Records, trip: Trip) -> Page:
    accepted = records.book(trip, "ECMR")
    page.goto(f"/rentals/{accepted['reference']}#token={accepted['manage_token']}")
    return page
