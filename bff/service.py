"""What the BFF does itself: find out who calls, and forward with nothing that a client made up."""

from collections.abc import Mapping
from ipaddress import ip_address

from bff.identity_gateway import verify_token
from bff.process_gateway import Process
from shared.asgi import Answer
from shared.contracts.about import Features, SignInSettings, StripeSettings
from shared.contracts.caller import CALLER_HEADER, Caller
from shared.errors import Rejected
from shared.features import all_flags
from shared.settings import get_settings
from shared.telemetry import current_trace_id, current_traceparent

# All that travels on. Everything else, the internal caller header above all, stops here.
FORWARDED = ("accept", "accept-language", "content-type", "idempotency-key", "if-none-match")
RETURNED = (
    "content-type",
    "etag",
    "cache-control",
    "location",
    "retry-after",
    "www-authenticate",
    "idempotent-replayed",
    "content-disposition",
    "x-content-type-options",
    "vary",
)
JWT_DOTS = 2


async def identify(authorization: str | None) -> Caller:
    """Read ``Authorization``: an OpenID access token is verified here, a manage token passed on.

    Raises:
        Rejected: ``unauthenticated`` for a token that is not valid.
        Unavailable: the OpenID provider's keys cannot be had.
    """
    if authorization is None:
        return Caller()
    scheme, _, token = authorization.partition(" ")
    token = token.strip()
    if scheme.lower() != "bearer" or not token:
        raise Rejected("unauthenticated", "send Authorization: Bearer and a token")
    if token.count(".") == JWT_DOTS:
        return await verify_token(token)
    return Caller(manage_token=token)


def seen_from(caller: Caller, headers: Mapping[str, str]) -> Caller:
    """Add the address that the front door names. Any other header is whatever a client wrote."""
    trusted = get_settings().client_address_header
    if trusted is None:
        return caller
    try:
        address = ip_address(headers.get(trusted, "").strip())
    except ValueError:
        return caller
    return caller.model_copy(update={"address": str(address)})


async def forward(
    process: Process,
    method: str,
    path: str,
    *,
    query: bytes,
    headers: Mapping[str, str],
    body: bytes,
    caller: Caller,
) -> Answer:
    """Call RentProcess as ``caller`` and answer with its status, body and documented headers.

    Raises:
        Unavailable: it cannot be reached.
    """
    sent = {name: headers[name] for name in FORWARDED if name in headers}
    sent["traceparent"] = current_traceparent()
    if caller != Caller():
        sent[CALLER_HEADER] = caller.to_header()
    found = await process.call(method, path, query, sent, body)
    kept = {name: found.headers[name] for name in RETURNED if name in found.headers}
    return Answer(found.status, kept, found.body)


async def read_features(caller: Caller) -> Features:
    settings = get_settings()
    flags = await all_flags(caller)
    return Features(
        flags={str(flag): on for flag, on in flags.items()},
        stripe=StripeSettings(
            publishable_key=settings.stripe_publishable_key, js_url=settings.stripe_js_url
        ),
        sign_in=SignInSettings(
            issuer=settings.oidc_issuer,
            audience=settings.oidc_audience,
            client_id=settings.oidc_web_client_id,
            scope=settings.oidc_web_scope,
        ),
    )


def correlation() -> dict[str, str]:
    """The header that a renter reads out to support and an SRE pastes into a query."""
    return {"X-Correlation-Id": current_trace_id() or ""}
