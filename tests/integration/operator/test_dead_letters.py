"""Dead letters of every queue: an operator sees, replays and discards them, once and audited."""

import asyncio
from base64 import b64decode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import azure.functions as func
import psycopg
import pytest
from azure.functions.timer import TimerRequest
from azure.storage.queue.aio import QueueClient

from email_notification import function as email_function
from payment_process import function as payment_function
from rent_process import function as rent_function
from rent_process.settlement import service as settlement
from shared import dead_letters, outbox
from shared.contracts.messages import (
    DOCUMENT_REQUESTS,
    EMAIL_REQUESTS,
    PAYMENT_REQUESTS,
    PAYMENT_RESULT,
    PAYMENT_RESULTS,
    PaymentOutcome,
    PaymentSettledV1,
)
from shared.contracts.money import Money
from shared.database import Schema
from shared.settings import get_settings
from tests.plugins.azurite import Azurite
from tests.plugins.market import Renter
from tests.plugins.operator import Operator, rows
from tests.plugins.postgres import role_url

OWNERS: list[tuple[Schema, str]] = [
    ("rent", PAYMENT_RESULTS),
    ("payment", PAYMENT_REQUESTS),
    ("email", EMAIL_REQUESTS),
    ("rent", DOCUMENT_REQUESTS),
]
SENT_BACK: dict[Schema, str] = {
    "rent": "SELECT queue, body, claimed_until <= now() FROM rent.outbox",
    "payment": "SELECT queue, body, claimed_until <= now() FROM payment.outbox",
    "email": "SELECT queue, body, claimed_until <= now() FROM email.outbox",
}
PATH = "/poison-messages"


async def bury(owner: Schema, queue: str, body: bytes = b"{}") -> None:
    message = func.QueueMessage(id=str(uuid4()), body=body)
    await dead_letters.store(owner, queue, message)


async def listed(operator: Operator, **query: Any) -> list[dict[str, Any]]:
    found = await operator.get(PATH, **query)
    assert found.status_code == 200, found.text
    messages: list[dict[str, Any]] = found.json()["messages"]
    return messages


async def test_dead_letters_of_every_queue_stand_in_one_list(operator: Operator) -> None:
    for owner, queue in OWNERS:
        await bury(owner, queue, f'{{"of": "{queue}"}}'.encode())
    assert [each["queue"] for each in await listed(operator)] == [q for _, q in reversed(OWNERS)]
    [one] = await listed(operator, queue=EMAIL_REQUESTS)
    assert one["body"] == '{"of": "email-requests"}'
    assert one["body_bytes"] == 24
    assert await listed(operator, resolved=True) == []


async def test_pages_meet_every_dead_letter_once(operator: Operator) -> None:
    for number in range(7):
        owner, queue = OWNERS[number % 3]
        await bury(owner, queue)
    seen: list[str] = []
    cursor: dict[str, str] = {}
    for _ in range(4):
        page = (await operator.get(PATH, limit=2, **cursor)).json()
        seen += [each["id"] for each in page["messages"]]
        cursor = {"cursor": page.get("next_cursor")}
    assert page.get("next_cursor") is None
    assert len(seen) == len(set(seen)) == 7


@pytest.mark.parametrize(("owner", "queue"), OWNERS)
async def test_ten_replays_at_once_put_it_back_once(
    owner: Schema, queue: str, operator: Operator, market: str
) -> None:
    await bury(owner, queue, b'{"type": "broken"}')
    [letter] = await listed(operator)
    path = f"{PATH}/{letter['id']}/replay"
    answers = await asyncio.gather(*(operator.send("POST", path) for _ in range(10)))
    assert sorted(answer.status_code for answer in answers) == [202] + [409] * 9
    codes = {answer.json().get("code") for answer in answers if answer.status_code == 409}
    assert codes == {"already_resolved"}
    back = rows(market, SENT_BACK[owner])
    assert back == [(queue, '{"type": "broken"}', True)]
    [entry] = await operator.audit()
    assert entry["action"] == "dead_letter_replayed"
    assert (entry["actor"], entry["target"]) == ("operator-1", letter["id"])
    [after] = await listed(operator, resolved=True)
    assert (after["resolution"], after["resolved_by"]) == ("replayed", "operator-1")


