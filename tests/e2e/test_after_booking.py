"""What a renter does about a rental later: write to the branch, be answered, review."""

import os
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from playwright.sync_api import Page, expect

from infra.local.identity.tokens import fetch_token
from infra.local.stack.stack import Stack
from tests.e2e.records import Records
from tests.e2e.renter import Renter, Trip, Visit
from tests.e2e.test_every_page import AXE, DESKTOP, PHONE, RUN_AXE
from tests.e2e.test_keyboard_and_language import go_to

QUESTION, ANSWER = "May I bring my dog?\nHe is small.", "Yes, with a blanket.\nSee you soon!"
# Where to leave pictures of these pages, for eyes; nothing is kept without it.
PICTURES = os.environ.get("PICTURES_TO")


@pytest.fixture
def rental(records: Records, trip: Trip) -> dict[str, Any]:
    return records.book(trip, "ECMR")


def open_rental(renter: Renter, rental: dict[str, Any]) -> Page:
    renter.page.goto(f"/rentals/{rental['reference']}#token={rental['manage_token']}")
    expect(renter.page.get_by_role("heading", level=1)).to_be_visible()
    return renter.page


def complete(stack: Stack, rental: dict[str, Any]) -> None:
    """As check-in leaves it."""
    with psycopg.connect(stack.database_url) as connection:
        connection.execute(
            "UPDATE rent.rental SET status = 'COMPLETED', expires_at = NULL, version = version + 1"
            " WHERE reference = %s",
            [rental["reference"]],
        )


def as_operator(stack: Stack, method: str, path: str, body: Any = None) -> Any:
    token = fetch_token(stack.addresses.issuer, roles=["operator"])
    answer = httpx.request(
        method,
        f"{stack.addresses.api}/operator{path}",
        json=body,
        headers={"Authorization": f"Bearer {token}"},
        timeout=30,
    )
    answer.raise_for_status()
    return answer.json()


def check_page(page: Page, name: str) -> None:
    page.evaluate(AXE.read_text(encoding="utf-8"))
    assert page.evaluate(RUN_AXE) == []
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0, f"scrolls sideways by {wide} px"
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)


@pytest.mark.parametrize(("locale", "window"), [("en-GB", DESKTOP), ("pt-BR", PHONE)])
def test_renter_writes_with_the_keyboard_alone_and_reads_the_answer(
    visit: Visit,
    stack: Stack,
    records: Records,
    rental: dict[str, Any],
    locale: str,
    window: dict[str, int],
) -> None:
    english = locale == "en-GB"
    renter = visit(locale, viewport=window)
    page = open_rental(renter, rental)
    region = page.get_by_role("region", name="Messages" if english else "Mensagens")
    renter.sees("Nothing has been written yet" if english else "Ainda não há mensagens")
    send = region.get_by_role("button", name="Send" if english else "Enviar")
    go_to(page, send).press("Enter")
    field = region.get_by_role("textbox")
    expect(field).to_be_focused()  # what is missing
    check_page(page, f"messages-empty-{locale}")
    for line in QUESTION.split("\n"):
        page.keyboard.type(line)
        page.keyboard.press("Shift+Enter")
    go_to(page, send).press("Enter")
    expect(region.get_by_role("listitem")).to_have_count(1)
    expect(region.get_by_role("status")).to_contain_text("sent" if english else "enviada")
    expect(field).to_have_value("")
    threads = as_operator(stack, "GET", "/messages")["threads"]
    [text] = [each["text"] for each in threads if each["reference"] == rental["reference"]]
    assert text == QUESTION
    as_operator(stack, "POST", f"/rentals/{rental['reference']}/messages", {"text": ANSWER})
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    log = page.get_by_role("log")  # read out when it grows
    expect(log.get_by_role("listitem")).to_have_count(2)
    expect(log.get_by_role("listitem").last).to_contain_text("Yes, with a blanket.")
    check_page(page, f"messages-{locale}")


def test_answer_reaches_the_renters_mailbox(
    records: Records, stack: Stack, renter: Renter, trip: Trip
) -> None:
    reference = renter.book(trip)
    renter.sees_status(renter.words.confirmed)
    as_operator(stack, "POST", f"/rentals/{reference}/messages", {"text": ANSWER})
    mail = records.wait_for_mail(renter.email, "Message about booking")
    assert "> Yes, with a blanket." in mail["text"]


@pytest.mark.parametrize(("locale", "window"), [("en-GB", PHONE), ("pt-BR", DESKTOP)])
def test_renter_reviews_a_completed_rental_once_with_the_keyboard(
    visit: Visit, stack: Stack, rental: dict[str, Any], locale: str, window: dict[str, int]
) -> None:
    english = locale == "en-GB"
    renter = visit(locale, viewport=window, color_scheme="dark" if english else "light")
    page = open_rental(renter, rental)
    title = "How was your rental?" if english else "Como foi o seu aluguel?"
    renter.sees_status(renter.words.confirmed)
    expect(page.get_by_role("heading", name=title)).to_have_count(0)
    complete(stack, rental)
    page.reload()
    region = page.get_by_role("region", name=title)
    send = region.get_by_role("button")
    go_to(page, send).press("Enter")
    renter.sees("Choose a rating." if english else "Escolha uma nota.")
    expect(region.get_by_role("radio").first).to_be_focused()
    check_page(page, f"review-{locale}")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    go_to(page, region.get_by_role("textbox"))
    page.keyboard.type("Clean car")
    go_to(page, send).press("Enter")
    thanks = page.get_by_role("heading", name="Thank you" if english else "Obrigado")
    expect(thanks).to_be_focused()
    renter.sees("Very good" if english else "Muito boa")
    check_page(page, f"reviewed-{locale}")
    page.reload()
    expect(thanks).to_be_visible()
    comments = as_operator(stack, "GET", "/reviews")["reviews"]
    [(rating, text)] = [
        (each["rating"], each["comment"])
        for each in comments
        if each["reference"] == rental["reference"]
    ]
    assert (rating, text) == (4, "Clean car")
