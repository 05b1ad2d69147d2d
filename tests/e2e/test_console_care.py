"""Customer care at the console: money, messages, photos and reviews, acted through its pages."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx
import pytest
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    FilePayload,
    Locator,
    Page,
    expect,
)

from infra.local.identity.tokens import fetch_token
from infra.local.load.renters import rental_request
from infra.local.stack.stack import Stack
from tests.e2e.records import Records
from tests.e2e.renter import Trip, next_trip
from tests.e2e.test_every_page import AXE, RUN_AXE
from tests.plugins.photos import photo

CARD = "pm_card_visa"
PATIENCE_SECONDS = 20


@dataclass
class Care:
    """An operator at a browser, and what the API says about the rental meanwhile."""

    stack: Stack
    page: Page
    complaints: list[str] = field(default_factory=list)
    excused: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._note)

    def _note(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(message.text)

    def sign_in(self, path: str, who: str = "Otávio Lima") -> None:
        self.page.goto(path)
        self.page.get_by_role("button", name="Sign in").click()
        self.page.get_by_role("button", name=who).click()
        self.page.wait_for_url(f"**{path}")

    def open(self, path: str, heading: str) -> None:
        self.page.goto(path)
        expect(self.page.get_by_role("heading", name=heading, level=1)).to_be_visible()

    def ask(self, button: str) -> Locator:
        """By the keyboard alone: what is asked stands in a dialog that has it."""
        self.page.get_by_role("button", name=button, exact=True).press("Enter")
        dialog = self.page.get_by_role("dialog")
        expect(dialog.locator(":focus")).to_be_visible()
        return dialog

    def is_told(self, *sentences: str) -> None:
        expect(self.page.get_by_role("dialog")).to_have_count(0)
        for sentence in sentences:
            expect(self.page.locator(".told:focus")).to_contain_text(sentence)

    def is_accessible(self) -> None:
        expect(self.page.get_by_text("Loading…")).to_have_count(0)
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        assert self.page.evaluate(RUN_AXE) == []

    def call(
        self, method: str, path: str, body: dict[str, Any] | None = None, token: str | None = None
    ) -> dict[str, Any]:
        token = token or fetch_token(self.stack.addresses.issuer, roles=["operator"])
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid4())}
        url = f"{self.stack.addresses.api}{path}"
        answer = httpx.request(method, url, json=body, headers=headers, timeout=30)
        assert answer.is_success, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def rental(self, reference: str) -> dict[str, Any]:
        return self.call("GET", f"/rentals/{reference}")

    def wait_until_confirmed(self, reference: str) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while self.rental(reference)["status"] != "CONFIRMED":
            assert time.monotonic() < deadline, self.rental(reference)
            time.sleep(0.1)

    def check_out(self, reference: str) -> int:
        self.wait_until_confirmed(reference)
        path = f"/operator/rentals/{reference}/check-out"
        car = self.call("GET", path)["suggested"]
        odometer: int = car["odometer_km"]
        leaving = {"plate": car["plate"], "odometer_km": odometer, "fuel_eighths": 8}
        self.call("POST", path, leaving | {"deposit_payment_method_id": CARD})
        return odometer


@pytest.fixture
def care(browser: Browser, stack: Stack) -> Iterator[Care]:
    context = browser.new_context(base_url=stack.addresses.web, locale="en-GB")
    operator = Care(stack, context.new_page())
    yield operator
    context.close()
    loud = [c for c in operator.complaints if not any(text in c for text in operator.excused)]
    assert not loud, "\n".join(loud)


def book_at_counter(stack: Stack, trip: Trip) -> dict[str, Any]:
    """Confirmed, and to be paid when the car is picked up."""
    body = rental_request(
        Records(stack).offer(trip, "ECMR")["offer"], payment={"method": "counter"}
    )
    headers = {"Idempotency-Key": str(uuid4())}
    answer = httpx.post(f"{stack.addresses.api}/rentals", json=body, headers=headers, timeout=30)
    assert answer.is_success, answer.text
    accepted: dict[str, Any] = answer.json()
    return accepted


def brl(amount_minor: int) -> str:
    return f"R${amount_minor / 100:,.2f}"


def test_money_is_taken_charged_and_covered_by_the_deposit(care: Care, stack: Stack) -> None:
    accepted = book_at_counter(stack, next_trip())
    reference, total = accepted["reference"], accepted["total"]["amount"]
    path = f"/operator/care/{reference}"
    care.wait_until_confirmed(reference)
    care.sign_in(path)
    care.excused = ("status of 422",)
    taking = care.ask("Take a payment")
    amount = taking.get_by_label("Amount")
    paid = {"amount": {"amount": 1_000, "currency": "BRL"}, "method": "cash"}
    care.call("POST", f"/operator/rentals/{reference}/payments", paid)
    amount.press("Enter")  # all that was due a moment ago
    refusal = f"more than what is left to pay ({brl(total - 1_000)})"
    expect(taking.get_by_text(refusal)).to_be_visible()
    expect(amount).to_be_focused()
    amount.fill("100,00")
    taking.get_by_label("How it was paid").select_option("terminal")
    taking.get_by_label("Note").fill("NSU 4711")
    amount.press("Enter")
    care.is_told("R$100.00 taken at the counter", f"{brl(total - 11_000)} is left to pay.")
    assert care.rental(reference)["due"]["amount"] == total - 11_000
    care.check_out(reference)
    care.open(path, f"Care for rental {reference}")
    adding = care.ask("Add charges")
    adding.get_by_role("button", name="Another item").press("Enter")
    adding.get_by_label("Description").first.fill("Speeding, notice A-1")
    adding.get_by_label("Amount of each").first.fill("195.00")
    toll = adding.get_by_role("group", name="Item 2")
    toll.get_by_label("What for").select_option("Toll")
    toll.get_by_label("Description").fill("BR-116")
    toll.get_by_label("Quantity").fill("2")
    toll.get_by_label("Amount of each").fill("12,40")
    adding.get_by_role("button", name="Charge R$219.80").press("Enter")
    due = total - 11_000 + 21_980
    care.is_told("R$219.80 was added", f"{brl(due)} is left to pay")
    settling = care.ask("Settle the deposit")
    settling.get_by_label("Take a part").check()
    settling.get_by_label("Amount").fill("50")
    settling.get_by_label("Reason").fill("agreed at the counter")
    settling.get_by_label("Reason").press("Enter")
    care.is_told("The bank is asked for R$50.00 of the deposit")
    expect(care.page.get_by_text("taken, whole or in part")).to_be_visible()
    seen = care.rental(reference)
    assert (seen["deposit_status"], seen["due"]["amount"]) == ("RECEIVED", due - 5_000)
    audit = care.page.get_by_role("table", name="Who did what")
    for action in ("Deposit settled", "Charges added", "Payment taken at the counter"):
        expect(audit.get_by_role("rowheader", name=action).first).to_be_visible()
    care.is_accessible()


def test_messages_photos_and_reviews_find_their_answer(care: Care, stack: Stack) -> None:
    accepted = Records(stack).book(next_trip(), "ECMR")
    reference, token = accepted["reference"], accepted["manage_token"]
    renter = f"/rentals/{reference}"
    care.call("POST", f"{renter}/messages", {"text": "May I come an hour earlier?"}, token)
    care.sign_in("/operator/messages")
    row = care.page.get_by_role("row").filter(has_text=reference)
    expect(row).to_contain_text("May I come an hour earlier?")
    care.is_accessible()
    row.get_by_role("link").press("Enter")
    answer = care.page.get_by_label("Answer the renter")
    answer.fill("Yes, the car is ready from nine.")
    care.page.get_by_role("button", name="Send the answer").press("Enter")
    care.is_told("The answer was sent")
    thread = care.call("GET", f"{renter}/messages", None, token)["messages"]
    assert [each["author"] for each in thread] == ["renter", "branch"]
    care.call("POST", f"{renter}/messages", {"text": "Thank you!"}, token)
    care.page.reload()
    care.page.get_by_role("button", name="Needs no answer").press("Enter")
    care.is_told("One message left the waiting list")
    care.page.goto("/operator/messages")
    expect(care.page.get_by_role("button", name="Refresh")).to_be_visible()
    expect(care.page.get_by_text(reference)).to_have_count(0)
    odometer = care.check_out(reference)
    care.open(f"/operator/care/{reference}", f"Care for rental {reference}")
    picture = FilePayload(name="left.jpg", mimeType="image/jpeg", buffer=photo())
    care.page.get_by_label("Files or camera").set_input_files(picture)
    care.page.get_by_role("button", name="Send photos").press("Enter")
    care.is_told("One photo was kept.")
    care.page.locator("summary").filter(has_text="At pick-up").press("Enter")
    care.page.get_by_role("button", name="At pick-up, photo 1 of 1").press("Enter")
    care.is_accessible()
    care.page.get_by_role("dialog").get_by_role("button", name="Discard").press("Enter")
    care.page.get_by_label("Reason").fill("shows a passer-by")
    care.page.get_by_label("Reason").press("Enter")
    care.is_told("Discarded: At pick-up, photo 1 of 1.")
    assert care.call("GET", f"{renter}/photos")["photos"] == []
    coming = {"odometer_km": odometer + 10, "fuel_eighths": 8, "damages": []}
    care.call("POST", f"/operator{renter}/check-in", coming)
    care.call("POST", f"{renter}/review", {"rating": 1, "comment": "Call me at 555-0100"}, token)
    care.open("/operator/reviews", "Review comments")
    care.ask(f"Reject the comment of rental {reference}")
    care.page.get_by_label("Reason").press("Enter")
    expect(care.page.get_by_text("Give a reason.")).to_be_visible()
    care.page.get_by_label("Reason").fill("a telephone number")
    care.page.get_by_label("Reason").press("Enter")
    care.is_told(f"The comment of rental {reference} is not shown.")
    care.is_accessible()
    assert care.call("GET", f"{renter}/review", None, token)["review"]["status"] == "REJECTED"


def test_disputes_are_listed_and_other_branches_stay_closed(care: Care, stack: Stack) -> None:
    records, trip = Records(stack), next_trip()
    reference = records.book(trip, "ECMR", "pm_card_createDispute")["reference"]
    elsewhere = records.book(Trip("SDU", trip.from_day), "ECMR")["reference"]
    care.sign_in("/operator/disputes", "Beatriz Nunes")  # of GRU alone
    row = care.page.get_by_role("row").filter(has_text=reference)
    expect(row.or_(care.page.get_by_text("No open disputes.")).first).to_be_visible()
    for _ in range(20):
        if row.count():
            break
        care.page.wait_for_timeout(500)
        care.page.reload()
        expect(row.or_(care.page.get_by_text("No open disputes.")).first).to_be_visible()
    expect(row).to_contain_text("Fraud: the cardholder did not make it")
    expect(row).to_contain_text("Evidence needed")
    care.is_accessible()
    care.excused = ("status of 404",)
    care.page.goto(f"/operator/care/{elsewhere}")
    expect(care.page.get_by_role("alert")).to_be_visible()
    expect(care.page.get_by_role("heading", name="Price and payments")).to_have_count(0)
