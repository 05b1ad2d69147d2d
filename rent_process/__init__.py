"""The rental.

Triggers: HTTP ``internal/rent/{*path}``, queues ``payment-results`` and
``document-requests``, a timer each minute.
Tables: schema ``rent``, of which it is the only writer.
Messages in: PaymentSettledV1, PaymentActionRequiredV1, RefundSettledV1, DocumentsRequestedV1.
Messages out: PaymentRequestedV1, PaymentCancelRequestedV1, RefundRequestedV1, EmailRequestedV1,
DocumentsRequestedV1.
"""
