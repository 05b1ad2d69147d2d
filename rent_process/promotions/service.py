"""Count the uses of a promo code inside the transaction that books or changes a rental.

Operators write the codes; offers that were signed with one keep what it took off.
"""

from uuid import UUID

from rent_process.audit import service as audit
from rent_process.promotions import repository
from shared.contracts.caller import Caller
from shared.contracts.promotions import PromoCode, PromoCodeRules, PromoCodes
from shared.database import Connection, connect, transaction
from shared.errors import FieldError, Rejected


async def reserve(connection: Connection, code: str) -> None:
    """Make sure that one more use is allowed until the transaction ends.

    Raises:
        Rejected: ``promo_code_used_up``.
    """
    limit = await repository.lock_limit(connection, code)
    if limit is not None and await repository.count_uses(connection, code) >= limit:
        detail = f"the promo code {code} has been used as often as it may be; search again"
        raise Rejected("promo_code_used_up", detail, (FieldError("/offer", detail),))


async def change_use(connection: Connection, rental_id: UUID, code: str | None) -> None:
    """Let a changed rental use what its new offer says. The same code is not used twice.

    Raises:
        Rejected: ``promo_code_used_up``.
    """
    used = await repository.find_use(connection, rental_id)
    if used == code:
        return
    if code is None:
        await repository.forget_use(connection, rental_id)
        return
    await reserve(connection, code)
    await repository.record_use(connection, rental_id, code)


async def list_codes() -> PromoCodes:
    async with connect("rent") as connection:
        return PromoCodes(promo_codes=await repository.list_codes(connection))


async def write_code(code: str, rules: PromoCodeRules, caller: Caller) -> PromoCode:
    """Make a code or give it other rules, with its audit in one transaction."""
    async with transaction("rent") as connection:
        before = await repository.list_codes(connection, code)
        await repository.write_code(connection, code, rules)
        [after] = await repository.list_codes(connection, code)
        await audit.record(
            connection,
            caller,
            "promo_code_written",
            target=code,
            reason=rules.reason,
            before=before[0].model_dump(mode="json", exclude_none=True) if before else None,
            after=after.model_dump(mode="json", exclude_none=True),
        )
    return after
