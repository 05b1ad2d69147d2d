"""A rental in the database, and SendGrid with a mailbox behind it."""

import json
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any
from uuid import UUID

import httpx
import psycopg
import pytest
from psycopg.rows import dict_row

from shared.features import close_features
from shared.settings import get_settings
from tests.plugins.mailbox import Mailbox
from tests.plugins.standins import Serve
from tests.unit.email_notification.builders import RENTAL_ID, row

BRANCH = """
INSERT INTO rent.branch (branch_code, name, city, country, address, timezone, latitude, longitude,
                         branch_group, currency)
VALUES (%s, %s, 'São Paulo', 'BR', %s, %s, 0, 0, 'BR', 'BRL')
"""
CAR_CLASS = """
INSERT INTO rent.car_class (class_code, position, name, example_model, seats, doors, bags,
                            transmission, air_conditioning, minimum_driver_age, deposit_minor)
VALUES ('ECMR', 1, '{"pt-BR": "Econômico", "en": "Economy"}', 'Fiat Mobi', 5, 5, 2,
        'manual', true, 21, 70000)
"""
RENTAL = """
INSERT INTO rent.rental (rental_id, reference, status, idempotency_scope, idempotency_key,
    request_hash, pickup_branch, return_branch, class_code, pickup_at, return_at, from_hour,
    to_hour, driver, driver_age, price, total_minor, currency, deposit_minor, cancellation_policy,
    extras, coverages, payment_method, attempt, locale)
VALUES (%(rental_id)s, %(reference)s, %(status)s, '', 'k', '', 'CGH', 'MAO', 'ECMR',
    %(pickup_at)s, %(return_at)s, floor(extract(epoch FROM %(pickup_at)s) / 3600),
    ceil(extract(epoch FROM %(return_at)s) / 3600) + 1, %(driver)s, 30, %(price)s, 123450, 'BRL',
    70000, %(policy)s, '[]', '[]', 'card', 1, %(locale)s)
"""


@pytest.fixture
def administrator(database: str) -> Iterator[psycopg.Connection[dict[str, Any]]]:
    """An independent look at the database, with all rights."""
    with psycopg.connect(database, autocommit=True, row_factory=dict_row) as connection:
        yield connection


@pytest.fixture
def rental_id(administrator: psycopg.Connection[dict[str, Any]]) -> UUID:
    values = row()
    parameters = {
        **values,
        "rental_id": RENTAL_ID,
        "driver": json.dumps({"given_name": "Ana", "email": "ana@example.com"}),
        "price": json.dumps(values["price"]),
        "policy": json.dumps(values["cancellation_policy"]),
    }
    administrator.execute(BRANCH, ["CGH", "Congonhas", "Av. W. Luís", "America/Sao_Paulo"])
    administrator.execute(BRANCH, ["MAO", "Manaus", "Av. S. Dumont", "America/Manaus"])
    administrator.execute(CAR_CLASS)
    administrator.execute(RENTAL, parameters)
    return RENTAL_ID


@pytest.fixture
async def sendgrid(
    serve_standins: Serve, mailbox: Mailbox, database: str, environment: pytest.MonkeyPatch
) -> AsyncIterator[str]:
    """Base address of a SendGrid whose mail ends in ``mailbox``."""
    assert database
    options = {"smtp_host": "127.0.0.1", "smtp_port": mailbox.port, "api_key": "SG.test-rentacar"}
    url = serve_standins({"name": "sendgrid", "options": options})["sendgrid"]
    environment.setenv("SENDGRID_API_BASE", url)
    environment.setenv("SENDGRID_TIMEOUT_SECONDS", "1")
    get_settings.cache_clear()
    yield url
    await close_features()


@pytest.fixture
def accepted(sendgrid: str) -> Callable[[], list[dict[str, Any]]]:
    """What SendGrid has accepted, by its own account."""

    def read() -> list[dict[str, Any]]:
        messages: list[dict[str, Any]] = httpx.get(f"{sendgrid}/_control/messages").json()[
            "messages"
        ]
        return messages

    return read
