"""Which tries a call adds, by the rules and the settings in force."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

from rent_process.limits import domain, repository
from rent_process.limits.domain import Try
from shared.contracts.caller import Caller
from shared.contracts.limits import TRIES
from shared.database import ConstraintViolation, connect
from shared.secrets import get_keys
from shared.settings import get_settings
from shared.telemetry import event


async def tries_of(email: str, caller: Caller, now: datetime) -> list[Try]:
    """What a booking or an attempt counts as. An operator at the counter is not a suspect."""
    if caller.is_operator:
        return []
    settings, key = get_settings(), (await get_keys("manage-token-key"))[0]
    found = []
    for per, who in domain.names_of(email, caller.address).items():
        maximum: int = getattr(settings, TRIES[per].setting)
        if maximum:
            found.append(domain.count_one(key, TRIES[per], who, maximum, now))
    return found


@asynccontextmanager
async def refusing(tries: list[Try], now: datetime) -> AsyncIterator[None]:
    """Around the statement that counts: PostgreSQL's no becomes the documented answer.

    Raises:
        RateLimited: one of the tries is one too many.
    """
    try:
        yield
    except ConstraintViolation as violation:
        if violation.constraint != repository.TOO_MANY:
            raise
        event("rate_limited", {})
        raise domain.too_often(max(each.ends_at for each in tries), now) from violation


async def forget_tries(now: datetime) -> int:
    """Delete every count whose window is over."""
    async with connect("rent") as connection:
        return await repository.forget_tries(connection, now)
