"""What operators wrote about a renter is forgotten with the renter; who did what and when stays."""

from datetime import timedelta
from typing import Any

import psycopg
import pytest

from rent_process.audit import service as audit
from shared.database import transaction
from tests.integration.rent_process.test_account import ana, book, dump
from tests.plugins.counter import CALLER, RETURN, check_in, check_out, park
from tests.plugins.market import Renter
from tests.plugins.operator import Operator
from tests.plugins.saga import pay, query

__all__ = ["ana"]  # a fixture

NOTES = "Ana Souza limps, and her husband drove"


async def returned(ana: Renter, url: str) -> str:
    [plate, _] = park(url)
    reference: str = (await book(ana))["reference"]
    await pay(url, reference)
    await check_out(reference, plate, notes=NOTES)
    await check_in(reference, now=RETURN - timedelta(hours=1))
    return reference


async def test_words_of_the_check_out_are_erased_wherever_they_stand(
    ana: Renter, market: str
) -> None:
    await returned(ana, market)
    assert dump(market).count(NOTES) == 2  # with the car that left, and in the audit
    assert (await ana.client.delete("/api/me")).json() == {"erased": 1, "kept": []}
    assert NOTES not in dump(market)
    assert query(market, "SELECT notes FROM rent.rental_leg") == [(None,)]
    assert query(
        market, "SELECT actor, reason FROM rent.audit WHERE action = 'rental_checked_out'"
    ) == [(CALLER.actor, "erased")]


async def test_operators_reason_of_a_cancellation_is_erased(
    ana: Renter, operator: Operator, market: str
) -> None:
    reference = (await book(ana))["reference"]
    reason = {"reason": "Ana Souza rang: her mother is ill"}
    path = f"/rentals/{reference}/cancellation"
    answer = await operator.send("POST", path, reason)
    assert answer.is_success, answer.text
    await ana.client.delete("/api/me")
    assert "her mother" not in dump(market)


async def test_audit_of_others_keeps_its_reasons(ana: Renter, market: str) -> None:
    reference = await returned(ana, market)
    other = (await book(ana))["reference"]
    async with transaction("rent") as connection:
        for about in (reference, other, None):
            await audit.record(connection, CALLER, "looked_at", reference=about, reason="a reason")
    await ana.client.delete("/api/me")  # ``other`` is still running
    found: list[Any] = query(
        market, "SELECT reference, reason FROM rent.audit WHERE action = 'looked_at' ORDER BY at"
    )
    assert found == [(reference, "erased"), (other, "a reason"), (None, "a reason")]


async def test_audit_stays_append_only_but_for_the_words(database: str) -> None:
    with psycopg.connect(database) as connection:
        connection.execute("SET ROLE rent")
        for statement in ("UPDATE rent.audit SET reason = 'x'", "DELETE FROM rent.audit"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
                connection.execute(statement.encode())
