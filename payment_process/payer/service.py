"""Find who pays, where the vendor must be told."""

from payment_process.domain import Payment
from payment_process.payer import repository
from payment_process.payer.domain import Payer
from shared.contracts.messages import PaymentMethod
from shared.database import connect


async def payer_of(payment: Payment) -> Payer | None:
    """None: the vendor needs nobody's name, or there is nobody left; it says so then."""
    if payment.method is not PaymentMethod.BOLETO:
        return None
    async with connect("payment") as connection:
        return await repository.find_payer(connection, payment.rental_id)
