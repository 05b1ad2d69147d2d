"""What a boleto asks of a rental. No I/O."""

from datetime import datetime

from shared.contracts.renter import PaymentChoice
from shared.errors import FieldError, Rejected


def check_document(document_type: str) -> None:
    """Refuse a boleto without a CPF: the bank registers it to a taxpayer.

    Raises:
        Rejected: ``validation_failed``.
    """
    if document_type != "cpf":
        detail = "a boleto needs the driver's CPF"
        fault = FieldError("/driver/document/type", detail)
        raise Rejected("validation_failed", detail, (fault,))


def check_time(pickup_at: datetime, hold_ends: datetime) -> None:
    """Refuse a boleto whose money could come after the car has left.

    Raises:
        Rejected: ``payment_method_unavailable``.
    """
    if pickup_at < hold_ends:
        raise too_late()


def too_late() -> Rejected:
    detail = "there are too few days to pay a boleto before the pick-up"
    fault = FieldError("/payment/method", detail)
    return Rejected("payment_method_unavailable", detail, (fault,))


def is_boleto(payment: PaymentChoice) -> bool:
    return payment.method == "boleto"
