"""A small company to rent from: two airports, one city branch, three classes, ten cars each."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import httpx
import psycopg
import pytest

from bff.function import Bff
from infra.local.load.renters import rental_request
from payment_process.function import asgi_app as payment_app
from rent_process.fleet import service as fleet
from rent_process.function import asgi_app as rent_app

SUPPLY = 10
SAO_PAULO = ZoneInfo("America/Sao_Paulo")

MARKET = """
SET search_path = rent, public;
INSERT INTO branch (branch_code, name, city, country, address, timezone, latitude, longitude,
                    branch_group, currency)
VALUES ('GRU', 'Guarulhos', 'São Paulo', 'BR', 'Rodovia 1', 'America/Sao_Paulo', -23, -46,
        'airport', 'BRL'),
       ('GIG', 'Galeão', 'Rio de Janeiro', 'BR', 'Avenida 2', 'America/Sao_Paulo', -22, -43,
        'airport', 'BRL'),
       ('SAOC', 'Paulista', 'São Paulo', 'BR', 'Avenida 3', 'America/Sao_Paulo', -23, -46,
        'city', 'BRL');
INSERT INTO branch_hours
SELECT b, d, '06:00', '24:00' FROM unnest(ARRAY['GRU', 'GIG']) b, generate_series(1, 7) d;
INSERT INTO branch_hours SELECT 'SAOC', d, '08:00', '20:00' FROM generate_series(1, 7) d;
INSERT INTO one_way VALUES ('GRU', 'GIG', 44900, 30);
INSERT INTO car_class (class_code, position, name, example_model, seats, doors, bags,
                       transmission, air_conditioning, minimum_driver_age, deposit_minor)
VALUES ('ECMR', 1, '{"pt-BR": "Econômico", "en": "Economy"}', 'HB20', 5, 4, 2, 'manual', true,
        19, 70000),
       ('CDAR', 2, '{"pt-BR": "Compacto", "en": "Compact"}', 'Virtus', 5, 4, 3, 'automatic',
        true, 21, 100000),
       ('SFAR', 3, '{"pt-BR": "SUV", "en": "SUV"}', 'Compass', 5, 4, 4, 'automatic', true, 25,
        200000);
INSERT INTO rate (branch_group, class_code, season, effective_at, hour_minor, day_minor,
                  week_minor, month_minor)
SELECT g, c, '[2020-01-01,2100-01-01)', '2020-01-01Z', d / 5, d, d * 6, d * 21
FROM unnest(ARRAY['airport', 'city']) g,
     (VALUES ('ECMR', 10000), ('CDAR', 15000), ('SFAR', 30000)) AS r(c, d);
INSERT INTO tariff (branch_group, effective_at, young_driver_age, young_driver_day_minor,
                    licence_day_minor, airport_fee_basis_points, tax_basis_points, grace_minutes,
                    free_cancellation_hours, cancellation_fee_percent)
VALUES ('airport', '2020-01-01Z', 25, 2990, 0, 1200, 0, 59, 24, 25),
       ('city', '2020-01-01Z', 25, 2990, 0, 0, 0, 59, 24, 25);
INSERT INTO extra VALUES
    ('CHILD_SEAT', 1, '{"pt-BR": "Cadeirinha", "en": "Child seat"}', 'Equipment', 2500, 'day', 3),
    ('FULL_TANK', 2, '{"pt-BR": "Tanque", "en": "Tank"}', 'Equipment', 29900, 'rental', 1);
INSERT INTO coverage VALUES
    ('CDW', 1, '{"pt-BR": "Proteção", "en": "Waiver"}', 3990, 350000);
