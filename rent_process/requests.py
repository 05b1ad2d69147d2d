"""What every route reads from a request in the same way."""

from starlette.requests import Request

from shared.contracts.caller import CALLER_HEADER, Caller
from shared.contracts.renter import Locale
from shared.errors import Rejected

LONGEST_KEY = 255


def caller_of(request: Request) -> Caller:
    return Caller.from_header(request.headers.get(CALLER_HEADER))


def reference_of(request: Request) -> str:
    return str(request.path_params["reference"]).upper()


def locale_of(request: Request) -> Locale:
    """Portuguese unless English is asked for before it."""
    wanted = request.headers.get("accept-language", "").lower()
    english, portuguese = wanted.find("en"), wanted.find("pt")
    return "en" if english >= 0 and (portuguese < 0 or english < portuguese) else "pt-BR"


def idempotency_key_of(request: Request) -> str:
    """Read the ``Idempotency-Key`` header.

    Raises:
        Rejected: ``idempotency_key_required`` or ``validation_failed``.
    """
    key = request.headers.get("idempotency-key", "").strip()
    if not key:
        raise Rejected("idempotency_key_required", "send an Idempotency-Key header")
    if len(key) > LONGEST_KEY or not key.isprintable():
        detail = f"an Idempotency-Key has at most {LONGEST_KEY} printable characters"
        raise Rejected("validation_failed", detail)
    return key
