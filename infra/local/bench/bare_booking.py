"""The measuring rod of ``bench booking``: the same SQL behind one bare FastAPI endpoint.

Frozen: it changes only when the booking statement asks for other parameters. It does what cannot
be left out (parse the body, make the identifiers, run the statement, answer 202) and nothing
that a product needs: no offer to verify, no rules, no error mapping, no telemetry, no split.
"""

import os
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import uuid4

from fastapi import FastAPI, Request, Response
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool
from pydantic import BaseModel

from rent_process.booking.repository import QUERIES  # the same statement, whatever it says

POOL_SIZE = 5
STATEMENT = QUERIES["book"]
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class Booking(BaseModel):
    """The smallest model that names what the statement needs; JSON columns pass as they come."""

    pickup_branch: str
    return_branch: str
    class_code: str
    pickup_at: datetime
    return_at: datetime
    from_hour: int
    to_hour: int
    driver: str
    driver_age: int
    price: str
    total_minor: int
    currency: str
    deposit_minor: int
    cancellation_policy: str
    payment_method_id: str
    locale: str
    filling: str  # as many bytes as a signed offer has


pool: AsyncConnectionPool[AsyncConnection[Any]] = AsyncConnectionPool(
    os.environ["DATABASE_URL_RENT"],
    kwargs={"autocommit": True},
    min_size=POOL_SIZE,
    max_size=POOL_SIZE,
    open=False,
)


@asynccontextmanager
async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
    async with pool:
        yield


app = FastAPI(lifespan=lifespan)


@app.post("/bookings")
async def book(request: Request) -> Response:
    body = await request.body()
    booking = Booking.model_validate_json(body)
    rental_id, message_id = uuid4(), uuid4()
    reference = "".join(secrets.choice(ALPHABET) for _ in range(8))
    expires_at = datetime.now(UTC) + timedelta(minutes=15)
    message = (
        f'{{"type":"payment_requested.v1","message_id":"{message_id}","rental_id":"{rental_id}",'
        f'"reference":"{reference}","attempt":1,"amount":{{"amount":{booking.total_minor},'
        f'"currency":"{booking.currency}"}},"method":"card",'
        f'"payment_method_id":"{booking.payment_method_id}",'
        f'"expires_at":"{expires_at.isoformat()}"}}'
    )
    parameters = {
        **booking.__dict__,
        "rental_id": rental_id,
        "reference": reference,
        "status": "PENDING",
        "idempotency_scope": "",
        "idempotency_key": request.headers["idempotency-key"],
        "request_hash": sha256(body).digest(),
        "subject": None,
        "extras": "[]",
        "coverages": "[]",
        "payment_method": "card",
        "attempt": 1,
        "expires_at": expires_at,
        "actor": "guest",
        "events": ["BOOKED", "PAYMENT_REQUESTED"],
        "try_subjects": [],
        "try_ends": [],
        "try_maxima": [],
        "message_ids": [message_id],
        "queues": ["payment-requests"],
        "bodies": [message],
        "lease_seconds": 30,
    }
    async with pool.connection() as connection:
        row = await (await connection.execute(STATEMENT, parameters)).fetchone()
    if row is None or not row[1]:
        return Response(status_code=409)
    answer = (
        f'{{"reference":"{reference}","status":"PENDING","expires_at":"{expires_at.isoformat()}"}}'
    )
    return Response(answer, 202, media_type="application/json")
