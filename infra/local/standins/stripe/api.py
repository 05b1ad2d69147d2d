"""The way into the API: key, version, idempotency, parameters, handler, answer."""

import asyncio
import base64
import json

from starlette.requests import Request
from starlette.responses import Response

from infra.local.standins.faults import FAULT_SECONDS, FAULT_STATUS
from infra.local.standins.stripe import expand, form
from infra.local.standins.stripe.endpoints import Endpoint, find
from infra.local.standins.stripe.errors import Json, StripeError, api_error, invalid
from infra.local.standins.stripe.idempotency import Answer, Keys
from infra.local.standins.stripe.ledger import API_VERSION, new_id, now
from infra.local.standins.stripe.vendor import Stripe

FORM = "application/x-www-form-urlencoded"
NOT_FOR_BROWSERS = (
    "This API call cannot be made with a publishable API key. Please use a secret API key. You can"
    " find a list of your API keys at https://dashboard.stripe.com/account/apikeys."
)
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD, PUT, PATCH, POST, DELETE",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, Idempotency-Key, Stripe-Version",
    "Access-Control-Expose-Headers": "Request-Id",
    "Access-Control-Max-Age": "300",
}
HIDDEN_FROM_BROWSERS: Json = {"customer": None, "metadata": {}, "receipt_email": None}


class Api:
    def __init__(self, stripe: Stripe) -> None:
        self._stripe, self.keys = stripe, Keys()

    async def __call__(self, request: Request) -> Response:
        if request.method == "OPTIONS":
            return Response(status_code=200, headers=CORS)
        request_id = f"req_{new_id('')[2:16]}"
        text = (await request.body()).decode("utf-8", errors="replace")
        try:
            answer = await self._answer(request, text, request_id)
        except StripeError as error:
            answer = Answer(error.status, json.dumps(error.body(request_id, now())), request_id)
        return _response(request, answer, request_id)

    async def _answer(self, request: Request, text: str, request_id: str) -> Answer:
        publishable = self._check_key(request)
        _check_version(request)
        key = request.headers.get("idempotency-key") if request.method == "POST" else None
        if key is None:
            return await self._act(request, text, request_id, publishable=publishable)
        scoped = f"{'pk' if publishable else 'sk'}:{key}"
        kept = self.keys.begin(scoped, request.url.path, text)
        if kept is not None:
            return kept
        answer = Answer(500, "{}", request_id)
        try:
            answer = await self._act(request, text, request_id, publishable=publishable)
        finally:
            self.keys.end(scoped, answer)
        return answer

    async def _act(
        self, request: Request, text: str, request_id: str, *, publishable: bool
    ) -> Answer:
        wait = self._stripe.options.latency_seconds + request.scope.get(FAULT_SECONDS, 0)
        if wait:
            await asyncio.sleep(wait)
        self._stripe.request = {
            "id": request_id,
            "idempotency_key": request.headers.get("idempotency-key"),
        }
        try:
            if FAULT_STATUS in request.scope:
                raise api_error(request.scope[FAULT_STATUS])
            body = self._handle(request, text, publishable=publishable)
        except StripeError as error:
            return Answer(error.status, json.dumps(error.body(request_id, now())), request_id)
        finally:
            self._stripe.request = {}
        return Answer(200, json.dumps(body), request_id)

    def _handle(self, request: Request, text: str, *, publishable: bool) -> Json:
        found = find(request.method, request.url.path)
        if found is None:
            message = f"Unrecognized request URL ({request.method}: {request.url.path})."
            raise StripeError(404, message, code="resource_missing")
        endpoint, names = found
        if publishable and not endpoint.publishable:
            raise StripeError(403, NOT_FOR_BROWSERS, code="secret_key_required")
        params = _params(request, text, endpoint)
        if publishable and "payment_intents" in endpoint.path and "client_secret" not in params:
            raise StripeError(403, NOT_FOR_BROWSERS, code="secret_key_required")
        paths = params.pop("expand", [])
        expand.check(endpoint.kind, paths, listed=endpoint.listed)
        self._stripe.context.update(path=request.url.path, publishable=publishable)
        body = endpoint.handler(self._stripe, params, *names)
        body = expand.expanded(self._stripe.ledger, body, paths)
        if publishable and body["object"] == "payment_intent":
            return {**body, **HIDDEN_FROM_BROWSERS}
        return body

    def _check_key(self, request: Request) -> bool:
        """True for the publishable key."""
        sent = _sent_key(request.headers.get("authorization", ""))
        if sent in self._stripe.api_keys:
            return False
        if sent == self._stripe.options.publishable_key:
            return True
        if not sent:
            raise StripeError(
                401,
                "You did not provide an API key. You need to provide your API key in the "
                "Authorization header, using Bearer auth (e.g. 'Authorization: Bearer "
                "YOUR_NOT_FOR_BROWSERS').",
            )
        masked = f"{sent[:8]}{'*' * max(0, len(sent) - 12)}{sent[-4:]}"
        raise StripeError(401, f"Invalid API Key provided: {masked}")


def _sent_key(header: str) -> str:
    scheme, _, value = header.partition(" ")
    if scheme.lower() == "bearer":
        return value.strip()
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(value, validate=True).decode().partition(":")[0]
        except ValueError:
            return ""
    return ""


def _check_version(request: Request) -> None:
    """Stripe serves older versions too; the stand-in speaks one and says so."""
    version = request.headers.get("stripe-version", API_VERSION)
    if version != API_VERSION:
        raise invalid(f"Invalid Stripe API version: {version}. Use {API_VERSION}.")


def _params(request: Request, text: str, endpoint: Endpoint) -> Json:
    if endpoint.method != "POST":
        return form.read(request.url.query, endpoint.schema)
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if text and media != FORM:
        raise invalid(
            "Invalid request (check that your POST content type is "
            "application/x-www-form-urlencoded)."
        )
    return form.read(text, endpoint.schema)


def _response(request: Request, answer: Answer, request_id: str) -> Response:
    headers = {**CORS, "Request-Id": request_id, "Stripe-Version": API_VERSION}
    headers["Cache-Control"] = "no-cache, no-store"
    key = request.headers.get("idempotency-key")
    if key is not None and request.method == "POST":
        headers["Idempotency-Key"] = key
        headers["Original-Request"] = answer.request_id
    if answer.replayed:
        headers["Idempotent-Replayed"] = "true"
    if answer.status == 401:  # noqa: PLR2004 - not signed in
        headers["WWW-Authenticate"] = 'Basic realm="Stripe"'
    return Response(answer.text, answer.status, headers, "application/json")
