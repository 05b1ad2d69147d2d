"""The pages that Stripe and banks show to people: 3-D Secure, Pix, boleto, receipt."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import segno
from jinja2 import Environment, FileSystemLoader
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from infra.local.standins.stripe import vouchers
from infra.local.standins.stripe.card_payment import finish_challenge
from infra.local.standins.stripe.errors import Json
from infra.local.standins.stripe.money import written
from infra.local.standins.stripe.vendor import Stripe
from infra.local.standins.stripe.voucher_pdf import boleto_pdf

Handler = Callable[[Request, Json], Awaitable[Response]]
ACTIONS = {
    "authenticate": ("redirect_to_url", "use_stripe_sdk"),
    "boleto": ("boleto_display_details",),
    "pix": ("pix_display_qr_code",),
}


class Pages:
    def __init__(self, stripe: Stripe) -> None:
        self._stripe = stripe
        folder = Path(__file__).with_name("templates")
        self._templates = Environment(loader=FileSystemLoader(folder), autoescape=True)

    def routes(self) -> list[Route]:
        page = "/{kind}/{intent}/{challenge}"
        return [
            Route(page, self.show, methods=["GET"]),
            Route(page, self.answer, methods=["POST"]),
            Route(f"{page}/{{picture}}", self.picture, methods=["GET"]),
            Route("/receipts/{charge}", self.receipt, methods=["GET"]),
        ]

    def _open(self, request: Request) -> Json | None:
        """The intent, while this very challenge or voucher of it is open."""
        names = request.path_params
        intent = self._stripe.ledger.intents.get(names["intent"])
        if intent is None or not vouchers.is_open(self._stripe, intent, names["challenge"]):
            return None
        return intent if intent["next_action"]["type"] in ACTIONS.get(names["kind"], ()) else None

    async def show(self, request: Request) -> Response:
        intent, kind = self._open(request), request.path_params["kind"]
        if intent is None:
            return self._closed(request)
        action = intent["next_action"]
        shown = action[action["type"]]
        return self._page(
            f"{kind}.html",
            amount=written(intent["amount"], intent["currency"].upper()),
            base=str(request.url.path),
            code=shown.get("data") or shown.get("number"),
            expires_at=_time(shown.get("expires_at")),
        )

    async def answer(self, request: Request) -> Response:
        intent, kind = self._open(request), request.path_params["kind"]
        if intent is None:
            return self._closed(request)
        choice = dict(parse_qsl((await request.body()).decode())).get("answer")
        self._stripe.request = {}
        if kind == "authenticate":
            return self._authenticated(intent, passed=choice == "complete")
        challenge = request.path_params["challenge"]
        if choice == "pay":
            vouchers.pay(self._stripe, intent, challenge)
            return self._done(intent, "Paid", "The money is on its way. You may close this page.")
        vouchers.expire(self._stripe, intent, challenge)
        return self._done(intent, "Expired", "It can no longer be paid.")

    def _authenticated(self, intent: Json, *, passed: bool) -> Response:
        redirects = intent["next_action"]["type"] == "redirect_to_url"
        return_url = self._stripe.ledger.attempt(intent).return_url
        finish_challenge(self._stripe, intent, passed=passed)
        failed = intent["status"] == "requires_payment_method"
        if redirects and return_url:
            return RedirectResponse(_back(return_url, intent, failed=failed), 303)
        if failed:
            return self._done(intent, "Not authenticated", "The payment was not confirmed.")
        return self._done(intent, "Authenticated", "You may close this page.")

    async def picture(self, request: Request) -> Response:
        intent, name = self._open(request), request.path_params["picture"]
        if intent is None:
            return self._closed(request)
        action = intent["next_action"]
        shown = action[action["type"]]
        if name == "boleto.pdf" and "number" in shown:
            text = boleto_pdf(shown["number"], intent["amount"], _time(shown["expires_at"]))
            return Response(text, media_type="application/pdf")
        if name in ("code.svg", "code.png") and "data" in shown:
            picture, kind = BytesIO(), name.partition(".")[2]
            segno.make(shown["data"], error="m").save(picture, kind=kind, scale=6, border=2)
            media = {"svg": "image/svg+xml", "png": "image/png"}[kind]
            return Response(picture.getvalue(), media_type=media)
        return self._closed(request)

    async def receipt(self, request: Request) -> Response:
        charge = self._stripe.ledger.charges.get(request.path_params["charge"])
        if charge is None:
            return self._closed(request)
        amount = written(charge["amount_captured"], charge["currency"].upper())
        return self._page("done.html", title="Receipt", text=f"Paid: {amount}", intent=None)

    def _closed(self, request: Request) -> Response:
        answer = self._done(
            {"id": request.path_params.get("intent")},
            "Nothing to do here",
            "This step was already answered, or it was never asked.",
        )
        answer.status_code = 410
        return answer

    def _done(self, intent: Json, title: str, text: str) -> Response:
        return self._page("done.html", title=title, text=text, intent=intent["id"])

    def _page(self, template: str, **values: Any) -> Response:
        return HTMLResponse(self._templates.get_template(template).render(values))


def _time(moment: int | None) -> str:
    if moment is None:
        return ""
    return datetime.fromtimestamp(moment, vouchers.BRASILIA).strftime("%d/%m/%Y %H:%M (Brasília)")


def _back(return_url: str, intent: Json, *, failed: bool) -> str:
    """The caller's page, told what happened as Stripe tells it."""
    told = {
        "payment_intent": intent["id"],
        "payment_intent_client_secret": intent["client_secret"],
        "redirect_status": "failed" if failed else "succeeded",
    }
    parts = urlsplit(return_url)
    query = [*parse_qsl(parts.query, keep_blank_values=True), *told.items()]
    return urlunsplit(parts._replace(query=urlencode(query)))
