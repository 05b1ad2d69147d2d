"""Messages about a rental: kept, answered, e-mailed, bounded, erased."""

import asyncio
from typing import Any

import httpx
import pytest

from rent_process.messages import domain
from tests.integration.rent_process.test_account import dump, renter_as
from tests.plugins.ending import completed
from tests.plugins.market import Renter
from tests.plugins.operator import Operator
from tests.plugins.saga import book_and_pay, call, messages, query

ASKED = "May I bring my dog?\nHe is small."
ANSWER = "Yes, with a blanket."
GIG = {"pickup_branch": "GIG", "return_branch": "GIG"}


async def ask(renter: Renter, accepted: dict[str, Any], text: Any = ASKED) -> httpx.Response:
    return await call(renter, "POST", accepted, "messages", json={"text": text})


async def answer(operator: Operator, reference: str, text: Any = ANSWER) -> httpx.Response:
    return await operator.send("POST", f"/rentals/{reference}/messages", {"text": text})


async def waiting(operator: Operator, **query: Any) -> list[dict[str, Any]]:
    found = await operator.get("/messages", **query)
    assert found.status_code == 200, found.text
    threads: list[dict[str, Any]] = found.json()["threads"]
    return threads


async def thread(renter: Renter, accepted: dict[str, Any]) -> list[dict[str, Any]]:
    found = await call(renter, "GET", accepted, "messages")
    assert found.status_code == 200, found.text
    written: list[dict[str, Any]] = found.json()["messages"]
    return written


def mailed(url: str) -> list[dict[str, Any]]:
    bodies = messages(url, "email_requested.v1")
    return [body for body in bodies if body["template"] == "branch_message"]


async def test_question_and_answer_stand_with_the_rental_and_the_answer_is_mailed(
    renter: Renter, operator: Operator, market: str
) -> None:
    accepted = await book_and_pay(renter, market)
    reference = accepted["reference"]
    assert await thread(renter, accepted) == []
    asked = await ask(renter, accepted, f" {ASKED}\n")
    assert (asked.status_code, asked.json()["author"], asked.json()["text"]) == (
        201, "renter", ASKED,
    )  # fmt: skip
    [one] = await waiting(operator)
    assert (one["reference"], one["text"], one["waiting"]) == (reference, ASKED, 1)
    assert (one["given_name"], one["waiting_since"]) == ("Ana", asked.json()["sent_at"])
    answered = await answer(operator, reference)
    assert (answered.status_code, answered.json()["author"]) == (201, "branch")
    assert [each["text"] for each in await thread(renter, accepted)] == [ASKED, ANSWER]
    assert await waiting(operator) == []
    [mail] = mailed(market)
    assert mail["branch_message_id"] == answered.json()["id"]
    assert ANSWER not in str(mail)
    [entry] = await operator.audit(rental=reference)
    assert (entry["action"], entry["after"]) == ("message_answered", {"settled": 1})
    assert ANSWER not in str(entry)
    assert "operator" not in str(await thread(renter, accepted))


async def test_same_message_again_is_the_same_message(
    renter: Renter, operator: Operator, market: str
) -> None:
    accepted = await book_and_pay(renter, market)
    asked = await asyncio.gather(*(ask(renter, accepted) for _ in range(5)))
    assert len({each.json()["id"] for each in asked}) == 1
    answered = [await answer(operator, accepted["reference"]) for _ in range(3)]
    assert len({each.json()["id"] for each in answered}) == 1
    assert len(mailed(market)) == 1
    assert (await ask(renter, accepted)).json()["id"] != asked[0].json()["id"], "it was answered"


async def test_longest_waiting_rental_stands_first_and_pages_show_each_once(
    renter: Renter, operator: Operator, market: str
) -> None:
    rentals = [await book_and_pay(renter, market) for _ in range(3)]
    for rental in (*rentals, rentals[0]):
        await ask(renter, rental, f"{rental['reference']} {rental is rentals[0]}")
        await ask(renter, rental, "and?")
    first = (await operator.get("/messages", limit=2)).json()
    rest = await waiting(operator, limit=2, cursor=first["next_cursor"])
    found = [each["reference"] for each in (*first["threads"], *rest)]
    assert found == [each["reference"] for each in rentals]
    assert [each["waiting"] for each in first["threads"]] == [4, 2]


async def test_what_needs_no_answer_is_settled_and_audited_once(
    renter: Renter, operator: Operator, market: str
) -> None:
    accepted = await book_and_pay(renter, market)
    await ask(renter, accepted, "Thanks!")
    path = f"/rentals/{accepted['reference']}/messages/settled"
    settled = [(await operator.send("POST", path)).json()["settled"] for _ in range(2)]
    assert settled == [1, 0]
    assert await waiting(operator) == []
    assert [entry["action"] for entry in await operator.audit()] == ["messages_settled"]
    assert mailed(market) == []


