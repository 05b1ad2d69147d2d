"""What holds for every page: usable by everybody, on a narrow phone, by day and by night."""

from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from infra.local.install.node_packages import WEB
from infra.local.stack.stack import Stack
from tests.e2e.records import Records
from tests.e2e.renter import Renter, Trip, Visit, next_trip

AXE = WEB / "node_modules" / "axe-core" / "axe.min.js"
PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 800}
# Frames of the bank's vendor are not ours to mend, and axe would wait for them.
RUN_AXE = """async () => (await axe.run({ iframes: false, resultTypes: ["violations"] })).violations
  .filter(({ impact }) => impact === "serious" || impact === "critical")
  .map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html).join(" ")}`)"""
# The darkest and lightest that a page's ground may be, of 1 (W3C's relative luminance, roughly).
DARK, LIGHT = 0.2, 0.8
LUMINANCE = """() => {
  const [red, green, blue] = getComputedStyle(document.body).backgroundColor.match(/[\\d.]+/g);
  return (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255;
}"""


@dataclass(frozen=True)
class Places:
    """Addresses of the pages; those of rentals are made once for this file."""

    trip: Trip
    confirmed: str
    declined: str
    challenged: str

    def address(self, name: str) -> str:
        fixed = {
            "search": "/",
            "cars": f"/cars?{self.trip.query}",
            "cars refused": "/cars?pickup=GRU&return=GRU&from=2020-01-01T10:00&to=2020-01-02T10:00",
            "booking": f"/book?{self.trip.query}&class=ECMR",
            "my rentals": "/rentals",
            "lost rental": "/rentals/ZZZZZZZZ",
            "terms": "/terms",
            "privacy": "/privacy",
            "not found": "/there/is/nothing/here",
        }
        return fixed.get(name) or str(getattr(self, name))


PAGES = (
    "search",
    "cars",
    "cars refused",
    "booking",
    "confirmed",
    "declined",
    "challenged",
    "my rentals",
    "lost rental",
    "terms",
    "privacy",
    "not found",
)
HEADINGS = {
    "confirmed": "Booking confirmed",
    "declined": "The payment was declined",
    "challenged": "Your bank asks for a confirmation",
}


@pytest.fixture(scope="module")
def places(stack: Stack) -> Places:
    records, trip = Records(stack), next_trip()

    def rental(card: str) -> str:
        accepted = records.book(trip, "ECMR", card)
        return f"/rentals/{accepted['reference']}#token={accepted['manage_token']}"

    return Places(
        trip,
        confirmed=rental("pm_card_visa"),
        declined=rental("pm_card_chargeDeclined"),
        challenged=rental("pm_card_authenticationRequired"),
    )


def open_page(renter: Renter, places: Places, name: str) -> Page:
    """Opened and finished: nothing still on its way."""
    page = renter.page
    for refused in ("status of 401", "status of 422"):  # by the pages that show a refusal
        renter.excuse(refused)
    page.goto(places.address(name))
    if name in HEADINGS:
        renter.sees_status(HEADINGS[name])
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_text("Loading…")).to_have_count(0)
    page.wait_for_load_state("load")
    return page


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_page_is_accessible_and_fits_a_phone(
    visit: Visit, places: Places, name: str, scheme: str
) -> None:
    renter = visit(viewport=PHONE, color_scheme=scheme)
    page = open_page(renter, places, name)
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= PHONE["width"], f"scrolls sideways: {wide} px, by {widest(page)}"
    luminance = page.evaluate(LUMINANCE)
    assert luminance < DARK if scheme == "dark" else luminance > LIGHT
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    assert page.evaluate(RUN_AXE) == []
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= PHONE["width"], f"scrolls sideways unfolded: {wide} px, by {widest(page)}"


@pytest.mark.parametrize("name", PAGES)
def test_page_is_accessible_on_a_desktop(visit: Visit, places: Places, name: str) -> None:
    renter = visit(viewport=DESKTOP)
    page = open_page(renter, places, name)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    assert page.evaluate(RUN_AXE) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= DESKTOP["width"]


def widest(page: Page) -> str:
    """Whose right edge lies farthest out, for the failure's message."""
    found: str = page.evaluate("""() => [...document.querySelectorAll("body *")]
      .map((element) => [element.getBoundingClientRect().right, element.outerHTML.slice(0, 120)])
      .sort((a, b) => b[0] - a[0])[0][1]""")
    return found
