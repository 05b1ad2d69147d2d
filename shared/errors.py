"""The error tree. HTTP statuses and queue behaviour are decided at the edge, in ``function.py``.

::

    AppError
    ├─ Rejected      an expected no: answered as problem+json, acknowledged on a queue
    │  └─ RateLimited  too often: says when to come again
    └─ Unavailable   a dependency is down: answered 503, retried by the queue

Anything else that is raised is a defect: answered 500, retried, alerted on.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class FieldError:
    """One fault of the input. ``pointer`` is a JSON pointer (RFC 6901) into the request body."""

    pointer: str
    message: str


class AppError(Exception):
    """An error that may be shown: ``detail`` holds no secret and no personal data."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail


class Rejected(AppError):  # noqa: N818 -- an answer, not a fault: the field's word is "rejected"
    """The request is understood and refused. Trying again unchanged gives the same answer."""

    def __init__(
        self,
        code: str,
        detail: str,
        errors: tuple[FieldError, ...] = (),
        members: Mapping[str, Any] | None = None,
    ) -> None:
        """``members`` are further ones of the problem, as RFC 9457 (3.2) allows."""
        super().__init__(code, detail)
        self.errors = errors
        self.members = members or {}


class RateLimited(Rejected):
    """Too many tries; one may succeed after that time, which the answer names."""

    def __init__(self, detail: str, retry_after_seconds: int) -> None:
        super().__init__("rate_limited", detail)
        self.retry_after_seconds = retry_after_seconds


class Unavailable(AppError):  # noqa: N818 -- likewise
    """A dependency is down or too slow. Trying again later may help."""

    def __init__(self, detail: str, retry_after_seconds: int = 2) -> None:
        super().__init__("service_unavailable", detail)
        self.retry_after_seconds = retry_after_seconds
