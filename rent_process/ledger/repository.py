"""The rows of a rental's money. Never commits; the caller holds the lock of the rental's row."""

from uuid import UUID

from rent_process.ledger.domain import Account, Charge, ChargeStatus, Refund, RefundReason
from shared.contracts.messages import Purpose
from shared.database import Connection
from shared.sql import fetch_all, fetch_one, fetch_one_or_none, load_queries

QUERIES = load_queries(__file__)


async def read_account(connection: Connection, rental_id: UUID) -> Account:
    rows = await fetch_all(connection, QUERIES["read_charges"], {"rental_id": rental_id})
    rest = await fetch_one(connection, QUERIES["read_rest"], {"rental_id": rental_id})
    charges = tuple(
        Charge(**row | {"status": ChargeStatus(row["status"]), "purpose": Purpose(row["purpose"])})
        for row in rows
    )
    return Account(charges, rest["counter_minor"], rest["additional_minor"])


async def read_fee(connection: Connection, rental_id: UUID) -> int:
    """The fee of the rental's cancellation; 0 when it was not cancelled."""
    row = await fetch_one_or_none(connection, QUERIES["read_fee"], {"rental_id": rental_id})
    return 0 if row is None else int(row["fee_minor"])


async def open_charge(
    connection: Connection,
    rental_id: UUID,
    sequence: int,
    asked_minor: int,
    purpose: Purpose = Purpose.PREPAY,
) -> None:
    parameters = {
        "rental_id": rental_id,
        "sequence": sequence,
        "asked_minor": asked_minor,
        "purpose": purpose,
    }
    await connection.execute(QUERIES["open_charge"], parameters)


async def receive(
    connection: Connection, rental_id: UUID, sequence: int, amount_minor: int
) -> bool:
    """Write down that money came; False when that was known."""
    parameters = {"rental_id": rental_id, "sequence": sequence, "amount_minor": amount_minor}
    return await fetch_one_or_none(connection, QUERIES["receive"], parameters) is not None


async def hold(connection: Connection, rental_id: UUID, sequence: int) -> bool:
    """Write down that a deposit is authorised; False when that was known, or it has ended."""
    parameters = {"rental_id": rental_id, "sequence": sequence}
    return await fetch_one_or_none(connection, QUERIES["hold"], parameters) is not None


async def settle_held(
    connection: Connection, rental_id: UUID, sequence: int, settle_minor: int
) -> None:
    """Write down what of a deposit is asked for; it is asked once."""
    parameters = {"rental_id": rental_id, "sequence": sequence, "settle_minor": settle_minor}
    await connection.execute(QUERIES["settle_held"], parameters)


async def decline_charge(
    connection: Connection, rental_id: UUID, sequence: int, attempt: int
) -> bool:
    """Write down that its newest attempt was declined; False when that was known, or is old."""
    parameters = {"rental_id": rental_id, "sequence": sequence, "attempt": attempt}
    return await fetch_one_or_none(connection, QUERIES["decline_charge"], parameters) is not None


async def close_charge(connection: Connection, rental_id: UUID, sequence: int) -> bool:
    """Write down that nothing comes of a charge any more; False when that was known."""
    parameters = {"rental_id": rental_id, "sequence": sequence}
    return await fetch_one_or_none(connection, QUERIES["close_charge"], parameters) is not None


async def insert_refund(
    connection: Connection, rental_id: UUID, refund: Refund, reason: RefundReason
) -> None:
    await connection.execute(
        QUERIES["insert_refund"],
        {
            "rental_id": rental_id,
            "sequence": refund.sequence,
            "refund_number": refund.number,
            "amount_minor": refund.amount_minor,
            "reason": reason,
        },
    )


async def settle_refund(
    connection: Connection, rental_id: UUID, sequence: int, refund_number: int, outcome: str
) -> bool:
    """Write down how a refund ended; False when that was known, or the refund is not here."""
    parameters = {
        "rental_id": rental_id,
        "sequence": sequence,
        "refund_number": refund_number,
        "outcome": outcome,
    }
    return await fetch_one_or_none(connection, QUERIES["settle_refund"], parameters) is not None