INSERT INTO class_terms SELECT branch_group, effective_at, class_code, deposit_minor
FROM tariff, car_class;
INSERT INTO extra_rate SELECT branch_group, effective_at, extra_code, unit_minor FROM tariff, extra;
INSERT INTO coverage_rate SELECT branch_group, effective_at, coverage_code, day_minor, excess_minor
FROM tariff, coverage;
INSERT INTO one_way_fee SELECT branch_group, effective_at, 'GRU', 'GIG', 44900
FROM tariff WHERE branch_group = 'airport';
INSERT INTO class_supply SELECT b, c, %d
FROM unnest(ARRAY['GRU', 'GIG', 'SAOC']) b, unnest(ARRAY['ECMR', 'CDAR', 'SFAR']) c;
"""


def at_local(days_ahead: int, hour: int = 10) -> datetime:
    """That hour in São Paulo, so many days from today."""
    day = datetime.now(SAO_PAULO).date() + timedelta(days=days_ahead)
    return datetime(day.year, day.month, day.day, hour, tzinfo=SAO_PAULO)


def change(url: str, *statements: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(b"SET search_path = rent, public")
            connection.execute(statement.encode())


def sell_out(
    url: str, car_class: str, branch: str = "GRU", hours: tuple[int, int] = (-3, 75)
) -> None:
    """Take every car of a class over hours that begin around the usual pick-up."""
    start = int(at_local(10).timestamp()) // 3600
    low, high = start + hours[0], start + hours[1]
    change(
        url,
        f"""UPDATE class_calendar SET free = (
                SELECT array_agg((CASE WHEN block * 384 + i - 1 BETWEEN {low} AND {high - 1}
                                       THEN 0 ELSE f END)::smallint ORDER BY i)
                FROM unnest(free) WITH ORDINALITY AS u(f, i))
            WHERE branch_code = '{branch}' AND class_code = '{car_class}'""",  # noqa: S608 -- ours
    )


def born(age: int) -> date:
    """A birth date of somebody who is ``age`` on every day of the next half year."""
    today = datetime.now(UTC).date()
    return date(today.year - age - 1, today.month, 1) + timedelta(days=32)


class Renter:
    """Drives the public API as the front end does."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client

    async def search(self, **changes: Any) -> httpx.Response:
        query: dict[str, Any] = {
            "pickup_branch": "GRU",
            "return_branch": "GRU",
            "pickup_at": at_local(10).isoformat(),
            "return_at": at_local(13).isoformat(),
            "driver_age": 30,
        } | changes
        return await self.client.get("/api/offers", params=query)

    async def offer(self, car_class: str = "ECMR", **changes: Any) -> str:
        """Search and return the token for one class."""
        found = await self.search(**changes)
        assert found.status_code == 200, found.text
        offers = {each["class"]: each for each in found.json()["offers"]}
        token: str = offers[car_class]["offer"]
        return token

    def request(self, offer: str, **changes: Any) -> dict[str, Any]:
        body = rental_request(offer)
        body["driver"]["birth_date"] = born(30).isoformat()
        return body | changes

    async def book(self, offer: str, key: str | None = None, **changes: Any) -> httpx.Response:
        return await self.client.post(
            "/api/rentals",
            json=self.request(offer, **changes),
            headers={"Idempotency-Key": key or str(uuid4())},
        )

    async def read(self, accepted: dict[str, Any]) -> dict[str, Any]:
        found = await self.client.get(
            f"/api/rentals/{accepted['reference']}",
            headers={"Authorization": f"Bearer {accepted['manage_token']}"},
        )
        assert found.status_code == 200, found.text
        rental: dict[str, Any] = found.json()
        return rental


@pytest.fixture
async def market(database: str) -> str:
    """URL of an administrator's login to a database with the company in it."""
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute((MARKET % SUPPLY).encode())
    await fleet.extend_calendar(datetime.now(UTC))
    return database


@pytest.fixture
async def renter(market: str) -> AsyncIterator[Renter]:
    """The public API in process, on a database with the company in it."""
    assert market
    transport = httpx.ASGITransport(Bff(rent_app, payment_app).asgi_app)
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
        yield Renter(client)
