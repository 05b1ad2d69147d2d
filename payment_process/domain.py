"""What a payment may do. Pure: no clock, no vendor, no database.

A row is one intent at the vendor. Only a confirmation moves money; while one is on its way
(``confirm_began_at``) the outcome is open, and it is closed by its answer or by retrieving the
intent by its id, by nothing else.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from shared.contracts.messages import (
    PaymentCancelRequestedV1,
    PaymentMethod,
    PaymentRequestedV1,
    Purpose,
)

NO_CURRENCY = "XXX"  # ISO 4217: a cancel that overtook its request names no amount


class Status(StrEnum):
    CREATED = "CREATED"
    PROCESSING = "PROCESSING"
    UNKNOWN = "UNKNOWN"
    REQUIRES_ACTION = "REQUIRES_ACTION"
    DECLINED = "DECLINED"
    AUTHORIZED = "AUTHORIZED"
    CAPTURED = "CAPTURED"
    PARTIALLY_REFUNDED = "PARTIALLY_REFUNDED"
    REFUNDED = "REFUNDED"
    DISPUTED = "DISPUTED"
    VOIDED = "VOIDED"
    AUTH_EXPIRED = "AUTH_EXPIRED"


S = Status
_DECIDED = frozenset({S.AUTHORIZED, S.CAPTURED, S.VOIDED})
_ANSWERED = _DECIDED | {S.REQUIRES_ACTION, S.DECLINED}
# A payment that was declined can still be captured: a confirmation may land late, or the renter
# finish the earlier attempt in another tab.
LEGAL: dict[Status, frozenset[Status]] = {
    S.CREATED: _ANSWERED | {S.PROCESSING},
    S.PROCESSING: _ANSWERED | {S.UNKNOWN},
    S.UNKNOWN: _ANSWERED | {S.PROCESSING},
    S.REQUIRES_ACTION: _DECIDED | {S.CREATED, S.PROCESSING, S.DECLINED},
    S.DECLINED: _DECIDED | {S.CREATED, S.PROCESSING, S.REQUIRES_ACTION},
    S.AUTHORIZED: frozenset({S.CAPTURED, S.VOIDED, S.AUTH_EXPIRED}),
    S.CAPTURED: frozenset({S.PARTIALLY_REFUNDED, S.REFUNDED, S.DISPUTED}),
    S.PARTIALLY_REFUNDED: frozenset({S.CAPTURED, S.REFUNDED, S.DISPUTED}),
    S.REFUNDED: frozenset({S.CAPTURED, S.PARTIALLY_REFUNDED, S.DISPUTED}),
    S.DISPUTED: frozenset({S.CAPTURED, S.PARTIALLY_REFUNDED, S.REFUNDED}),
    S.VOIDED: frozenset(),
    S.AUTH_EXPIRED: frozenset(),
}
RETRYABLE = frozenset({S.DECLINED, S.REQUIRES_ACTION})
UNDECIDED = frozenset({S.CREATED, S.PROCESSING, S.UNKNOWN, S.REQUIRES_ACTION, S.DECLINED})
CHARGED = frozenset({S.CAPTURED, S.PARTIALLY_REFUNDED, S.REFUNDED, S.DISPUTED})


class IllegalTransition(RuntimeError):  # noqa: N818 -- the field's word
    """A defect, or a vendor that contradicts itself: raised, alerted on, never ignored."""


class UnknownOutcome(Exception):  # noqa: N818 -- not a failure: the money may have moved
    """The call was sent, and nobody knows what became of it."""


class SpentKey(Exception):  # noqa: N818 -- a state of the key
    """The vendor will never do what is asked under this key: the next one has to be used."""


class VendorRefused(Exception):  # noqa: N818 -- the vendor's word for a defect of ours
    """The vendor calls our request wrong, and has done nothing. Names what, never the values."""


class IntentStatus(StrEnum):
    """The vendor's words (docs.stripe.com/payments/paymentintents/lifecycle)."""

    REQUIRES_PAYMENT_METHOD = "requires_payment_method"
    REQUIRES_CONFIRMATION = "requires_confirmation"
    REQUIRES_ACTION = "requires_action"
    PROCESSING = "processing"
    REQUIRES_CAPTURE = "requires_capture"
    SUCCEEDED = "succeeded"
    CANCELED = "canceled"


_OPEN = frozenset(
    {
        IntentStatus.REQUIRES_PAYMENT_METHOD,
        IntentStatus.REQUIRES_CONFIRMATION,
        IntentStatus.REQUIRES_ACTION,
    }
)


@dataclass(frozen=True, slots=True)
class Intent:
    """What the vendor says about its side of a payment."""

    intent_id: str
    status: IntentStatus
    received_minor: int = 0
    client_secret: str | None = field(default=None, repr=False)
    next_action: dict[str, Any] | None = field(default=None, repr=False)
    decline_code: str | None = None
    capture_before: datetime | None = None
    method_id: str | None = None


