"""What the rental asks of the other folders, ready for the outbox."""

from datetime import datetime
from uuid import UUID

from shared.contracts.messages import (
    EMAIL_REQUESTS,
    PAYMENT_REQUESTS,
    EmailRequestedV1,
    EmailTemplate,
    PaymentCancelRequestedV1,
    PaymentMethod,
    PaymentRequestedV1,
    RefundRequestedV1,
)
from shared.contracts.money import Money
from shared.contracts.renter import PaymentChoice
from shared.outbox import Envelope
from shared.telemetry import current_traceparent


def payment_requested(
    rental_id: UUID,
    reference: str,
    *,
    attempt: int,
    amount: Money,
    payment: PaymentChoice,
    expires_at: datetime,
    sequence: int = 1,
) -> Envelope:
    """``sequence`` 1 is the booking's payment; a modification that costs more adds the next."""
    message = PaymentRequestedV1(
        rental_id=rental_id,
        sequence=sequence,
        traceparent=current_traceparent(),
        reference=reference,
        attempt=attempt,
        amount=amount,
        method=PaymentMethod(payment.method),
        payment_method_id=payment.payment_method_id,
        expires_at=expires_at,
    )
    return Envelope.of(PAYMENT_REQUESTS, message)


def payment_given_up(rental_id: UUID, reason: str, sequence: int = 1) -> Envelope:
    message = PaymentCancelRequestedV1.model_validate(
        {
            "rental_id": rental_id,
            "traceparent": current_traceparent(),
            "sequence": sequence,
            "reason": reason,
        }
    )
    return Envelope.of(PAYMENT_REQUESTS, message)


def refund_requested(
    rental_id: UUID, amount: Money, reason: str, *, sequence: int, refund_number: int
) -> Envelope:
    message = RefundRequestedV1.model_validate(
        {
            "rental_id": rental_id,
            "traceparent": current_traceparent(),
            "sequence": sequence,
            "refund_number": refund_number,
            "amount": amount,
            "reason": reason,
        }
    )
    return Envelope.of(PAYMENT_REQUESTS, message)


def branch_message_written(rental_id: UUID, message_id: UUID) -> Envelope:
    """The words are read from ``rent.branch_message_view``: none travel on the queue."""
    message = EmailRequestedV1(
        rental_id=rental_id,
        traceparent=current_traceparent(),
        template=EmailTemplate.BRANCH_MESSAGE,
        branch_message_id=message_id,
    )
    return Envelope.of(EMAIL_REQUESTS, message)


def email_requested(
    rental_id: UUID, template: EmailTemplate, amount: Money | None = None
) -> Envelope:
    message = EmailRequestedV1(
        rental_id=rental_id, traceparent=current_traceparent(), template=template, amount=amount
    )
    return Envelope.of(EMAIL_REQUESTS, message)