async def test_replayed_message_does_what_it_should_exactly_once(
    renter: Renter, operator: Operator, market: str, queue: QueueClient, azurite: Azurite,
    environment: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    accepted = (await renter.book(await renter.offer())).json()
    [(rental_id, total)] = rows(market, "SELECT rental_id, total_minor FROM rent.rental")
    amount = Money(amount=total, currency="BRL")
    message = PaymentSettledV1(
        rental_id=rental_id, attempt=1, outcome=PaymentOutcome.CAPTURED, amount=amount
    )
    body = message.model_dump_json().encode()
    await bury("rent", queue.queue_name, body)
    [letter] = await listed(operator)
    answer = await operator.send("POST", f"{PATH}/{letter['id']}/replay")
    assert answer.status_code == 202, answer.text

    environment.setenv("RentalQueue", azurite.connection_string)
    get_settings.cache_clear()
    with psycopg.connect(market, autocommit=True) as connection:
        connection.execute("DELETE FROM rent.outbox WHERE queue = 'payment-requests'")
    assert await outbox.sweep("rent") == 1
    assert await outbox.sweep("rent") == 0
    [received] = [each async for each in queue.receive_messages()]
    result = PAYMENT_RESULT.validate_json(b64decode(received.content))
    for _ in range(2):  # and whatever was handled before it died changes nothing
        await settlement.handle_result(result, datetime.now(UTC))
    rental = await renter.read(accepted)
    assert rental["status"] == "CONFIRMED"
    assert [step["event"] for step in rental["timeline"]].count("CONFIRMED") == 1


async def test_discarding_needs_a_reason_and_keeps_it(operator: Operator, market: str) -> None:
    await bury("payment", PAYMENT_REQUESTS)
    [letter] = await listed(operator)
    path = f"{PATH}/{letter['id']}/discard"
    for body in ({}, {"reason": ""}, {"reason": "  "}, {"reason": "x\u0000"}, {"reason": 1}):
        assert (await operator.send("POST", path, body)).status_code == 422
    assert (await operator.client.post(f"/api/operator{path}", headers=operator.headers)
            ).status_code == 400  # fmt: skip
    assert await operator.audit() == []
    answer = await operator.send("POST", path, {"reason": "sent by hand, no rental of ours"})
    assert (answer.status_code, answer.json()["resolution"]) == (200, "discarded")
    assert (await operator.send("POST", f"{PATH}/{letter['id']}/replay")).status_code == 409
    assert rows(market, "SELECT count(*) FROM payment.outbox") == [(0,)]
    [entry] = await operator.audit()
    assert entry["action"] == "dead_letter_discarded"
    assert entry["reason"] == "sent by hand, no rental of ours"


@pytest.mark.parametrize("body", [b"x" * 48_001, b"\xff\xfe"], ids=["too large", "no text"])
async def test_what_cannot_be_sent_as_it_came_is_not_replayed(
    body: bytes, operator: Operator
) -> None:
    await bury("email", EMAIL_REQUESTS, body)
    [letter] = await listed(operator)
    answer = await operator.send("POST", f"{PATH}/{letter['id']}/replay")
    assert (answer.status_code, answer.json()["code"]) == (409, "not_replayable")


async def test_unknown_ids_queues_and_cursors_are_refused(operator: Operator) -> None:
    for unknown in (str(uuid4()), "nonsense", "%00", "..%2faudit"):
        for verb in ("replay", "discard"):
            answer = await operator.send("POST", f"{PATH}/{unknown}/{verb}", {"reason": "none"})
            assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    for query in ({"queue": "other"}, {"limit": 0}, {"limit": 201}, {"cursor": "bm8"}, {"x": 1}):
        assert (await operator.get(PATH, **query)).status_code == 422


async def test_operator_of_one_branch_leaves_them_alone(operator_of_gig: Operator) -> None:
    answer = await operator_of_gig.get(PATH)
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


def test_only_rent_process_may_call_another_schemas_command(database_url: str) -> None:
    statement = "SELECT payment.resolve_dead_letter(gen_random_uuid(), 'replayed', 'me', NULL)"
    with (
        psycopg.connect(role_url(database_url, "email"), autocommit=True) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute(statement)
    with psycopg.connect(role_url(database_url, "rent"), autocommit=True) as connection:
        assert connection.execute(statement).fetchall() == []
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("INSERT INTO payment.outbox SELECT")


async def test_what_was_resolved_long_ago_is_deleted_and_nothing_else(
    operator: Operator, market: str
) -> None:
    now = datetime.now(UTC)
    for owner, queue in OWNERS:
        for _ in range(3):
            await bury(owner, queue)
    ids = [each["id"] for each in await listed(operator)]
    for each in ids[:8]:
        assert (await operator.send("POST", f"{PATH}/{each}/replay")).is_success
    with psycopg.connect(market) as connection:  # old alone is no reason
        connection.execute("UPDATE rent.dead_letter SET dead_at = '2020-01-01'")
    before = [await dead_letters.forget_resolved(owner, now) for owner, _ in OWNERS[:3]]
    later = now + dead_letters.RESOLVED_KEPT + timedelta(minutes=1)
    forgotten = [await dead_letters.forget_resolved(owner, later) for owner, _ in OWNERS[:3]]
    assert (before, sum(forgotten)) == ([0, 0, 0], 8)
    assert all(forgotten)
    left = await listed(operator)
    assert sorted(each["id"] for each in left) == sorted(ids[8:])
    assert not any(each.get("resolution") for each in left)


async def test_email_timer_forgets_its_dead_letters(operator: Operator, market: str) -> None:
    await bury("email", EMAIL_REQUESTS)
    with psycopg.connect(market) as connection:
        connection.execute(
            "UPDATE email.dead_letter SET resolution = 'replayed',"
            " resolved_at = now() - interval '91 days'"
        )
    timer: Any = email_function.email_notification_timer
    await timer._function.get_user_function()(TimerRequest())
    assert await listed(operator) == []


@pytest.mark.parametrize("steps_at", [rent_function._steps_at, payment_function._steps_at])
def test_timer_forgets_dead_letters_each_minute(steps_at: Callable[[datetime], Any]) -> None:
    steps = [*steps_at(datetime.now(UTC))]
    names = [step.__name__ for step in steps]
    for step in steps:
        step.close()
    assert "forget_resolved" in names
