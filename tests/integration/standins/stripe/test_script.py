"""The stand-in for Stripe.js in a real browser, on a page of another origin."""

import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from playwright.sync_api import Browser, FrameLocator, Page
from stripe import StripeClient

NEVER_REDIRECTS: Any = {"enabled": True, "allow_redirects": "never"}
PAGE = """<!doctype html><title>Shop</title><body><div id="card"></div>
<script src="{url}/v3/"></script>
<script>
  const stripe = Stripe("pk_test_browser");
  const elements = stripe.elements({{ locale: "{locale}" }});
  const card = elements.create("card", {{ hidePostalCode: true,
    style: {{ base: {{ fontSize: "18px", color: "#123456" }} }} }});
  window.states = [];
  card.on("change", (event) => states.push(event));
  card.on("ready", () => {{ window.isReady = true; }});
  card.mount("#card");
  window.make = () => stripe.createPaymentMethod({{ type: "card", card,
    billing_details: {{ name: "Ana Souza" }} }});
</script>"""


class _Shop(BaseHTTPRequestHandler):
    def __init__(self, page: Callable[[], str], *args: Any) -> None:
        self._page = page
        super().__init__(*args)

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(self._page().encode())

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def open_shop(browser: Browser, url: str) -> Iterator[Callable[[str], Page]]:
    locale = ["en"]
    handler = partial(_Shop, lambda: PAGE.format(url=url, locale=locale[0]))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    page = browser.new_page()

    def visit(language: str) -> Page:
        locale[0] = language
        page.goto(f"http://127.0.0.1:{server.server_port}/")
        page.wait_for_function("window.isReady")
        return page

    yield visit
    page.close()
    server.shutdown()
    server.server_close()
    thread.join()


def card_frame(page: Page) -> FrameLocator:
    return page.frame_locator("iframe[name^=__privateStripeFrame]").first


def type_card(page: Page, number: str = "4242424242424242") -> None:
    frame = card_frame(page)
    frame.locator("[name=cardnumber]").press_sequentially(number)
    frame.locator("[name=exp-date]").press_sequentially("1240")
    frame.locator("[name=cvc]").press_sequentially("123")


def test_card_typed_into_the_frame_becomes_a_payment_method(
    open_shop: Callable[[str], Page], sdk: StripeClient
) -> None:
    page = open_shop("en")
    type_card(page)
    assert card_frame(page).locator("[name=cardnumber]").input_value() == "4242 4242 4242 4242"
    page.wait_for_function("states.at(-1).complete")
    assert page.evaluate("states.at(-1).brand") == "visa"
    assert "StripeElement--complete" in (page.locator("#card").get_attribute("class") or "")
    made = page.evaluate("make()")["paymentMethod"]
    read = sdk.v1.payment_methods.retrieve(made["id"])
    assert read.billing_details.name == "Ana Souza"
    page.evaluate("card.clear()")
    page.wait_for_function("states.at(-1).empty")


def test_incomplete_card_is_an_error_and_portuguese_is_spoken(
    open_shop: Callable[[str], Page],
) -> None:
    page = open_shop("pt-BR")
    number = card_frame(page).locator("[name=cardnumber]")
    assert number.get_attribute("placeholder") == "Número do cartão"
    number.fill("4242")
    error = page.evaluate("make()")["error"]
    assert (error["type"], error["code"]) == ("validation_error", "incomplete_number")
    assert error["message"] == "O número do seu cartão está incompleto."


def test_refused_card_is_an_error_of_the_api(open_shop: Callable[[str], Page]) -> None:
    page = open_shop("en")
    type_card(page, "4111111111111111")
    assert page.evaluate("make()")["error"]["decline_code"] == "test_mode_live_card"


def pay(sdk: StripeClient, **more: Any) -> Any:
    params: Any = {
        "amount": 12300,
        "currency": "brl",
        "confirm": True,
        "payment_method": "pm_card_threeDSecure2Required",
        "automatic_payment_methods": NEVER_REDIRECTS,
        **more,
    }
    return sdk.v1.payment_intents.create(params)


@pytest.mark.parametrize(("button", "outcome"), [("Complete", "succeeded"), ("Fail", None)])
def test_next_action_opens_the_bank_in_a_dialog(
    open_shop: Callable[[str], Page], sdk: StripeClient, button: str, outcome: str | None
) -> None:
    page, intent = open_shop("en"), pay(sdk)
    page.evaluate(
        "secret => { window.result = null;"
        " stripe.handleNextAction({clientSecret: secret}).then(r => { window.result = r; }); }",
        intent.client_secret,
    )
    bank = page.frame_locator("iframe[name=__privateStripeFrame3ds]")
    bank.get_by_role("button", name=button).click()
    page.wait_for_function("window.result")
    result = page.evaluate("result")
    if outcome:
        assert result["paymentIntent"]["status"] == outcome
    else:
        assert result["error"]["code"] == "payment_intent_authentication_failure"
    assert page.locator("dialog").count() == 0


def test_next_action_with_a_return_url_leaves_and_comes_back(
    open_shop: Callable[[str], Page], sdk: StripeClient
) -> None:
    page = open_shop("en")
    intent = pay(sdk, return_url=f"{page.url}back")
    page.evaluate(
        "secret => { stripe.handleNextAction({clientSecret: secret}); }", intent.client_secret
    )
    page.get_by_role("button", name="Complete").click()
    page.wait_for_url("**/back?**")
    assert "redirect_status=succeeded" in page.url