@dataclass(frozen=True, slots=True)
class Payment:
    """One row of ``payment.payment``; field for column."""

    payment_id: UUID
    rental_id: UUID
    purpose: Purpose
    sequence: int
    reference: str | None
    status: Status
    attempt: int
    amount_minor: int
    currency: str
    method: PaymentMethod | None
    payment_method_id: str | None
    off_session: bool
    expires_at: datetime | None
    traceparent: str | None
    captured_minor: int = 0
    refunded_minor: int = 0
    decline_code: str | None = None
    intent_id: str | None = None
    client_secret: str | None = field(default=None, repr=False)
    next_action: dict[str, Any] | None = field(default=None, repr=False)
    capture_before: datetime | None = None
    confirm_began_at: datetime | None = None
    cancel_requested_at: datetime | None = None
    customer_id: str | None = None
    save_method: bool = False
    capture_minor: int | None = None
    renewal: int = 0
    replaced_by: UUID | None = None
    spent_keys: int = 0
    version: int = 1

    def may_confirm(self, now: datetime) -> bool:
        """Nothing is confirmed after the hold's end, nor after it was given up."""
        return (
            self.cancel_requested_at is None and self.expires_at is not None
        ) and now < self.expires_at


def open_payment(message: PaymentRequestedV1) -> Payment:
    return Payment(
        payment_id=uuid4(),
        rental_id=message.rental_id,
        purpose=message.purpose,
        sequence=message.sequence,
        reference=message.reference,
        status=Status.CREATED,
        attempt=message.attempt,
        amount_minor=message.amount.amount,
        currency=message.amount.currency,
        method=message.method,
        payment_method_id=message.payment_method_id,
        off_session=message.off_session,
        save_method=message.save_method,
        expires_at=message.expires_at,
        traceparent=message.traceparent,
    )


def open_tombstone(message: PaymentCancelRequestedV1, now: datetime) -> Payment:
    """What a cancel leaves that overtook its request: the request then finds it given up."""
    return Payment(
        payment_id=uuid4(),
        rental_id=message.rental_id,
        purpose=message.purpose,
        sequence=message.sequence,
        reference=None,
        status=Status.VOIDED,
        attempt=0,
        amount_minor=0,
        currency=NO_CURRENCY,
        method=None,
        payment_method_id=None,
        off_session=False,
        expires_at=None,
        traceparent=message.traceparent,
        cancel_requested_at=now,
    )


def begin_attempt(payment: Payment, message: PaymentRequestedV1) -> Payment:
    """Take the renter's next attempt, on the same intent; an old or repeated one changes nothing.

    Raises:
        IllegalTransition: the next attempt asks for another amount, or comes while one is open.
    """
    if message.attempt <= payment.attempt or payment.status not in UNDECIDED:
        return payment
    if payment.attempt == 0 or payment.cancel_requested_at is not None:
        return payment
    asked = (message.amount.amount, message.amount.currency)
    if asked != (payment.amount_minor, payment.currency):
        raise IllegalTransition(f"payment {payment.payment_id}: another amount in an attempt")
    if payment.status not in RETRYABLE:
        raise IllegalTransition(f"payment {payment.payment_id}: an attempt is still open")
    return _move(
        payment,
        Status.CREATED,
        attempt=message.attempt,
        method=message.method,
        payment_method_id=message.payment_method_id,
        off_session=message.off_session,
        save_method=message.save_method,
        expires_at=message.expires_at,
        traceparent=message.traceparent or payment.traceparent,
        decline_code=None,
        client_secret=None,
        next_action=None,
    )


def refuse(payment: Payment, attempt: int, decline_code: str, **made: str | None) -> Payment:
    """Decline an attempt that the vendor is not asked about; the renter may try again later.

    ``made``: what the vendor has made for it already, which the next attempt uses.
    """
    if payment.status is not Status.CREATED or payment.attempt != attempt:
        return payment
    return _move(payment, Status.DECLINED, decline_code=decline_code, **made)


def begin_confirmation(payment: Payment, intent_id: str, now: datetime) -> Payment:
    """Write down, before it is done, that money may move from here on.

    Raises:
        IllegalTransition: the hold is over or given up, or the row has another intent.
    """
    if not payment.may_confirm(now) or payment.intent_id not in (None, intent_id):
        raise IllegalTransition(f"payment {payment.payment_id}: must not be confirmed")
    return _move(payment, Status.PROCESSING, intent_id=intent_id, confirm_began_at=now)


def lose_sight(payment: Payment) -> Payment:
    """The answer did not come. Only :func:`observe` leads out."""
    if payment.status is not Status.PROCESSING:
        return payment
    return _move(payment, Status.UNKNOWN)


