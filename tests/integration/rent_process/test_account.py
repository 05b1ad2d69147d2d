"""A signed-in renter's own list, export and erasure, on a real database."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import psycopg
import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from rent_process.function import asgi_app as rent_app
from rent_process.settlement import service as settlement
from shared.contracts.caller import CALLER_HEADER, Caller
from tests.plugins.market import Renter
from tests.plugins.saga import available, messages, pay, query

PERSONAL = ("Ana", "Souza", "ana.souza@example.com", "91234", "529.982", "subject-ana")


def signed_in(app: ASGIApp, caller: Caller) -> ASGIApp:
    """RentProcess as the BFF calls it for somebody whose token it has verified."""

    async def called(scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"].replace("/api", "/internal/rent", 1)
        header = (CALLER_HEADER.encode(), caller.to_header().encode())
        await app({**scope, "path": path, "headers": [*scope["headers"], header]}, receive, send)

    return called


def renter_as(subject: str, *roles: str) -> Renter:
    app = signed_in(rent_app, Caller(subject=subject, roles=frozenset(roles)))
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://testserver")
    return Renter(client)


@pytest.fixture
async def ana(market: str) -> AsyncIterator[Renter]:
    renter = renter_as("subject-ana")
    async with renter.client:
        yield renter


async def book(renter: Renter, **changes: Any) -> dict[str, Any]:
    answer = await renter.book(await renter.offer(), **changes)
    assert answer.status_code == 202, answer.text
    accepted: dict[str, Any] = answer.json()
    return accepted


def dump(url: str) -> str:
    """Every row of every table of the three schemas, as text."""
    with psycopg.connect(url) as connection:
        tables = connection.execute(
            "SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) FROM pg_tables"
            " WHERE schemaname IN ('rent', 'payment', 'email')"
        ).fetchall()
        rows = [
            connection.execute(f"SELECT jsonb_agg(t)::text FROM {name} t".encode())  # noqa: S608 -- ours
            for (name,) in tables
        ]
        return "\n".join(str(each.fetchall()) for each in rows)


async def test_pages_show_every_own_rental_once_and_nobody_elses(ana: Renter) -> None:
    references = [(await book(ana))["reference"] for _ in range(5)]
    other = renter_as("subject-bia")
    async with other.client:
        await book(other)
    seen: list[str] = []
    cursor: str | None = None
    while True:
        query_ = {"limit": "2"} | ({"cursor": cursor} if cursor else {})
        page = (await ana.client.get("/api/me/rentals", params=query_)).json()
        seen += [each["reference"] for each in page["rentals"]]
        cursor = page.get("next_cursor")
        if cursor is None:
            break
    assert seen == references[::-1]


@pytest.mark.parametrize(
    "parameters",
    [
        {"limit": "0"}, {"limit": "101"}, {"limit": "x"}, {"page": "1"}, {"cursor": "x"},
        {"cursor": "WzEsMl0="}, {"cursor": "bnVsbA=="}, {"cursor": "é"}, {"cursor": "x" * 201},
    ],
)  # fmt: skip
async def test_bad_page_is_refused(ana: Renter, parameters: dict[str, str]) -> None:
    answer = await ana.client.get("/api/me/rentals", params=parameters)
    assert (answer.status_code, answer.json()["code"]) == (422, "validation_failed"), answer.text


async def test_nobody_sees_anything_without_signing_in(renter: Renter) -> None:
    accepted = (await renter.book(await renter.offer())).json()
    for headers in ({}, {"Authorization": f"Bearer {accepted['manage_token']}"}):
        for method, path in (("GET", "rentals"), ("GET", "data"), ("DELETE", "")):
            answer = await renter.client.request(
                method, f"/api/me/{path}".rstrip("/"), headers=headers
            )
            assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")


async def test_export_holds_everything_that_was_given(ana: Renter, market: str) -> None:
    accepted = await book(ana, extras=[{"code": "CHILD_SEAT", "quantity": 1}], coverages=["CDW"])
    await pay(market, accepted["reference"])
    await ana.client.post(
        f"/api/rentals/{accepted['reference']}/cancellation", json={"reason": "a reason of mine"}
    )
    found = (await ana.client.get("/api/me/data")).json()
    assert found["subject"] == "subject-ana"
    [held] = found["rentals"]
    sent = ana.request("")["driver"]
    assert held["driver"] == sent | {"phone": "+5511912345678"}
    assert held["rental"]["status"] == "CANCELLED"
    assert held["cancellation_reason"] == "a reason of mine"
    assert held["extras"] == [{"code": "CHILD_SEAT", "quantity": 1}]
    assert held["coverages"] == ["CDW"]
    assert [each["reason"] for each in held["refunds"]] == ["cancelled"]
    assert {step["event"] for step in held["rental"]["timeline"]} >= {"BOOKED", "CANCELLED"}


async def test_erasure_leaves_nothing_personal_and_keeps_the_books(
    ana: Renter, renter: Renter, market: str
) -> None:
    accepted = await book(ana)
    await pay(market, accepted["reference"])
    await ana.client.post(
        f"/api/rentals/{accepted['reference']}/cancellation", json={"reason": "ask Ana Souza"}
    )
    assert all(word in dump(market) for word in PERSONAL)
    answer = await ana.client.delete("/api/me")
    assert answer.json() == {"erased": 1, "kept": []}
    held = dump(market)
    assert not [word for word in PERSONAL if word in held]
    [(total, days, email)] = query(
        market,
        "SELECT r.total_minor, r.return_at - r.pickup_at, v.recipient_email FROM rent.rental r"
        " JOIN rent.email_view v USING (rental_id)",
    )
    assert (total, days, email) == (33_600, timedelta(days=3), None)
    path = f"/api/rentals/{accepted['reference']}"
    headers = {"Authorization": f"Bearer {accepted['manage_token']}"}
    assert (await renter.client.get(path, headers=headers)).status_code == 404
    assert (await ana.client.get("/api/me/data")).json()["rentals"] == []
    operator = renter_as("somebody", "operator")
    async with operator.client:
        shown = (await operator.client.get(path)).json()
    assert shown["driver"] == {"given_name": "", "family_name": "", "email": "", "phone": ""}
    [audited] = query(market, "SELECT erased_rentals, kept_rentals FROM rent.erasure")
    assert audited == (1, 0)


async def test_running_rentals_are_kept_and_named(ana: Renter, market: str) -> None:
    running, over = await book(ana), await book(ana)
    await pay(market, running["reference"])
    await ana.client.post(f"/api/rentals/{over['reference']}/cancellation")
    answer = await ana.client.delete("/api/me")
    assert answer.status_code == 200
    kept = {"reference": running["reference"], "status": "CONFIRMED"}
    assert answer.json() == {"erased": 1, "kept": [kept]}
    assert (await ana.read(running))["driver"]["given_name"] == "Ana"
    await ana.client.post(f"/api/rentals/{running['reference']}/cancellation")
    assert (await ana.client.delete("/api/me")).json() == {"erased": 1, "kept": []}
    assert "Ana" not in dump(market)


async def test_late_payment_of_a_forgotten_renter_is_refunded(ana: Renter, market: str) -> None:
    accepted = await book(ana)
    await settlement.expire_due(datetime.now(UTC) + timedelta(minutes=16))
    await ana.client.delete("/api/me")
    await pay(market, accepted["reference"])
    assert query(market, "SELECT status FROM rent.rental") == [("EXPIRED",)]
    assert len(messages(market, "refund_requested.v1")) == 1
    assert await available(ana) == 10


async def test_events_stay_append_only_but_for_the_name(database: str) -> None:
    with psycopg.connect(database) as connection:
        connection.execute("SET ROLE rent")
        for statement in (
            "UPDATE rent.rental_event SET actor = 'x'",
            "DELETE FROM rent.erasure",
            "UPDATE rent.erasure SET kept_rentals = 0",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
                connection.execute(statement.encode())
    assert (
        json.loads(query(database, "SELECT to_json(count(*))::text FROM rent.erasure")[0][0]) == 0
    )


async def test_erasure_asks_that_the_card_of_what_has_ended_be_forgotten(
    ana: Renter, market: str
) -> None:
    accepted = await book(ana)
    await pay(market, accepted["reference"])
    await ana.client.delete("/api/me")
    assert messages(market, "payment_method_forget_requested.v1") == []
    await ana.client.post(f"/api/rentals/{accepted['reference']}/cancellation", json={})
    await ana.client.delete("/api/me")
    [(rental_id,)] = query(market, "SELECT rental_id FROM rent.rental")
    [asked] = messages(market, "payment_method_forget_requested.v1")
    assert asked["rental_id"] == str(rental_id)
