"""Stripe's refusals, as exceptions that know their answer.

Wording follows what Stripe sends, because people search for it; code and type follow its
reference (https://docs.stripe.com/api/errors, /error-codes, /declines/codes).
"""

from http import HTTPStatus
from typing import Any

Json = dict[str, Any]


class StripeError(Exception):
    """One error answer; ``extra`` adds ``charge``, ``payment_intent``, ``payment_method``."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        kind: str = "invalid_request_error",
        code: str | None = None,
        param: str | None = None,
        **extra: Any,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.fields: Json = {"type": kind, "message": message}
        if code:
            self.fields["code"] = code
            self.fields["doc_url"] = f"https://stripe.com/docs/error-codes/{code.replace('_', '-')}"
        if param:
            self.fields["param"] = param
        self.fields.update({name: value for name, value in extra.items() if value is not None})

    def body(self, request_id: str, now: int) -> Json:
        log = f"https://dashboard.stripe.com/test/logs/{request_id}?t={now}"
        return {"error": {**self.fields, "request_log_url": log}}


def invalid(message: str, param: str | None = None, code: str | None = None) -> StripeError:
    return StripeError(400, message, param=param, code=code)


def missing(param: str) -> StripeError:
    return invalid(f"Missing required param: {param}.", param, "parameter_missing")


def no_such(kind: str, name: str, param: str, *, in_path: bool) -> StripeError:
    """404 for an id in the path, 400 for one in a parameter."""
    status = 404 if in_path else 400
    message = f"No such {kind}: '{name}'"
    return StripeError(status, message, code="resource_missing", param=param)


def unexpected_state(message: str, intent: Json) -> StripeError:
    return StripeError(400, message, code="payment_intent_unexpected_state", payment_intent=intent)


def api_error(status: int) -> StripeError:
    """What an injected failure looks like."""
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        message = "Request rate limit exceeded. Learn more at https://stripe.com/docs/rate-limits."
        return StripeError(status, message, code="rate_limit")
    message = "An unknown error occurred; this was made by the stand-in's fault injection."
    own = status >= HTTPStatus.INTERNAL_SERVER_ERROR
    return StripeError(status, message, kind="api_error" if own else "invalid_request_error")