def give_up_confirmation(payment: Payment, decline_code: str) -> Payment:
    """The vendor holds no trace of a confirmation, and answers no more under its key.

    The renter may try again; should it land after all, :func:`observe` captures it.
    """
    return _move(payment, Status.DECLINED, confirm_began_at=None, decline_code=decline_code)


def request_cancel(payment: Payment, now: datetime) -> Payment:
    """No confirmation begins from here on. Without an intent there is nothing else to do.

    What is being captured is not given up any more.
    """
    if payment.status not in UNDECIDED | {Status.AUTHORIZED} or payment.capture_minor is not None:
        return payment
    asked = replace(payment, cancel_requested_at=payment.cancel_requested_at or now)
    if payment.intent_id is None:
        return _move(asked, Status.VOIDED)
    return asked


def spend_key(payment: Payment, spent_keys: int) -> Payment:
    """Go to the next of the payment's keys, unless somebody else did: all use the same one."""
    if payment.spent_keys != spent_keys:
        return payment
    return replace(payment, spent_keys=spent_keys + 1)


def observe(payment: Payment, intent: Intent, *, answered_attempt: int | None = None) -> Payment:
    """The one transition function: worker, webhook, timer and reconciler all end here.

    ``answered_attempt`` says that ``intent`` is the answer to that attempt's confirmation. A
    retrieved intent says nothing about a confirmation that may still be on its way, unless it is
    past the point where one could change it.

    Raises:
        IllegalTransition: the vendor contradicts what is recorded.
    """
    if intent.intent_id != payment.intent_id:
        raise IllegalTransition(f"payment {payment.payment_id}: not its intent")
    answer = answered_attempt == payment.attempt
    if intent.status in _OPEN and (payment.confirm_began_at is not None) and not answer:
        return payment
    target = _target(payment, intent)
    if target is None or (target is payment.status and not _moved_on(payment, intent)):
        return payment
    captured = intent.received_minor if target is Status.CAPTURED else payment.captured_minor
    return _move(
        payment,
        target,
        captured_minor=captured,
        confirm_began_at=None,
        # What only the renter's next step needs is kept until that step is taken.
        client_secret=intent.client_secret if target is Status.REQUIRES_ACTION else None,
        next_action=intent.next_action if target is Status.REQUIRES_ACTION else None,
        decline_code=_decline_code(payment, intent, target),
        capture_before=intent.capture_before or payment.capture_before,
        payment_method_id=_method_id(payment, intent, target),
    )


def _decline_code(payment: Payment, intent: Intent, target: Status) -> str | None:
    """What was declined is then given up: the reason stays, the renter reads it afterwards."""
    if target is Status.DECLINED:
        return intent.decline_code
    return payment.decline_code if target is Status.VOIDED else None


def _method_id(payment: Payment, intent: Intent, target: Status) -> str | None:
    """As the vendor names it, once it has paid: what is asked again must not change before."""
    if target in {Status.CAPTURED, Status.AUTHORIZED}:
        return intent.method_id or payment.payment_method_id
    return payment.payment_method_id


_MEANING = {
    IntentStatus.REQUIRES_CAPTURE: Status.AUTHORIZED,
    IntentStatus.PROCESSING: Status.PROCESSING,
    IntentStatus.REQUIRES_ACTION: Status.REQUIRES_ACTION,
    IntentStatus.REQUIRES_PAYMENT_METHOD: Status.DECLINED,
    IntentStatus.REQUIRES_CONFIRMATION: Status.DECLINED,
}


def _target(payment: Payment, intent: Intent) -> Status | None:
    """Which status an intent means for this payment; None when it says nothing new."""
    if intent.status is IntentStatus.SUCCEEDED:
        return None if payment.status in CHARGED else Status.CAPTURED
    if intent.status is IntentStatus.CANCELED:
        return _target_of_canceled(payment)
    if payment.status not in UNDECIDED:
        return None  # an older state, read before the one that is recorded
    if payment.status is Status.CREATED and intent.status in _OPEN:
        return None  # left by the attempt before: this one's confirmation has not begun
    return _MEANING[intent.status]


def _target_of_canceled(payment: Payment) -> Status | None:
    if payment.status in {Status.VOIDED, Status.AUTH_EXPIRED}:
        return None
    if payment.status is Status.AUTHORIZED and payment.cancel_requested_at is None:
        return Status.AUTH_EXPIRED
    return Status.VOIDED


def _moved_on(payment: Payment, intent: Intent) -> bool:
    """Same status, yet something to record: an answer came, or another action is asked for."""
    if payment.confirm_began_at is not None:
        return True
    return payment.status is Status.REQUIRES_ACTION and intent.next_action != payment.next_action


def _move(payment: Payment, target: Status, **changes: Any) -> Payment:
    if target is not payment.status and target not in LEGAL[payment.status]:
        raise IllegalTransition(f"payment {payment.payment_id}: {payment.status} to {target}")
    return replace(payment, status=target, **changes)
