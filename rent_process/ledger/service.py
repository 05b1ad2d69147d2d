"""Give back what is above what is due, once, in the transaction of its cause."""

from uuid import UUID

from rent_process import outgoing
from rent_process.ledger import repository
from rent_process.ledger.domain import Account, RefundReason, due_minor, split_refund
from shared.contracts.money import Money
from shared.contracts.renter import RentalStatus
from shared.database import Connection
from shared.outbox import Envelope


async def refund(
    connection: Connection, rental_id: UUID, account: Account, amount: Money, reason: RefundReason
) -> list[Envelope]:
    """Ask for ``amount`` to be given back, from as many charges as it takes.

    What came over the counter is not asked of anybody: it stays owed until it is handed back.
    """
    envelopes = []
    for part in split_refund(account, amount.amount):
        await repository.insert_refund(connection, rental_id, part, reason)
        envelopes.append(
            outgoing.refund_requested(
                rental_id,
                Money(amount=part.amount_minor, currency=amount.currency),
                reason,
                purpose=part.purpose,
                sequence=part.sequence,
                refund_number=part.number,
            )
        )
    return envelopes


async def give_back_surplus(
    connection: Connection, rental_id: UUID, status: RentalStatus, total: Money
) -> list[Envelope]:
    """After money came: give back what a rental in ``status`` does not cost."""
    account = await repository.read_account(connection, rental_id)
    fee = await repository.read_fee(connection, rental_id)
    due = due_minor(status, total.amount, fee, account.additional_minor)
    surplus = account.kept_minor - due
    if surplus <= 0:
        return []
    amount = Money(amount=surplus, currency=total.currency)
    return await refund(connection, rental_id, account, amount, "late_payment")
