"""A renter at a browser: finds things by role and label, and hears every complaint of the page."""

import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlencode

from playwright.sync_api import ConsoleMessage, FrameLocator, Locator, Page, expect

from tests.e2e.words import Words

GOOD_CARD = "4242424242424242"
INSUFFICIENT_FUNDS_CARD = "4000000000009995"
CHALLENGED_CARD = "4000002500003155"
ALWAYS_CHALLENGED_CARD = "4000002760003184"
VALID_CPF = "52998224725"
REFERENCE = re.compile(r"/rentals/([0-9A-HJKMNP-TV-Z]{8})$")


@dataclass(frozen=True, slots=True)
class Trip:
    """Pick-up and return at ten, in the branch's own time."""

    branch: str
    from_day: date
    days: int = 3
    age: int = 36  # of the driver below, so that the booking page finds the same price

    @property
    def to_day(self) -> date:
        return self.from_day + timedelta(days=self.days)

    @property
    def query(self) -> str:
        start, end = (f"{day}T10:00" for day in (self.from_day, self.to_day))
        parts = {"pickup": self.branch, "return": self.branch, "from": start, "to": end}
        return urlencode({**parts, "age": self.age}, safe=":")


_weeks = itertools.cycle(range(3, 48))  # as far ahead as branches take bookings


def next_trip() -> Trip:
    """From an airport, in a week of its own, so that no test takes another's cars."""
    today = datetime.now(UTC).date()
    monday = today + timedelta(days=7 - today.weekday())
    return Trip("GRU", monday + timedelta(weeks=next(_weeks)))


@dataclass
class Renter:
    """``email`` is nobody else's: mails are found by it."""

    page: Page
    words: Words
    email: str
    complaints: list[str] = field(default_factory=list)
    _excused: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._note_console)
        self.page.on("pageerror", lambda error: self.complaints.append(f"pageerror: {error}"))

    def excuse(self, text: str) -> None:
        """A complaint that this test provokes: the browser itself reports refused requests."""
        self._excused.append(text)

    def unexcused_complaints(self) -> list[str]:
        return [c for c in self.complaints if not any(text in c for text in self._excused)]

    def _note_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":  # also what the content security policy blocks
            self.complaints.append(f"{self.page.url}: {message.text}")

    # Steps of a journey.

    def search(self, trip: Trip) -> None:
        page, words = self.page, self.words
        page.goto("/")
        page.get_by_label(words.pickup).select_option(trip.branch)
        page.get_by_label(words.from_date).and_(page.locator("input")).fill(str(trip.from_day))
        page.get_by_label(words.from_time).select_option("10:00")
        page.get_by_label(words.to_date).and_(page.locator("input")).fill(str(trip.to_day))
        page.get_by_label(words.to_time).select_option("10:00")
        page.get_by_label(words.age).fill(str(trip.age))
        page.get_by_role("button", name=words.search).click()
        expect(page.get_by_role("heading", name=words.results)).to_be_visible()

    def choose_first_car(self) -> str:
        """The ACRISS code of the cheapest class, now on the booking page."""
        self.page.get_by_role("main").get_by_role("link", name=self.words.book).first.click()
        expect(self.page.get_by_role("heading", name=self.words.booking)).to_be_visible()
        expect(self.pay_button).to_be_enabled()
        return re.search(r"class=([A-Z]{4})", self.page.url)[1]  # type: ignore[index]  # no match fails the test

    def open_booking(self, trip: Trip) -> str:
        self.page.goto(f"/cars?{trip.query}")
        return self.choose_first_car()

    def fill_driver(self, cpf: str = VALID_CPF) -> None:
        words, form = self.words, self.page.get_by_role("main")
        form.get_by_label(words.given_name, exact=True).fill("Ana")
        form.get_by_label(words.family_name, exact=True).fill("Souza")
        form.get_by_label(words.email, exact=True).fill(self.email)
        form.get_by_label(words.phone).fill("11 91234-5678")
        form.get_by_label(words.birth_date).fill(birth_date_at(36))
        form.get_by_label(words.document_number).fill(cpf)

    @property
    def card(self) -> FrameLocator:
        return self.page.get_by_role("main").frame_locator("iframe")

    def type_card(self, number: str = GOOD_CARD) -> None:
        words = self.words
        self.card.get_by_label(words.card_number).press_sequentially(number)
        self.card.get_by_label(words.card_expiry).press_sequentially("1240")
        self.card.get_by_label(words.card_cvc).press_sequentially("123")

    def accept_terms(self) -> None:
        self.page.get_by_role("checkbox", name=self.words.accept).check()

    @property
    def pay_button(self) -> Locator:
        return self.page.get_by_role("button", name=self.words.pay)

    def fill_booking(self, trip: Trip, card: str = GOOD_CARD) -> str:
        chosen = self.open_booking(trip)
        self.fill_driver()
        self.type_card(card)
        self.accept_terms()
        return chosen

    def book(self, trip: Trip, card: str = GOOD_CARD) -> str:
        """From the results to the page of the rental; its reference."""
        self.fill_booking(trip, card)
        self.pay_button.click()
        return self.reference()

    def reference(self) -> str:
        expect(self.page).to_have_url(REFERENCE)
        return REFERENCE.search(self.page.url)[1]  # type: ignore[index]  # no match fails the test

    # What the renter sees.

    def sees_status(self, title: str) -> None:
        expect(self.page.get_by_role("heading", name=title, level=2)).to_be_visible()

    def sees(self, text: str) -> None:
        expect(self.page.get_by_text(text).first).to_be_visible()


Visit = Callable[..., Renter]  # language and options of a browser context, all optional


def birth_date_at(age: int) -> str:
    """Typed as the form asks; well before the birthday matters to trips within a year."""
    today = date.today()  # noqa: DTZ011 -- a day more or less does not matter here
    return f"{(today + timedelta(days=1)):%d/%m}/{today.year - age}"
