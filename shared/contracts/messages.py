"""Queue messages: past tense and a version. No personal data travels in them.

Adding an optional field keeps the version; anything else is a V2 that consumers accept before
producers switch (docs/adr/0006). Readers ignore what they do not know. No top-level key may be
named like a queue trigger's metadata (``id``, ``dequeueCount``, ...): the host would overwrite it.
"""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID, uuid4

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter

from shared.contracts.money import Money

PAYMENT_REQUESTS = "payment-requests"
PAYMENT_RESULTS = "payment-results"
EMAIL_REQUESTS = "email-requests"
DOCUMENT_REQUESTS = "document-requests"
QUEUES = (PAYMENT_REQUESTS, PAYMENT_RESULTS, EMAIL_REQUESTS, DOCUMENT_REQUESTS)


class Purpose(StrEnum):
    """Why money moves. One live payment row per rental and purpose."""

    PREPAY = "PREPAY"
    DEPOSIT = "DEPOSIT"
    ADDITIONAL = "ADDITIONAL"


class PaymentMethod(StrEnum):
    CARD = "card"
    PIX = "pix"
    BOLETO = "boleto"


class PaymentOutcome(StrEnum):
    """How a payment attempt ended, for the rental."""

    CAPTURED = "captured"
    AUTHORIZED = "authorized"
    DECLINED = "declined"  # the renter may try again while the hold lasts
    VOIDED = "voided"  # given up: expired or canceled, nothing was charged


class EmailTemplate(StrEnum):
    """The name of a folder entry in ``email_notification/templates``."""

    RENTAL_CONFIRMED = "rental_confirmed"
    RENTAL_EXPIRED = "rental_expired"
    RENTAL_CANCELLED = "rental_cancelled"
    RENTAL_MODIFIED = "rental_modified"
    RENTAL_UPGRADED = "rental_upgraded"
    PICKUP_REMINDER = "pickup_reminder"
    RETURN_REMINDER = "return_reminder"
    RETURN_OVERDUE = "return_overdue"
    REVIEW_REQUEST = "review_request"
    BRANCH_MESSAGE = "branch_message"
    PAYMENT_ACTION_REQUIRED = "payment_action_required"
    PAYMENT_FAILED = "payment_failed"
    PAYMENT_RECEIPT = "payment_receipt"
    PAYMENT_REFUNDED = "payment_refunded"


class Message(BaseModel):
    """``message_id`` stays the same when a message is delivered or sent twice."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    message_id: UUID = Field(default_factory=uuid4)
    occurred_at: AwareDatetime = Field(default_factory=lambda: datetime.now(UTC))
    traceparent: str | None = None
    rental_id: UUID


class PaymentMessage(Message):
    """What names one payment row: rental, purpose and sequence."""

    purpose: Purpose = Purpose.PREPAY
    sequence: int = Field(default=1, ge=1)


class PaymentRequestedV1(PaymentMessage):
    """RentProcess asks for money. ``attempt`` counts the renter's tries, from 1."""

    type: Literal["payment_requested.v1"] = "payment_requested.v1"
    reference: str
    attempt: int = Field(ge=1)
    amount: Money
    method: PaymentMethod
    payment_method_id: str | None = None  # None with off_session: the card that was kept
    off_session: bool = False
    save_method: bool = False  # keep the card for the rental's later payments
    expires_at: AwareDatetime  # nothing is confirmed after this


class PaymentCancelRequestedV1(PaymentMessage):
    """RentProcess gives the payment up. May overtake its request: leaves a tombstone."""

    type: Literal["payment_cancel_requested.v1"] = "payment_cancel_requested.v1"
    reason: Literal["expired", "cancelled", "released"]


class PaymentCaptureRequestedV1(PaymentMessage):
    """RentProcess takes a part or all of what is authorised; the rest is released with it."""

    type: Literal["payment_capture_requested.v1"] = "payment_capture_requested.v1"
    amount: Money


class PaymentMethodForgetRequestedV1(Message):
    """RentProcess asks that no means of payment be kept of this rental any more."""

    type: Literal["payment_method_forget_requested.v1"] = "payment_method_forget_requested.v1"


class RefundRequestedV1(PaymentMessage):
    """RentProcess gives money back. ``refund_number`` makes it happen once per payment row."""

    type: Literal["refund_requested.v1"] = "refund_requested.v1"
    refund_number: int = Field(ge=1)
    amount: Money
    reason: Literal["cancelled", "late_payment", "modified", "goodwill"]


class PaymentActionRequiredV1(PaymentMessage):
    """The renter must act (3-D Secure, Pix, boleto). The action stands in the payment view."""

    type: Literal["payment_action_required.v1"] = "payment_action_required.v1"
    attempt: int = Field(ge=1)


class PaymentSettledV1(PaymentMessage):
    """An attempt has ended. ``amount`` is what was captured or authorised, 0 otherwise."""

    type: Literal["payment_settled.v1"] = "payment_settled.v1"
    attempt: int = Field(ge=0)  # 0: given up before any attempt
    outcome: PaymentOutcome
    amount: Money
    decline_code: str | None = None


class RefundSettledV1(PaymentMessage):
    type: Literal["refund_settled.v1"] = "refund_settled.v1"
    refund_number: int = Field(ge=1)
    outcome: Literal["refunded", "failed"]
    amount: Money


class EmailRequestedV1(Message):
    """Ask for an e-mail about a rental. Name, address and facts come from ``rent.email_view``."""

    type: Literal["email_requested.v1"] = "email_requested.v1"
    template: EmailTemplate
    branch_message_id: UUID | None = None  # its words come from rent.branch_message_view
    amount: Money | None = None
    decline_code: str | None = None


class DocumentsRequestedV1(Message):
    """The rental's papers may have changed: make what its state asks for, as it is now."""

    type: Literal["documents_requested.v1"] = "documents_requested.v1"


PaymentRequest = (
    PaymentRequestedV1
    | PaymentCancelRequestedV1
    | PaymentCaptureRequestedV1
    | PaymentMethodForgetRequestedV1
    | RefundRequestedV1
)
PaymentResult = Annotated[
    PaymentActionRequiredV1 | PaymentSettledV1 | RefundSettledV1,
    Field(discriminator="type"),
]
AnyMessage = (
    PaymentRequestedV1
    | PaymentCancelRequestedV1
    | PaymentCaptureRequestedV1
    | PaymentMethodForgetRequestedV1
    | RefundRequestedV1
    | PaymentActionRequiredV1
    | PaymentSettledV1
    | RefundSettledV1
    | EmailRequestedV1
    | DocumentsRequestedV1
)

PAYMENT_REQUEST: TypeAdapter[PaymentRequest] = TypeAdapter(
    Annotated[PaymentRequest, Field(discriminator="type")]
)
PAYMENT_RESULT: TypeAdapter[PaymentActionRequiredV1 | PaymentSettledV1 | RefundSettledV1] = (
    TypeAdapter(PaymentResult)
)
EMAIL_REQUEST: TypeAdapter[EmailRequestedV1] = TypeAdapter(EmailRequestedV1)
DOCUMENTS_REQUEST: TypeAdapter[DocumentsRequestedV1] = TypeAdapter(DocumentsRequestedV1)
