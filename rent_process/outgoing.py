"""What the rental asks of the other folders, ready for the outbox."""

from datetime import datetime
from uuid import UUID

from shared.contracts.messages import (
    DOCUMENT_REQUESTS,
    EMAIL_REQUESTS,
    PAYMENT_REQUESTS,
    DocumentsRequestedV1,
    EmailRequestedV1,
    EmailTemplate,
    PaymentCancelRequestedV1,
    PaymentCaptureRequestedV1,
    PaymentMethod,
    PaymentMethodForgetRequestedV1,
    PaymentRequestedV1,
    Purpose,
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
    """``sequence`` 1 is the booking's payment; a modification that costs more adds the next.

    A card is kept for what comes later: the deposit, and what is owed after return.
    """
    message = PaymentRequestedV1(
        rental_id=rental_id,
        sequence=sequence,
        traceparent=current_traceparent(),
        reference=reference,
        attempt=attempt,
        amount=amount,
        method=PaymentMethod(payment.method),
        payment_method_id=payment.payment_method_id,
        save_method=payment.method == "card",
        expires_at=expires_at,
    )
    return Envelope.of(PAYMENT_REQUESTS, message)


def later_payment_requested(
    rental_id: UUID,
    reference: str,
    *,
    purpose: Purpose,
    sequence: int,
    amount: Money,
    payment: PaymentChoice | None,
    expires_at: datetime,
    attempt: int = 1,
) -> Envelope:
    """A deposit, or what is owed after return; no ``payment``: by the card that was kept."""
    method = PaymentMethod.CARD if payment is None else PaymentMethod(payment.method)
    message = PaymentRequestedV1(
        rental_id=rental_id,
        purpose=purpose,
        sequence=sequence,
        traceparent=current_traceparent(),
        reference=reference,
        attempt=attempt,
        amount=amount,
        method=method,
        payment_method_id=None if payment is None else payment.payment_method_id,
        off_session=payment is None,
        save_method=method is PaymentMethod.CARD,
        expires_at=expires_at,
    )
    return Envelope.of(PAYMENT_REQUESTS, message)


def capture_requested(rental_id: UUID, sequence: int, amount: Money) -> Envelope:
    message = PaymentCaptureRequestedV1(
        rental_id=rental_id,
        purpose=Purpose.DEPOSIT,
        sequence=sequence,
        traceparent=current_traceparent(),
        amount=amount,
    )
    return Envelope.of(PAYMENT_REQUESTS, message)


def forget_requested(rental_id: UUID) -> Envelope:
    message = PaymentMethodForgetRequestedV1(rental_id=rental_id, traceparent=current_traceparent())
    return Envelope.of(PAYMENT_REQUESTS, message)


def payment_given_up(
    rental_id: UUID, reason: str, sequence: int = 1, purpose: Purpose = Purpose.PREPAY
) -> Envelope:
    message = PaymentCancelRequestedV1.model_validate(
        {
            "rental_id": rental_id,
            "traceparent": current_traceparent(),
            "purpose": purpose,
            "sequence": sequence,
            "reason": reason,
        }
    )
    return Envelope.of(PAYMENT_REQUESTS, message)


def refund_requested(
    rental_id: UUID,
    amount: Money,
    reason: str,
    *,
    purpose: Purpose,
    sequence: int,
    refund_number: int,
) -> Envelope:
    message = RefundRequestedV1.model_validate(
        {
            "rental_id": rental_id,
            "traceparent": current_traceparent(),
            "purpose": purpose,
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


def documents_requested(rental_id: UUID) -> Envelope:
    """Whatever changes what a rental's papers say asks for them: state, terms, car, money."""
    message = DocumentsRequestedV1(rental_id=rental_id, traceparent=current_traceparent())
    return Envelope.of(DOCUMENT_REQUESTS, message)
