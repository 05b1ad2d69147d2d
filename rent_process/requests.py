"""What every call of the rental reads from its request beside query and body."""

import re
from uuid import UUID

from starlette.requests import Request

from shared.contracts.bases import Locale
from shared.contracts.caller import CALLER_HEADER, Caller
from shared.errors import Rejected

LONGEST_KEY = 255
_REFERENCE = re.compile(r"[0-9A-Z]{8}")


def caller_of(request: Request) -> Caller:
    return Caller.from_header(request.headers.get(CALLER_HEADER))


def operator_of(request: Request) -> Caller:
    """Return the operator who calls. The BFF asks first; this is the lock on the door itself.

    Raises:
        Rejected: ``unauthenticated``, ``forbidden``.
    """
    caller = caller_of(request)
    if caller.subject is None:
        raise Rejected("unauthenticated", "sign in as an operator")
    if not caller.is_operator:
        raise Rejected("forbidden", "this call is for operators")
    return caller


def head_operator_of(request: Request) -> Caller:
    """Return an operator of the whole company: what concerns every branch is not for one's.

    Raises:
        Rejected: ``unauthenticated``, ``forbidden``.
    """
    caller = operator_of(request)
    if caller.limited_to is not None:
        raise Rejected("forbidden", "this call is for operators of every branch")
    return caller


def reference_of(request: Request) -> str:
    """Return the rental's reference from the path.

    Raises:
        Rejected: ``not_found``: no reference looks like this.
    """
    reference = str(request.path_params["reference"]).upper()
    if not _REFERENCE.fullmatch(reference):
        raise Rejected("not_found", "there is no such rental")
    return reference


def uuid_of(request: Request, name: str) -> UUID:
    """Return an id from the path.

    Raises:
        Rejected: ``not_found``: no id looks like this.
    """
    try:
        return UUID(str(request.path_params[name]))
    except ValueError:
        raise Rejected("not_found", "there is nothing of this id") from None


def locale_of(request: Request) -> Locale:
    """Portuguese unless English is asked for before it."""
    wanted = request.headers.get("accept-language", "").lower()
    english, portuguese = wanted.find("en"), wanted.find("pt")
    return "en" if english >= 0 and (portuguese < 0 or english < portuguese) else "pt-BR"


def idempotency_key_of(request: Request) -> str:
    """Return the caller's Idempotency-Key.

    Raises:
        Rejected: ``idempotency_key_required``, ``validation_failed``.
    """
    key = request.headers.get("idempotency-key", "").strip()
    if not key:
        raise Rejected("idempotency_key_required", "send an Idempotency-Key header")
    if len(key) > LONGEST_KEY or not key.isprintable():
        detail = f"an Idempotency-Key has at most {LONGEST_KEY} printable characters"
        raise Rejected("validation_failed", detail)
    return key
