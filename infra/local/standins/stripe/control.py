"""What tests, drills and judges ask of the stand-in beside Stripe's API; never recorded.

``GET /_control/ledger``, ``POST /_control/reset``, ``GET|POST /_control/webhooks`` (``{"mode":
…}``, ``{"resend": "evt_…"}``), ``POST /_control/keys`` (rolls them), ``POST
/_control/payment_intents/{id}/{pay|expire|complete|fail}`` for what a person does on a page.
"""

from typing import get_args

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from infra.local.standins.stripe import intents, vouchers
from infra.local.standins.stripe.api import Api
from infra.local.standins.stripe.card_payment import finish_challenge
from infra.local.standins.stripe.errors import Json
from infra.local.standins.stripe.vendor import Stripe
from infra.local.standins.stripe.webhooks import Mode, Webhooks


class Control:
    def __init__(self, stripe: Stripe, api: Api, webhooks: Webhooks) -> None:
        self._stripe, self._api, self._webhooks = stripe, api, webhooks

    def routes(self) -> list[Route]:
        return [
            Route("/_control/ledger", self.ledger),
            Route("/_control/reset", self.reset, methods=["POST"]),
            Route("/_control/webhooks", self.webhooks, methods=["GET", "POST"]),
            Route("/_control/keys", self.roll_keys, methods=["POST"]),
            Route("/_control/payment_intents/{name}/{step}", self.step, methods=["POST"]),
        ]

    async def ledger(self, _request: Request) -> Response:
        """Everything, and per intent what was captured and refunded, added up from scratch."""
        ledger = self._stripe.ledger
        names = ("intents", "charges", "refunds", "disputes", "customers", "methods")
        body: Json = {name: list(getattr(ledger, name).values()) for name in names}
        body["totals"] = {name: self._total(name) for name in ledger.intents}
        body["events"] = [
            {"id": event["id"], "type": event["type"], "pending": event["pending_webhooks"]}
            for event in ledger.events.values()
        ]
        return JSONResponse(body)

    def _total(self, intent: str) -> Json:
        charges = [c for c in self._stripe.ledger.charges.values() if c["payment_intent"] == intent]
        refunds = [r for r in self._stripe.ledger.refunds.values() if r["payment_intent"] == intent]
        given = ("succeeded", "pending", "requires_action")
        return {
            "captured": sum(charge["amount_captured"] for charge in charges),
            "captured_charges": sum(charge["captured"] for charge in charges),
            "refunded": sum(r["amount"] for r in refunds if r["status"] in given),
        }

    async def reset(self, _request: Request) -> Response:
        self._stripe.reset()
        self._api.keys.clear()
        self._webhooks.forget()
        self._webhooks.mode = "deliver"
        return JSONResponse({})

    async def webhooks(self, request: Request) -> Response:
        hooks = self._webhooks
        if request.method == "POST":
            sent = await request.json()
            if sent.get("mode") in get_args(Mode):
                hooks.set_mode(sent["mode"])
            elif sent.get("resend") in self._stripe.ledger.events:
                hooks.send(self._stripe.ledger.events[sent["resend"]])
            else:
                return JSONResponse({"error": "mode or resend is missing or wrong"}, 422)
        counts = {"delivered": hooks.delivered, "failed": hooks.failed, "held": len(hooks.held)}
        return JSONResponse({"mode": hooks.mode, **counts})

    async def roll_keys(self, request: Request) -> Response:
        """As in Stripe's dashboard: ``api_keys`` that are accepted, the ``webhook_secret``."""
        sent = await request.json()
        self._stripe.api_keys = set(sent.get("api_keys", self._stripe.api_keys))
        self._webhooks.secret = sent.get("webhook_secret", self._webhooks.secret)
        return JSONResponse({})

    async def step(self, request: Request) -> Response:
        stripe, step = self._stripe, request.path_params["step"]
        intent = stripe.ledger.intents.get(request.path_params["name"])
        if intent is None:
            return JSONResponse({"error": "no such payment intent"}, 404)
        challenge = stripe.ledger.attempt(intent).challenge or ""
        kind = (intent["next_action"] or {}).get("type", "")
        voucher = kind in ("pix_display_qr_code", "boleto_display_details")
        if step == "expire" and intent["status"] == "requires_capture":
            intents.end(stripe, intent, "automatic", expired=True)
        elif step in ("pay", "expire") and voucher:
            (vouchers.pay if step == "pay" else vouchers.expire)(stripe, intent, challenge)
        elif step in ("complete", "fail") and kind in ("redirect_to_url", "use_stripe_sdk"):
            finish_challenge(stripe, intent, passed=step == "complete")
        else:
            return JSONResponse({"error": f"{step} does not go with {intent['status']}"}, 409)
        return JSONResponse(intent)
