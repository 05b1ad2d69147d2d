"""Who tries, as a hash that is good for one window of the clock. No I/O."""

import hmac
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from ipaddress import IPv6Address, ip_address, ip_network

from shared.contracts.limits import Subject, TryRule, fault_of_amount
from shared.contracts.money import Money
from shared.errors import FieldError, RateLimited, Rejected

# A household's or a server's share of IPv6: whoever has one address of it has them all.
IPV6_PREFIX = 64


@dataclass(frozen=True, slots=True)
class Try:
    """One more of ``subject`` until ``ends_at``; more than ``maximum`` are refused."""

    subject: bytes
    ends_at: datetime
    maximum: int


def window_end(now: datetime, window_seconds: int) -> datetime:
    """When the window ends that ``now`` lies in; windows begin with the clock's."""
    began = int(now.timestamp()) // window_seconds * window_seconds
    return datetime.fromtimestamp(began + window_seconds, UTC)


def count_one(key: str, rule: TryRule, who: str, maximum: int, now: datetime) -> Try:
    """The hash holds the window: two of them cannot be told to be of one person."""
    ends_at = window_end(now, rule.window_seconds)
    text = f"try:{rule.per}:{ends_at.isoformat()}:{who}"
    return Try(hmac.digest(key.encode(), text.encode(), sha256), ends_at, maximum)


def names_of(email: str, address: str | None) -> dict[Subject, str]:
    """What tries are counted by, in a form that small changes do not escape."""
    found: dict[Subject, str] = {"email": _one_mailbox(email)}
    if address is not None:
        found["address"] = _one_place(address)
    return found


def _one_mailbox(email: str) -> str:
    """``Ana+1@example.com`` is read by whoever reads ``ana@example.com`` (RFC 5233)."""
    local, _, domain = email.strip().lower().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def _one_place(address: str) -> str:
    found = ip_address(address)
    if not isinstance(found, IPv6Address):
        return str(found)
    return str(found.ipv4_mapped or ip_network((found, IPV6_PREFIX), strict=False))


def too_often(ends_at: datetime, now: datetime) -> RateLimited:
    """The answer; it does not say which count was full, which would help only who tests cards."""
    seconds = max(1, int((ends_at - now).total_seconds()) + 1)
    return RateLimited("too many tries; come back later, or rent at the counter", seconds)


def check_amount(method: str, amount: Money) -> None:
    """Refuse what cannot be charged online in this way; the counter takes any amount.

    Raises:
        Rejected: ``payment_method_unavailable``.
    """
    fault = None if method == "counter" else fault_of_amount(method, amount)
    if fault is not None:
        detail = f"this price cannot be paid by {method}: {fault.replace('_', ' ')}"
        raise Rejected(
            "payment_method_unavailable", detail, (FieldError("/payment/method", detail),)
        )
