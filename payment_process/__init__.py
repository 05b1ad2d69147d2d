"""The payment, through Stripe.

Triggers: queue ``payment-requests``, HTTP ``internal/payment/{*path}`` (webhooks), a timer.
Tables: schema ``payment``, of which it is the only writer.
Messages in: PaymentRequestedV1, PaymentCancelRequestedV1, PaymentCaptureRequestedV1,
RefundRequestedV1, PaymentMethodForgetRequestedV1.
Messages out: PaymentSettledV1, PaymentActionRequiredV1, RefundSettledV1, EmailRequestedV1.
"""
