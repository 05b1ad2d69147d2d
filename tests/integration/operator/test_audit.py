"""The audit: who did what, in the transaction of the action, and only there."""

from typing import Any
from uuid import uuid4

import psycopg
import pytest

from rent_process.audit import service as audit
from shared import outbox
from shared.contracts.caller import Caller
from shared.contracts.messages import PaymentOutcome
from shared.database import transaction
from tests.plugins.market import Renter
from tests.plugins.operator import Operator, rows
from tests.plugins.saga import book_and_pay, pay

CALLER = Caller(subject="operator-1", roles=frozenset({"operator"}))


async def record(*references: str | None) -> None:
    for reference in references:
        async with transaction("rent") as connection:
            await audit.record(connection, CALLER, "something_done", reference=reference)


async def book(renter: Renter, **changes: Any) -> str:
    answer = await renter.book(await renter.offer(**changes))
    reference: str = answer.json()["reference"]
    return reference


async def test_pages_are_newest_first_and_complete(operator: Operator, market: str) -> None:
    await record(*[None] * 5)
    page = (await operator.get("/audit", limit=3)).json()
    rest = (await operator.get("/audit", limit=3, cursor=page["next_cursor"])).json()
    times = [entry["at"] for entry in page["entries"] + rest["entries"]]
    assert len(times) == 5
    assert times == sorted(times, reverse=True)
    assert "next_cursor" not in rest


async def test_one_rentals_entries_are_found_in_either_case(
    renter: Renter, operator: Operator
) -> None:
    mine, other = await book(renter), await book(renter)
    await record(mine, other, None)
    assert [e["reference"] for e in await operator.audit(rental=mine.lower())] == [mine]
    assert await operator.audit(rental="00000000") == []


async def test_operator_of_one_branch_sees_its_rentals_entries_only(
    renter: Renter, operator_of_gig: Operator
) -> None:
    elsewhere, touching = await book(renter), await book(renter, return_branch="GIG")
    await record(elsewhere, touching, None)
    assert [entry["reference"] for entry in await operator_of_gig.audit()] == [touching]
    assert await operator_of_gig.audit(rental=elsewhere) == []


async def test_what_an_operator_does_by_the_renters_calls_is_recorded_and_the_renters_is_not(
    renter: Renter, operator: Operator, market: str
) -> None:
    accepted = (await renter.book(await renter.offer())).json()
    path = f"/api/rentals/{accepted['reference']}"
    await pay(market, accepted["reference"], PaymentOutcome.DECLINED)
    card = {"method": "card", "payment_method_id": "pm_another"}

    async def post(what: str, body: Any, **by: str) -> None:
        headers = by | {"Idempotency-Key": str(body)[:50]}
        for _ in range(2):  # again changes nothing, and is not recorded
            answer = await renter.client.post(f"{path}/{what}", json=body, headers=headers)
            assert answer.status_code == 202, answer.text

    await post("payment", card, **operator.headers)
    await pay(market, accepted["reference"])
    dearer = {"offer": await renter.offer("CDAR"), "payment": card}
    await post("modification", dearer, **operator.headers)
    await post("cancellation", {"reason": "by phone"}, **operator.headers)
    entries = await operator.audit()
    found = [(e["action"], e["actor"], e.get("reason"), e["after"]) for e in entries]
    money = {"due_minor": 16_800, "refund_minor": 0, "total_minor": 50_400}
    assert found[1:] == [
        ("rental_modified", "operator-1", None, {"class": "CDAR"} | money),
        ("payment_requested", "operator-1", None, {"method": "card", "attempt": 2}),
    ]
    assert found[0][:3] == ("rental_cancelled", "operator-1", "by phone")

    other = await book_and_pay(renter, market)
    path = f"/api/rentals/{other['reference']}"
    as_renter = {"Authorization": f"Bearer {other['manage_token']}"}
    await post("cancellation", {}, **as_renter)
    assert await operator.audit(rental=other["reference"]) == []


async def test_action_that_fails_leaves_no_entry(
    operator: Operator, market: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with psycopg.connect(market) as connection:
        connection.execute(
            "INSERT INTO payment.dead_letter (queue, queue_message_id, body)"
            " VALUES ('payment-requests', '1', '{}')"
        )
    [letter] = (await operator.get("/poison-messages")).json()["messages"]
    recorded = audit.record

    async def record_and_break(*arguments: Any, **named: Any) -> None:
        await recorded(*arguments, **named)
        raise RuntimeError("the process ends here")

    monkeypatch.setattr(audit, "record", record_and_break)
    answer = await operator.send("POST", f"/poison-messages/{letter['id']}/replay")
    assert answer.status_code == 500
    assert await operator.audit() == []
    assert rows(market, "SELECT count(*) FROM payment.outbox") == [(0,)]
    assert rows(market, "SELECT resolution FROM payment.dead_letter") == [(None,)]


async def test_entry_whose_action_is_rolled_back_is_gone(operator: Operator, market: str) -> None:
    with pytest.raises(RuntimeError):
        await _record_and_fail()
    assert await operator.audit() == []


async def _record_and_fail() -> None:
    async with transaction("rent") as connection:
        await audit.record(connection, CALLER, "something_done", target=str(uuid4()))
        await outbox.write(connection, [])
        raise RuntimeError("the process ends here")


@pytest.mark.parametrize(
    "query",
    [{"rental": "short"}, {"rental": "ILOU0000"}, {"limit": "x"}, {"cursor": "W10"}, {"who": "me"},
     {"cursor": "WzkyMjMzNzIwMzY4NTQ3NzU4MDhd"}, {"cursor": "Wy0xXQ"}],
)  # fmt: skip
async def test_bad_queries_are_refused(query: dict[str, str], operator: Operator) -> None:
    answer = await operator.get("/audit", **query)
    assert (answer.status_code, answer.json()["code"]) == (422, "validation_failed")
