"""The rental.

Triggers: HTTP ``internal/rent/{*path}``, queue ``payment-results``, a timer each minute.
Tables: schema ``rent``, of which it is the only writer.
Messages in: PaymentSettledV1, PaymentActionRequiredV1, RefundSettledV1.
Messages out: PaymentRequestedV1, PaymentCancelRequestedV1, RefundRequestedV1, EmailRequestedV1.
"""