async def test_renter_writes_only_so_much(renter: Renter, operator: Operator, market: str) -> None:
    accepted = await book_and_pay(renter, market)
    answers = await asyncio.gather(
        *(ask(renter, accepted, f"number {n}") for n in range(domain.RENTER_HOURLY + 2))
    )
    codes = sorted(each.status_code for each in answers)
    assert codes == [201] * domain.RENTER_HOURLY + [429] * 2
    assert {each.json()["code"] for each in answers if each.status_code == 429} == {"rate_limited"}
    assert (await answer(operator, accepted["reference"])).status_code == 201
    query_ = "UPDATE rent.rental_message SET sent_at = sent_at - interval '1 hour' RETURNING 1"
    assert len(query(market, query_)) == domain.RENTER_HOURLY + 1
    assert (await ask(renter, accepted, "an hour later")).status_code == 201


async def test_thread_has_an_end(
    renter: Renter, operator: Operator, market: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(domain, "THREAD_MOST", 2)
    accepted = await book_and_pay(renter, market)
    await ask(renter, accepted)
    await answer(operator, accepted["reference"])
    full = (await ask(renter, accepted, "more"), await answer(operator, accepted["reference"], "x"))
    assert {(each.status_code, each.json()["code"]) for each in full} == {(429, "rate_limited")}


async def test_only_renter_and_branch_read_and_write(
    renter: Renter, operator: Operator, operator_of_gig: Operator, market: str
) -> None:
    accepted, other = await book_and_pay(renter, market), await book_and_pay(renter, market)
    await ask(renter, accepted)
    reference = accepted["reference"]
    path = f"/api/rentals/{reference}/messages"
    stranger = renter_as("somebody")
    async with stranger.client:
        for method, body in (("GET", None), ("POST", {"text": "x"})):
            nobody = await renter.client.request(method, path, json=body)
            swapped = accepted | {"manage_token": other["manage_token"]}
            wrong = await call(renter, method, swapped, "messages", json=body)
            assert (nobody.status_code, wrong.status_code) == (401, 401)
            assert (await stranger.client.request(method, path, json=body)).status_code == 404
            far = await operator_of_gig.client.request(
                method, path, json=body, headers=operator_of_gig.headers
            )
            assert far.status_code == 404
    assert (await operator.client.get(path, headers=operator.headers)).status_code == 200
    spoken_for = await operator.client.post(path, json={"text": "x"}, headers=operator.headers)
    assert (spoken_for.status_code, spoken_for.json()["code"]) == (403, "forbidden")
    assert (await answer(operator_of_gig, reference)).status_code == 404
    settled = await operator_of_gig.send("POST", f"/rentals/{reference}/messages/settled")
    assert settled.status_code == 404
    assert await waiting(operator_of_gig) == []
    assert len(await thread(renter, accepted)) == 1


async def test_branch_of_the_return_sees_and_answers(
    renter: Renter, operator_of_gig: Operator, market: str
) -> None:
    one_way = await book_and_pay(renter, market, return_branch="GIG")
    await ask(renter, one_way)
    [found] = await waiting(operator_of_gig, branch="GIG")
    assert found["reference"] == one_way["reference"]
    assert (await answer(operator_of_gig, one_way["reference"])).status_code == 201


@pytest.mark.parametrize(
    "body",
    [
        {}, {"text": ""}, {"text": " \n "}, {"text": "x" * 2001}, {"text": "a\u0000b"},
        {"text": None}, {"text": 5}, {"text": "x", "author": "branch"}, [],
    ],
)  # fmt: skip
async def test_bad_messages_are_refused(
    renter: Renter, operator: Operator, market: str, body: Any
) -> None:
    accepted = await book_and_pay(renter, market)
    path = f"/rentals/{accepted['reference']}/messages"
    answers = (
        await call(renter, "POST", accepted, "messages", json=body),
        await operator.send("POST", path, body),
    )
    for each in answers:
        assert (each.status_code, each.json()["code"]) == (422, "validation_failed")
    assert await thread(renter, accepted) == []


async def test_bad_lists_and_references_are_refused(operator: Operator) -> None:
    for bad in ({"branch": "gru"}, {"limit": "0"}, {"cursor": "!"}, {"status": "x"}):
        found = await operator.get("/messages", **bad)
        assert (found.status_code, found.json()["code"]) == (422, "validation_failed")
    for unknown in ("00000000", "short"):
        assert (await answer(operator, unknown)).status_code == 404


async def test_export_holds_the_thread_and_erasure_takes_its_words(
    operator: Operator, market: str
) -> None:
    ana = renter_as("subject-ana")
    async with ana.client:
        accepted = await completed(ana, market)
        reference = accepted["reference"]
        path = f"/api/rentals/{reference}/messages"
        await ana.client.post(path, json={"text": "I am Ana Souza"})
        await answer(operator, reference, "Good day, Ana Souza")
        await ana.client.post(path, json={"text": "Ana Souza waits"})
        [held] = (await ana.client.get("/api/me/data")).json()["rentals"]
        assert [each["author"] for each in held["messages"]] == ["renter", "branch", "renter"]
        assert held["messages"][0]["text"] == "I am Ana Souza"
        assert (await ana.client.delete("/api/me")).json()["erased"] == 1
        assert (await ana.client.get(path)).status_code == 404
    assert "Ana Souza" not in dump(market)
    assert await waiting(operator) == []
    refused = await answer(operator, reference)
    assert (refused.status_code, refused.json()["code"]) == (409, "illegal_transition")
