"""Make a rental that is there ready to be paid by boleto."""

from datetime import datetime
from uuid import UUID

from rent_process.payer import domain, repository
from shared.contracts.renter import PaymentChoice
from shared.database import Connection


async def prepare(
    connection: Connection,
    rental_id: UUID,
    payment: PaymentChoice,
    hold_ends: datetime,
    pickup_at: datetime | None = None,
) -> datetime | None:
    """Check and keep what a boleto needs; any other way of paying needs nothing.

    ``pickup_at``: where it is about to change. The caller holds the lock of the rental's row.
    Returns when the hold ends; None: as before.

    Raises:
        Rejected: ``validation_failed``, ``payment_method_unavailable``.
    """
    if not domain.is_boleto(payment):
        return None
    _, planned = await repository.read_payer(connection, rental_id)
    domain.check_time(pickup_at or planned, hold_ends)
    return await prepare_late(connection, rental_id, payment, hold_ends)


async def prepare_late(
    connection: Connection, rental_id: UUID, payment: PaymentChoice, hold_ends: datetime
) -> datetime | None:
    """The same where the car has left: its money may come whenever it does.

    Raises:
        Rejected: ``validation_failed``.
    """
    if not domain.is_boleto(payment) or payment.billing_address is None:
        return None
    document_type, _ = await repository.read_payer(connection, rental_id)
    domain.check_document(document_type)
    return await repository.note_address(connection, rental_id, payment.billing_address, hold_ends)
