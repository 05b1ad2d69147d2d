"""What the others are told when a payment changes. Written in the change's own transaction."""

from payment_process.domain import CHARGED, Payment, Status
from shared.contracts.messages import (
    EMAIL_REQUESTS,
    PAYMENT_RESULTS,
    EmailRequestedV1,
    EmailTemplate,
    PaymentActionRequiredV1,
    PaymentMethod,
    PaymentOutcome,
    PaymentSettledV1,
    Purpose,
)
from shared.contracts.money import Money
from shared.outbox import Envelope
from shared.telemetry import current_trace_id, current_traceparent

OUTCOMES = {
    Status.CAPTURED: PaymentOutcome.CAPTURED,
    Status.AUTHORIZED: PaymentOutcome.AUTHORIZED,
    Status.DECLINED: PaymentOutcome.DECLINED,
    Status.VOIDED: PaymentOutcome.VOIDED,
    Status.AUTH_EXPIRED: PaymentOutcome.VOIDED,
}


def announce(before: Payment | None, after: Payment) -> list[Envelope]:
    """Nothing unless the status changed: how often a state is observed must not show."""
    if before is not None and before.status is after.status:
        return []
    if after.replaced_by is not None and after.status not in CHARGED:
        return []  # its renewal speaks for the deposit
    if after.status is Status.AUTHORIZED and after.cancel_requested_at is not None:
        return []  # the bank was faster than our giving it up: nobody may rely on it
    envelopes = []
    if after.status is Status.REQUIRES_ACTION:
        envelopes.append(_result(_action_required(after)))
    elif after.status in OUTCOMES and not (before is not None and before.status in CHARGED):
        envelopes.append(_result(_settled(after)))
    template = _template(after)
    if template is not None:
        envelopes.append(Envelope.of(EMAIL_REQUESTS, _email(after, template)))
    return envelopes


def _result(message: PaymentSettledV1 | PaymentActionRequiredV1) -> Envelope:
    return Envelope.of(PAYMENT_RESULTS, message)


def _action_required(payment: Payment) -> PaymentActionRequiredV1:
    return PaymentActionRequiredV1(
        traceparent=_cause(payment),
        rental_id=payment.rental_id,
        purpose=payment.purpose,
        sequence=payment.sequence,
        attempt=payment.attempt,
    )


def _settled(payment: Payment) -> PaymentSettledV1:
    return PaymentSettledV1(
        traceparent=_cause(payment),
        rental_id=payment.rental_id,
        purpose=payment.purpose,
        sequence=payment.sequence,
        attempt=payment.attempt,
        outcome=OUTCOMES[payment.status],
        amount=Money(amount=_moved_minor(payment), currency=payment.currency),
        decline_code=payment.decline_code if payment.status is Status.DECLINED else None,
    )


def _moved_minor(payment: Payment) -> int:
    if payment.status is Status.AUTHORIZED:
        return payment.amount_minor
    return payment.captured_minor


def _email(payment: Payment, template: EmailTemplate) -> EmailRequestedV1:
    return EmailRequestedV1(
        traceparent=_cause(payment),
        rental_id=payment.rental_id,
        template=template,
        amount=Money(
            amount=payment.captured_minor or payment.amount_minor, currency=payment.currency
        ),
        decline_code=payment.decline_code,
    )


def _template(payment: Payment) -> EmailTemplate | None:
    """The payment's own e-mails. The prepayment's success is told by the rental's confirmation."""
    if payment.status is Status.CAPTURED and payment.purpose is not Purpose.PREPAY:
        return EmailTemplate.PAYMENT_RECEIPT
    if payment.purpose is Purpose.DEPOSIT:
        return None  # the renter stands at the counter
    if payment.status is Status.DECLINED:
        return EmailTemplate.PAYMENT_FAILED
    if payment.status is Status.REQUIRES_ACTION and payment.method is not PaymentMethod.CARD:
        return EmailTemplate.PAYMENT_ACTION_REQUIRED  # 3-D Secure happens on the page instead
    return None


def _cause(payment: Payment) -> str | None:
    """The step that is running, if it stands in the payment's trace; else what asked for it."""
    trace_id = current_trace_id()
    if trace_id is not None and trace_id in (payment.traceparent or ""):
        return current_traceparent()
    return payment.traceparent
