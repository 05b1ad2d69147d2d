"""Reviews: of completed rentals, once, with words that are read before they are shown."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from rent_process.reminders import service as reminders
from rent_process.reviews import service as reviews
from shared.contracts.reviews import ReviewRequest
from shared.errors import Rejected
from tests.integration.rent_process.test_account import dump, renter_as
from tests.plugins.ending import completed, put
from tests.plugins.market import Renter, at_local
from tests.plugins.operator import Operator
from tests.plugins.saga import book_and_pay, call, messages, query

COMMENT = "Clean car, quick desk.\nThank you!"
GIG = {"pickup_branch": "GIG", "return_branch": "GIG"}


async def review(
    renter: Renter, accepted: dict[str, Any], rating: Any = 5, **body: Any
) -> httpx.Response:
    return await call(renter, "POST", accepted, "review", json={"rating": rating} | body)


async def shown(renter: Renter, **query: Any) -> dict[str, Any]:
    found = await renter.client.get("/api/reviews", params=query)
    assert found.status_code == 200, found.text
    reviews: dict[str, Any] = found.json()
    return reviews


async def pending(operator: Operator, **query: Any) -> list[dict[str, Any]]:
    found = await operator.get("/reviews", **query)
    assert found.status_code == 200, found.text
    reviews: list[dict[str, Any]] = found.json()["reviews"]
    return reviews


@pytest.mark.parametrize(
    "status",
    ["PENDING", "CONFIRMED", "CHECKED_OUT", "EXPIRED", "FAILED", "CANCELLED", "NO_SHOW"],
)
async def test_rental_that_was_not_completed_cannot_be_reviewed(
    renter: Renter, market: str, status: str
) -> None:
    accepted = await book_and_pay(renter, market)
    if status == "PENDING":
        accepted = (await renter.book(await renter.offer())).json()
    else:
        put(market, accepted, status)
    answer = await review(renter, accepted)
    assert (answer.status_code, answer.json()["code"]) == (409, "illegal_transition")
    assert (await call(renter, "GET", accepted, "review")).json() == {"open": False}
    assert await shown(renter) == {"count": 0, "reviews": []}


async def test_renter_reviews_once_however_often_they_press(renter: Renter, market: str) -> None:
    accepted = await completed(renter, market)
    assert (await call(renter, "GET", accepted, "review")).json() == {"open": True}
    answers = await asyncio.gather(*(review(renter, accepted, n) for n in (1, 2, 3, 4, 5)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409, 409]
    again = await review(renter, accepted)
    assert (again.status_code, again.json()["code"]) == (409, "already_reviewed")
    [first] = [answer.json() for answer in answers if answer.status_code == 201]
    assert (await call(renter, "GET", accepted, "review")).json() == {
        "open": False, "review": first,
    }  # fmt: skip


async def test_stars_count_at_once_and_words_are_shown_when_approved(
    renter: Renter, operator: Operator, market: str
) -> None:
    accepted = await completed(renter, market)
    written = (await review(renter, accepted, 4, comment=f"  {COMMENT} ")).json()
    assert (written["status"], written["comment"]) == ("PENDING", COMMENT)
    await review(renter, await completed(renter, market, **GIG), 5)
    assert await shown(renter) == {"average": 4.5, "count": 2, "reviews": []}
    [waiting] = await pending(operator)
    assert (waiting["comment"], waiting["reference"]) == (COMMENT, accepted["reference"])
    answer = await operator.send("POST", f"/reviews/{waiting['id']}/approve")
    assert (answer.status_code, answer.json()["status"]) == (200, "APPROVED")
    [public] = (await shown(renter))["reviews"]
    assert public == {
        "rating": 4, "comment": COMMENT, "class": "ECMR", "branch": "GRU",
        "created_at": written["created_at"],
    }  # fmt: skip
    assert await pending(operator) == []
    [entry] = await operator.audit(rental=accepted["reference"])
    assert (entry["action"], entry["target"]) == ("review_approved", waiting["id"])
    assert (entry["before"], entry["after"]) == ({"status": "PENDING"}, {"status": "APPROVED"})
    assert COMMENT not in str(entry)


async def test_rejected_words_are_never_shown_and_their_stars_still_count(
    renter: Renter, operator: Operator, market: str
) -> None:
    await review(renter, await completed(renter, market), 1, comment="rude words")
    [waiting] = await pending(operator)
    path = f"/reviews/{waiting['id']}"
    answer = await operator.send("POST", f"{path}/reject", {"reason": "insults"})
    assert (answer.status_code, answer.json()["status"]) == (200, "REJECTED")
    assert await shown(renter) == {"average": 1.0, "count": 1, "reviews": []}
    again = await operator.send("POST", f"{path}/reject", {"reason": "insults"})
    assert (again.status_code, again.json()["code"]) == (409, "already_resolved")
    [entry] = await operator.audit()
    assert (entry["action"], entry["reason"]) == ("review_rejected", "insults")
    assert [each["id"] for each in await pending(operator, status="REJECTED")] == [waiting["id"]]
    # A decision may be taken back, in the open.
    assert (await operator.send("POST", f"{path}/approve")).status_code == 200
    assert len((await shown(renter))["reviews"]) == 1


async def test_average_is_by_class_and_branch_and_stands_with_the_class(
    renter: Renter, market: str
) -> None:
    for rating, search in ((5, {}), (4, {}), (4, {}), (1, GIG)):
        await review(renter, await completed(renter, market, **search), rating)
    averages = {
        str(where): ((found := await shown(renter, **where)).get("average"), found["count"])
        for where in ({"branch": "GRU"}, {"branch": "GIG"}, {"class": "ECMR"}, {"class": "CDAR"})
    }
    assert list(averages.values()) == [(4.3, 3), (1.0, 1), (3.5, 4), (None, 0)]
    classes = (await renter.client.get("/api/classes")).json()["classes"]
    ratings = {each["acriss"]: each.get("rating") for each in classes}
    assert ratings == {"ECMR": {"average": 3.5, "count": 4}, "CDAR": None, "SFAR": None}


async def test_pages_of_comments_show_each_once(
    renter: Renter, operator: Operator, market: str
) -> None:
    for number in range(5):
        await review(renter, await completed(renter, market), 3, comment=f"number {number}")
    for waiting in await pending(operator):
        await operator.send("POST", f"/reviews/{waiting['id']}/approve")
    seen: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = await shown(renter, limit="2", **cursor)
        seen += [each["comment"] for each in page["reviews"]]
        if "next_cursor" not in page:
            break
        cursor = {"cursor": page["next_cursor"]}
    assert seen == [f"number {number}" for number in (4, 3, 2, 1, 0)]


async def test_operator_moderates_comments_of_their_branches_only(
    renter: Renter, operator_of_gig: Operator, market: str
) -> None:
    await review(renter, await completed(renter, market), 3, comment="at GRU")
    await review(renter, await completed(renter, market, **GIG), 3, comment="at GIG")
    assert [each["comment"] for each in await pending(operator_of_gig)] == ["at GIG"]
    assert await pending(operator_of_gig, branch="GRU") == []
    [(elsewhere,)] = query(market, "SELECT review_id FROM rent.review WHERE branch_code = 'GRU'")
    for path, body in (("approve", None), ("reject", {"reason": "x"})):
        answer = await operator_of_gig.send("POST", f"/reviews/{elsewhere}/{path}", body)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_only_the_renter_reviews(
    renter: Renter, operator: Operator, operator_of_gig: Operator, market: str
) -> None:
    accepted, other = await completed(renter, market), await completed(renter, market)
    swapped = accepted | {"manage_token": other["manage_token"]}
    assert (await review(renter, swapped)).status_code == 401
    path = f"/api/rentals/{accepted['reference']}/review"
    assert (await renter.client.post(path, json={"rating": 5})).status_code == 401
    for who, status in ((operator, 403), (operator_of_gig, 404)):
        answer = await who.client.post(path, json={"rating": 5}, headers=who.headers)
        assert answer.status_code == status
    stranger = renter_as("somebody")
    async with stranger.client:
        assert (await stranger.client.post(path, json={"rating": 5})).status_code == 404
    assert query(market, "SELECT count(*) FROM rent.review") == [(0,)]


@pytest.mark.parametrize(
    "body",
    [
        {}, {"rating": 0}, {"rating": 6}, {"rating": 4.5}, {"rating": "5"}, {"rating": True},
        {"rating": 5, "comment": ""}, {"rating": 5, "comment": "   "},
        {"rating": 5, "comment": "x" * 2001}, {"rating": 5, "comment": "a\u0000b"},
        {"rating": 5, "comment": 5}, {"rating": 5, "author": "Ana"},
    ],
)  # fmt: skip
async def test_bad_review_is_refused(renter: Renter, market: str, body: dict[str, Any]) -> None:
    accepted = await completed(renter, market)
    answer = await call(renter, "POST", accepted, "review", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "validation_failed")


async def test_bad_lists_and_moderations_are_refused(renter: Renter, operator: Operator) -> None:
    for bad in (
        {"class": "x"},
        {"branch": "gru"},
        {"limit": "0"},
        {"cursor": "!"},
        {"rating": "5"},
    ):
        answer = await renter.client.get("/api/reviews", params=bad)
        assert (answer.status_code, answer.json()["code"]) == (422, "validation_failed")
    for bad in ({"status": "UNCOMMENTED"}, {"limit": "201"}, {"cursor": "WzFd"}):
        assert (await operator.get("/reviews", **bad)).status_code == 422
    unknown = "/reviews/00000000-0000-0000-0000-000000000000"
    assert (await operator.send("POST", f"{unknown}/approve")).status_code == 404
    assert (await operator.send("POST", "/reviews/x/approve")).status_code == 404
    for body in ({}, {"reason": ""}, {"reason": "two\nlines"}):
        assert (await operator.send("POST", f"{unknown}/reject", body)).status_code == 422


async def test_stars_alone_cannot_be_moderated(
    renter: Renter, operator: Operator, market: str
) -> None:
    await review(renter, await completed(renter, market), 2)
    [(review_id,)] = query(market, "SELECT review_id FROM rent.review")
    answer = await operator.send("POST", f"/reviews/{review_id}/approve")
    assert (answer.status_code, answer.json()["code"]) == (409, "already_resolved")


async def test_erasure_takes_the_words_and_leaves_the_stars(
    operator: Operator, market: str
) -> None:
    ana = renter_as("subject-ana")
    async with ana.client:
        accepted = await completed(ana, market)
        path = f"/api/rentals/{accepted['reference']}/review"
        body = {"rating": 2, "comment": "Ask Ana Souza"}
        assert (await ana.client.post(path, json=body)).status_code == 201
        [waiting] = await pending(operator)
        await operator.send("POST", f"/reviews/{waiting['id']}/approve")
        [held] = (await ana.client.get("/api/me/data")).json()["rentals"]
        assert (held["review"]["rating"], held["review"]["comment"]) == (2, "Ask Ana Souza")
        assert (await ana.client.delete("/api/me")).json()["erased"] == 1
    assert "Ask Ana" not in dump(market)
    found = await operator.client.get("/api/reviews")
    assert found.json() == {"average": 2.0, "count": 1, "reviews": []}


async def test_review_is_asked_for_once_on_the_day_after(renter: Renter, market: str) -> None:
    await completed(renter, market)  # until the thirteenth day
    reviewed = await completed(renter, market)
    await review(renter, reviewed)
    moments = [at_local(13, 20), at_local(14, 9), at_local(14, 10), at_local(15, 10)]
    asked = [await reminders.remind(moment.astimezone(UTC)) for moment in moments]
    assert asked == [0, 0, 1, 0]
    assert messages(market, "email_requested.v1")[-1]["template"] == "review_request"
    late = await completed(renter, market)
    assert await reminders.remind(at_local(21, 12).astimezone(UTC)) == 0, late
    assert datetime.now(UTC) < at_local(13)


async def test_words_on_their_way_are_not_kept_past_an_erasure(market: str) -> None:
    ana = renter_as("subject-ana")
    async with ana.client:
        accepted = await completed(ana, market)
        assert (await ana.client.delete("/api/me")).json()["erased"] == 1
    # Who wrote was found to be the renter just before.
    with pytest.raises(Rejected) as refusal:
        await reviews.write(accepted["reference"], ReviewRequest(rating=5, comment=COMMENT))
    assert refusal.value.code == "not_found"
    assert COMMENT.splitlines()[0] not in dump(market)
