"""Who gets through to the operator's calls, in process and over HTTP."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from bff.domain import OPERATIONS
from bff.function import Bff
from bff.process_gateway import OverHttp
from infra.local.stack.database import ROLES
from payment_process.function import asgi_app as payment_app
from rent_process.function import asgi_app as rent_app
from shared.contracts.caller import CALLER_HEADER, Caller
from shared.settings import get_settings
from tests.plugins.azurite import Azurite
from tests.plugins.environment import ENVIRONMENT
from tests.plugins.functions_host import (
    FUNCTION_KEY,
    ROOT,
    HostProcess,
    run_host,
    wait_until_listening,
)
from tests.plugins.market import Renter
from tests.plugins.operator import Operator
from tests.plugins.postgres import role_url
from tests.plugins.sign_in import SignIn

CALLS = [each for each in OPERATIONS if each.access == "operator"]
AUDIT = "/api/operator/audit"


def path_of(template: str) -> str:
    places = {"reference": "7K3M9QXA", "id": str(uuid4()), "name": "pix", "plate": "RIO2A18"}
    for name, value in places.items():
        template = template.replace(f"{{{name}}}", value)
    return f"/api{template}"


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.name)
async def test_every_operator_call_is_closed_to_everybody_else(
    call: object, renter: Renter, sign_in: SignIn
) -> None:
    method, path = call.method, path_of(call.path)  # type: ignore[attr-defined] # a row
    nobody = await renter.client.request(method, path)
    assert (nobody.status_code, nobody.json()["code"]) == (401, "unauthenticated")
    guest = await renter.client.request(method, path, headers=bearer("a-manage-token"))
    assert (guest.status_code, guest.json()["code"]) == (401, "unauthenticated")
    token = sign_in.token("renter", subject="renter-1")
    other = await renter.client.request(method, path, headers=bearer(token))
    assert (other.status_code, other.json()["code"]) == (403, "forbidden")


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "another-api"},
        {"iss": "https://another.example"},
        {"exp": datetime.now(UTC) - timedelta(hours=1)},
        {"exp": None},
        {"sub": None},
    ],
    ids=["audience", "issuer", "expired", "endless", "nobody"],
)
async def test_token_that_is_not_for_us_is_refused(
    claims: dict[str, Any], renter: Renter, sign_in: SignIn
) -> None:
    answer = await renter.client.get(AUDIT, headers=bearer(sign_in.token("operator", **claims)))
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")


async def test_token_that_another_key_signed_is_refused(renter: Renter, sign_in: SignIn) -> None:
    forger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    answer = await renter.client.get(AUDIT, headers=bearer(sign_in.token("operator", key=forger)))
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")


async def test_caller_header_of_a_client_is_dropped(renter: Renter) -> None:
    forged = Caller(subject="me", roles=frozenset({"operator"})).to_header()
    answer = await renter.client.get(AUDIT, headers={CALLER_HEADER: forged})
    assert answer.status_code == 401


async def test_operator_gets_through(operator: Operator) -> None:
    answer = await operator.get("/audit")
    assert (answer.status_code, answer.json()) == (200, {"entries": []})


@pytest.fixture
def rent_process_host(
    azurite: Azurite, market: str, sign_in: SignIn, tmp_path: Path
) -> Iterator[HostProcess]:
    """The function app on the local host, as a deployment of its own."""
    urls = {f"DATABASE_URL_{role.upper()}": role_url(market, role) for role in ROLES}
    settings = ENVIRONMENT | urls | {"RentalQueue": azurite.connection_string}
    settings |= {"OIDC_ISSUER": sign_in.issuer, "INTERNAL_FUNCTION_KEY": FUNCTION_KEY}
    arguments = ["--state-dir", str(tmp_path / "state")]
    with run_host(ROOT, *arguments, **settings) as host:
        yield wait_until_listening(host)


@pytest.fixture
async def bff_over_http(
    rent_process_host: HostProcess, environment: pytest.MonkeyPatch
) -> AsyncIterator[httpx.AsyncClient]:
    """A BFF of its own, in front of that deployment."""
    environment.setenv("RENT_PROCESS_URL", rent_process_host.url)
    environment.setenv("INTERNAL_FUNCTION_KEY", FUNCTION_KEY)
    get_settings.cache_clear()
    bff = Bff(rent_app, payment_app)
    transport = httpx.ASGITransport(bff.asgi_app)
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
        yield client
    assert isinstance(bff._rent, OverHttp)
    assert bff._rent._client is not None
    await bff._rent._client.aclose()


async def test_bff_reaches_rent_process_over_http_as_the_same_operator(
    bff_over_http: httpx.AsyncClient, sign_in: SignIn
) -> None:
    operator = Operator(bff_over_http, sign_in.token("operator"))
    assert (await operator.get("/audit")).json() == {"entries": []}
    assert (await operator.get("/audit", cursor="nonsense")).status_code == 422
    renter = Renter(bff_over_http)
    booked = await renter.book(await renter.offer(), payment={"method": "counter"})
    assert booked.status_code == 202, booked.text
    assert (await renter.read(booked.json()))["status"] == "CONFIRMED"
    [listed] = (await operator.get("/rentals", q="ana.souza")).json()["rentals"]
    assert listed["reference"] == booked.json()["reference"]
    others = await bff_over_http.get(AUDIT, headers=bearer(sign_in.token("renter")))
    assert others.status_code == 403


async def test_rent_process_opens_only_to_the_function_key(
    rent_process_host: HostProcess,
) -> None:
    forged = {CALLER_HEADER: Caller(subject="me", roles=frozenset({"operator"})).to_header()}
    async with httpx.AsyncClient(base_url=rent_process_host.url) as client:
        path = "/internal/rent/operator/audit"
        assert (await client.get(path, headers=forged)).status_code == 401
        keyed = {"x-functions-key": FUNCTION_KEY}
        assert (await client.get(path, headers=forged | keyed)).status_code == 200
        # The key opens the door; the caller behind it is asked for all the same.
        assert (await client.get(path, headers=keyed)).status_code == 401
