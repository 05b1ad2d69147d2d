"""Someone at the counter or in the office, with an access token of the role ``operator``."""

from typing import Any

import httpx
import psycopg
import pytest

from tests.plugins.market import Renter
from tests.plugins.sign_in import SignIn


class Operator:
    """Drives the operator's calls as the console does."""

    def __init__(self, client: httpx.AsyncClient, token: str) -> None:
        self.client = client
        self.headers = {"Authorization": f"Bearer {token}"}

    async def get(self, path: str, **query: Any) -> httpx.Response:
        return await self.client.get(
            f"/api/operator{path}", params=query or None, headers=self.headers
        )

    async def send(
        self, method: str, path: str, body: Any = None, key: str | None = None
    ) -> httpx.Response:
        headers = self.headers | ({"Idempotency-Key": key} if key else {})
        return await self.client.request(method, f"/api/operator{path}", json=body, headers=headers)

    async def audit(self, **query: Any) -> list[dict[str, Any]]:
        found = await self.get("/audit", **query)
        assert found.status_code == 200, found.text
        entries: list[dict[str, Any]] = found.json()["entries"]
        return entries


@pytest.fixture
def operator(renter: Renter, sign_in: SignIn) -> Operator:
    """An operator of every branch, at the API that ``renter`` uses."""
    return Operator(renter.client, sign_in.token("operator"))


@pytest.fixture
def operator_of_gig(renter: Renter, sign_in: SignIn) -> Operator:
    """An operator of one branch."""
    token = sign_in.token("operator", subject="operator-gig", branches=["GIG"])
    return Operator(renter.client, token)


def rows(url: str, statement: str) -> list[tuple[Any, ...]]:
    """Ask the database itself: the judge is not the code under test."""
    with psycopg.connect(url) as connection:
        return connection.execute(statement.encode()).fetchall()
