"""Too many tries by one mailbox or from one address, at once or one after another."""

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import uuid4

import httpx
import psycopg
import pytest

from rent_process.limits import service as limits
from shared.contracts.messages import PaymentOutcome
from shared.settings import get_settings
from tests.plugins.market import Renter
from tests.plugins.saga import available, call, messages, pay, query

MOST = 3
ADDRESS = "x-azure-socketip"
COUNTED = "SELECT tries FROM rent.recent_try ORDER BY tries"


@pytest.fixture
def limited(renter: Renter, environment: pytest.MonkeyPatch) -> Renter:
    """Three tries an hour by e-mail, four by address; the front door names the address."""
    environment.setenv("LIMIT_EMAIL_PER_HOUR", str(MOST))
    environment.setenv("LIMIT_ADDRESS_PER_HOUR", str(MOST + 1))
    environment.setenv("CLIENT_ADDRESS_HEADER", ADDRESS)
    get_settings.cache_clear()
    return renter


def as_renter(renter: Renter, offer: str, email: str) -> dict[str, Any]:
    request = renter.request(offer)
    return request | {"driver": request["driver"] | {"email": email}}


async def book(
    renter: Renter, offer: str, email: str, address: str = "203.0.113.7", key: str = ""
) -> httpx.Response:
    return await renter.client.post(
        "/api/rentals",
        json=as_renter(renter, offer, email),
        headers={"Idempotency-Key": key or str(uuid4()), ADDRESS: address},
    )


async def retry(renter: Renter, accepted: dict[str, Any], key: str = "") -> httpx.Response:
    choice = {"method": "card", "payment_method_id": "pm_card_visa"}
    headers = {"Idempotency-Key": key or str(uuid4()), ADDRESS: "203.0.113.7"}
    return await call(renter, "POST", accepted, "payment", json=choice, headers=headers)


async def test_the_try_after_the_last_is_refused_and_holds_nothing(
    limited: Renter, market: str
) -> None:
    offer = await limited.offer()
    before = await available(limited)
    for number in range(MOST):
        assert (await book(limited, offer, "ana@example.com")).status_code == 202, number
    refused = await book(limited, offer, "Ana+again@example.com", "198.51.100.1")
    assert refused.status_code == 429, refused.text
    assert refused.json()["code"] == "rate_limited"
    assert 1 <= int(refused.headers["retry-after"]) <= 3601
    assert await available(limited) == before - MOST
    assert len(messages(market, "payment_requested.v1")) == MOST
    assert (await book(limited, offer, "bea@example.com")).status_code == 202


async def test_one_address_is_counted_over_all_mailboxes(limited: Renter) -> None:
    offer = await limited.offer()
    codes = [
        (await book(limited, offer, f"renter{number}@example.com")).status_code
        for number in range(MOST + 2)
    ]
    assert codes == [202] * (MOST + 1) + [429]
    assert (await book(limited, offer, "other@example.com", "203.0.113.8")).status_code == 202


async def test_a_header_that_a_client_made_up_is_not_believed(limited: Renter) -> None:
    offer = await limited.offer()
    for number in range(MOST + 2):
        answer = await limited.client.post(
            "/api/rentals",
            json=as_renter(limited, offer, f"renter{number}@example.com"),
            headers={"Idempotency-Key": str(uuid4()), "X-Forwarded-For": "203.0.113.7"},
        )
        assert answer.status_code == 202, answer.text


async def test_of_many_at_once_exactly_the_allowed_are_booked(limited: Renter, market: str) -> None:
    offer = await limited.offer()
    codes: Counter[int] = Counter()
    for answer in await asyncio.gather(
        *(book(limited, offer, "ana@example.com") for _ in range(4 * MOST))
    ):
        codes[answer.status_code] += 1
    assert codes == {202: MOST, 429: 3 * MOST}
    assert query(market, "SELECT count(*) FROM rent.rental") == [(MOST,)]


async def test_a_repeat_is_answered_and_not_counted(limited: Renter, market: str) -> None:
    offer = await limited.offer()
    for number in range(MOST):
        await book(limited, offer, "ana@example.com", key=f"key-{number}")
    again = await book(limited, offer, "ana@example.com", key="key-0")
    assert (again.status_code, again.headers["idempotent-replayed"]) == (202, "true")
    assert query(market, COUNTED) == [(MOST,), (MOST,)]


async def test_attempts_to_pay_count_like_bookings(limited: Renter, market: str) -> None:
    accepted = (await book(limited, await limited.offer(), "ana@example.com")).json()
    for attempt in range(2, MOST + 2):
        await pay(market, accepted["reference"], PaymentOutcome.DECLINED)
        answer = await retry(limited, accepted, f"attempt-{attempt}")
        assert answer.status_code == (202 if attempt <= MOST else 429), answer.text
    assert "retry-after" in answer.headers
    assert (await limited.read(accepted))["status"] == "PENDING"
    assert (await retry(limited, accepted, "attempt-2")).status_code == 202
    assert query(market, "SELECT attempt FROM rent.rental") == [(MOST,)]


async def test_counts_hold_no_personal_data_and_are_forgotten_with_their_hour(
    limited: Renter, market: str
) -> None:
    await book(limited, await limited.offer(), "ana@example.com")
    rows = query(market, "SELECT encode(subject, 'escape'), ends_at FROM rent.recent_try")
    assert len(rows) == 2
    assert not [row for row in rows if "example.com" in row[0] or "203.0.113.7" in row[0]]
    plain = {sha256(text).digest() for text in (b"ana@example.com", b"203.0.113.7")}
    assert not plain & {row[0] for row in query(market, "SELECT subject FROM rent.recent_try")}
    now = datetime.now(UTC)
    assert await limits.forget_tries(now) == 0
    assert await limits.forget_tries(now + timedelta(hours=1)) == 2
    assert query(market, COUNTED) == []


async def test_a_price_beyond_what_is_charged_online_is_for_the_counter(
    renter: Renter, market: str
) -> None:
    with psycopg.connect(market) as connection:
        connection.execute(
            "UPDATE rent.rate SET (day_minor, week_minor, month_minor) = (2e6, 1e7, 3e7)"
        )
    offer = await renter.offer()
    online = await renter.book(offer)
    assert (online.status_code, online.json()["code"]) == (422, "payment_method_unavailable")
    assert online.json()["errors"][0]["pointer"] == "/payment/method"
    assert (await renter.book(offer, payment={"method": "counter"})).status_code == 202
