"""Commit a payment's change with what it announces, and move on to its next key."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Literal, TypeVar

from payment_process import domain, group_commit, repository
from payment_process.announcements import announce
from payment_process.domain import Payment, SpentKey
from payment_process.group_commit import Write
from shared import outbox, telemetry
from shared.database import connect, transaction
from shared.errors import Unavailable

Cause = Literal["queue", "webhook", "timer"]
Step = Callable[[Payment], Payment]
# What else is written in the transaction of a change, given what the change leaves.
Also = Callable[[Payment], Sequence[Write]]
Answer = TypeVar("Answer")

RACES = 8  # lost compare-and-swaps in a row before the message is handed back to the queue
SPENT_AT_ONCE = 8  # keys; the row keeps the count, so the next delivery goes on from there


def _nothing(_after: Payment) -> Sequence[Write]:
    return ()


async def change(
    payment: Payment,
    step: Step,
    cause: Cause,
    *,
    event: tuple[str, str] | None = None,
    also: Also = _nothing,
) -> Payment:
    """Commit ``step`` with its announcements, and the webhook event that led to it, if any.

    Compare-and-swap: whoever loses a race applies its step again to what the winner left.

    Raises:
        Unavailable: too many races were lost.
    """
    for _ in range(RACES):
        after = step(payment)
        if await _commit(payment, after, cause, event, also):
            return after if after == payment else replace(after, version=after.version + 1)
        async with connect("payment") as connection:
            payment = await repository.get(connection, payment.payment_id)
    raise Unavailable("the payment is contended")


async def ask_under_key(
    payment: Payment, ask: Callable[[Payment], Awaitable[Answer]], cause: Cause
) -> Answer:
    """Ask the vendor, under the payment's next key where it will never answer under this one.

    The count is committed before the next key is used. Whoever asks for the same at the same time
    uses the same key, or one that is spent.

    Raises:
        Unavailable: the payment has moved on, many keys in a row are spent, or what ``ask`` raises.
    """
    for _ in range(SPENT_AT_ONCE):
        try:
            return await ask(payment)
        except SpentKey:
            step = partial(domain.spend_key, spent_keys=payment.spent_keys)
            current = await change(payment, step, cause)
        if not _asks_for_the_same(current, payment):
            raise Unavailable("the payment has changed meanwhile")
        # The rest as it was: it may hold what is committed only together with the answer.
        payment = replace(payment, spent_keys=current.spent_keys, version=current.version)
    raise Unavailable("the payment provider repeats its failures", retry_after_seconds=5)


def _asks_for_the_same(current: Payment, asked: Payment) -> bool:
    """Neither another attempt, nor one that is decided, given up or being captured since."""
    return all(
        getattr(current, name) == getattr(asked, name)
        for name in ("attempt", "status", "cancel_requested_at", "capture_minor")
    )


async def _commit(
    before: Payment,
    after: Payment,
    cause: Cause,
    event: tuple[str, str] | None,
    also: Also,
) -> bool:
    if after == before:
        if event is not None:
            async with connect("payment") as connection:
                await repository.insert_event(connection, *event)
        return True
    envelopes = announce(before, after)
    if event is None:
        saving = repository.saving(after, cause, envelopes)
        if not await group_commit.commit(saving, *also(after)):
            return False
    else:
        async with transaction("payment") as connection:
            if not await repository.save(connection, after, cause, envelopes):
                return False
            await repository.insert_event(connection, *event)
    outbox.relay("payment", envelopes)
    _count(before, after)
    return True


def _count(before: Payment, after: Payment) -> None:
    if after.status is before.status:
        return
    attributes: dict[str, Any] = {
        "rental_id": str(after.rental_id),
        "payment_id": str(after.payment_id),
        "purpose": after.purpose.value,
        "attempt": after.attempt,
        "from_status": before.status.value,
        "to_status": after.status.value,
        "decline_code": after.decline_code or "",
    }
    telemetry.event("payment_changed", attributes)
