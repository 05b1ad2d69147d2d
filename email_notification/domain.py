"""What an e-mail is, and how sending it may end. No I/O."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal, Self
from uuid import UUID

from shared.contracts.messages import EmailTemplate
from shared.contracts.money import Money
from shared.contracts.renter import CancellationPolicy, Price

Provider = Literal["sendgrid", "smtp"]
Locale = Literal["pt-BR", "en"]
DEFAULT_LOCALE: Locale = "pt-BR"


class EmailStatus(StrEnum):
    """``QUEUED`` → ``SENDING`` → ``SENT`` | ``FAILED``; back to ``QUEUED`` to be tried again."""

    QUEUED = "QUEUED"
    SENDING = "SENDING"
    SENT = "SENT"
    FAILED = "FAILED"

    @property
    def is_final(self) -> bool:
        return self in {EmailStatus.SENT, EmailStatus.FAILED}


_TAKES_PLACE = frozenset({"CONFIRMED", "CHECKED_OUT", "COMPLETED"})
# What its rental has overtaken is not sent: it waited in the queue meanwhile, where no order is
# kept. Whoever has paid late must not read that nothing was charged, after being confirmed.
DUE_WHILE: dict[EmailTemplate, frozenset[str]] = {
    EmailTemplate.RENTAL_CONFIRMED: _TAKES_PLACE,
    EmailTemplate.RENTAL_MODIFIED: _TAKES_PLACE,
    EmailTemplate.RENTAL_EXPIRED: frozenset({"EXPIRED", "FAILED"}),
    EmailTemplate.PICKUP_REMINDER: frozenset({"CONFIRMED"}),
    EmailTemplate.RETURN_REMINDER: frozenset({"CHECKED_OUT"}),
    EmailTemplate.RETURN_OVERDUE: frozenset({"CHECKED_OUT"}),
    EmailTemplate.REVIEW_REQUEST: frozenset({"COMPLETED"}),
}


class Outcome(StrEnum):
    """What one delivery of a message came to."""

    SENT = "sent"
    FAILED = "failed"
    DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True)
class Stop:
    """Where and when the car changes hands; ``at`` is shown in the branch's own zone."""

    branch_name: str
    address: str | None
    at: datetime
    timezone: str


@dataclass(frozen=True, slots=True)
class Voucher:
    """What a Pix or a boleto is paid with, from ``payment.voucher_view``."""

    code: str
    url: str | None
    pdf_url: str | None
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class Rental:
    """What ``rent.email_view`` tells of a rental. Never stored, never logged."""

    reference: str
    status: str
    locale: Locale
    recipient_name: str
    recipient_email: str | None
    class_name: str
    example_model: str | None
    pickup: Stop
    return_: Stop
    price: Price
    deposit: Money | None
    cancellation_policy: CancellationPolicy | None
    expires_at: datetime | None
    manage_path: str
    voucher: Voucher | None = None

    def still_needs(self, template: EmailTemplate) -> bool:
        """Whether what the e-mail says is so; who asks to pay by a code has one to pay by."""
        if template is EmailTemplate.PAYMENT_ACTION_REQUIRED:
            return self.voucher is not None
        return self.status in DUE_WHILE.get(template, {self.status})

    @classmethod
    def from_row(cls, row: dict[str, Any]) -> Self:
        policy, deposit = row["cancellation_policy"], row["deposit_minor"]
        return cls(
            reference=row["reference"],
            status=row["status"],
            locale="en" if str(row["locale"]).startswith("en") else DEFAULT_LOCALE,
            recipient_name=row["recipient_name"] or "",
            recipient_email=row["recipient_email"] or None,
            class_name=row["class_name"],
            example_model=row["example_model"],
            pickup=_stop(row, "pickup"),
            return_=_stop(row, "return"),
            price=Price.model_validate(row["price"]),
            deposit=Money(amount=deposit, currency=row["currency"]) if deposit else None,
            cancellation_policy=CancellationPolicy.model_validate(policy) if policy else None,
            expires_at=row["expires_at"],
            manage_path=row["manage_path"],
            voucher=_voucher(row),
        )


@dataclass(frozen=True, slots=True)
class Email:
    """Ready to send. ``message_id`` names it at the provider and in its ``Message-ID``."""

    message_id: UUID
    rental_id: UUID
    template: EmailTemplate
    locale: Locale
    recipient_name: str
    recipient_email: str
    subject: str
    html: str
    text: str
    written_at: datetime

    def header_message_id(self, sender_address: str) -> str:
        """Stable over retries: mailboxes show two copies of one ``Message-ID`` once, if at all."""
        return f"<{self.message_id}@{sender_address.rpartition('@')[2]}>"


def _voucher(row: dict[str, Any]) -> Voucher | None:
    code = row.get("voucher_code")
    if code is None:
        return None
    return Voucher(code, row["voucher_url"], row["voucher_pdf_url"], row["voucher_expires_at"])


def _stop(row: dict[str, Any], prefix: str) -> Stop:
    return Stop(
        branch_name=row[f"{prefix}_branch_name"],
        address=row[f"{prefix}_address"],
        at=row[f"{prefix}_at"],
        timezone=row[f"{prefix}_timezone"],
    )
