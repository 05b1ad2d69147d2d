"""What the contract says of every call, and of every body: held against the whole public API."""

import json
from typing import Any

import pytest

from bff.domain import OPERATIONS
from tests.plugins.market import Renter
from tests.plugins.saga import query


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/health", 200),
        ("GET", "/api/docs", 200),
        ("GET", "/api/openapi.json", 200),
        ("GET", "/api/nothing", 404),
        ("GET", "/api/branches/", 404),
        ("PUT", "/api/branches", 405),
        ("GET", "/api/rentals/7K3M9QXA", 401),
    ],
)
async def test_every_answer_names_its_trace(
    renter: Renter, method: str, path: str, status: int
) -> None:
    answer = await renter.client.request(method, path)
    assert answer.status_code == status
    assert len(answer.headers["x-correlation-id"]) == 32


async def test_wrong_method_is_told_the_right_ones(renter: Renter) -> None:
    answer = await renter.client.delete("/api/rentals/7K3M9QXA/cancellation")
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
    assert answer.headers["allow"] == "GET, HEAD, POST"


@pytest.mark.parametrize("path", ["/api/operator/rentals", "/api/rentals/7K3M9QXA", "/api/me/data"])
async def test_unauthenticated_is_told_how_to_authenticate(renter: Renter, path: str) -> None:
    answer = await renter.client.get(path)
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")


async def post(renter: Renter, body: bytes | str) -> tuple[int, str]:
    headers = {"Idempotency-Key": "one", "Content-Type": "application/json"}
    answer = await renter.client.post("/api/rentals", content=body, headers=headers)
    return answer.status_code, answer.json()["code"]


@pytest.mark.parametrize(
    ("where", "value"),
    [
        ("driver.given_name", "Ana\x00"),
        ("driver.document", {"type": "passport", "number": "AB\x00123", "country": "BR"}),
        ("driver.licence", {"number": "AB\x00123", "country": "BR"}),
        ("driver.family_name", "Souza\nBcc: b@example.com"),
        ("driver.document", {"type": "cpf", "number": "111.111.111-11", "country": "BR"}),
        ("driver.email", "josé@exemplo.com"),  # neither SendGrid nor most servers deliver to it
        ("driver.birth_date", 0),
        ("driver.birth_date", "0"),
        ("driver.birth_date", "1990-01-01T00:00:00Z"),
        ("extras", [{"code": "GPS", "quantity": "1"}]),
        ("extras", [{"code": "GPS", "quantity": True}]),
        ("extras", [{"code": "GPS", "quantity": 1.0}]),
        ("accept_terms", 1),
        ("accept_terms", False),
    ],
)
async def test_value_that_is_none_of_its_field_is_refused(
    renter: Renter, where: str, value: Any
) -> None:
    body = renter.request(await renter.offer())
    *parents, name = where.split(".")
    place = body
    for parent in parents:
        place = place[parent]
    place[name] = value
    assert await post(renter, json.dumps(body)) == (422, "validation_failed")


async def test_domain_of_any_script_is_kept_as_e_mail_needs_it(renter: Renter, market: str) -> None:
    body = renter.request(await renter.offer())
    body["driver"]["email"] = "ana@exämple.com"
    headers = {"Idempotency-Key": "one"}
    assert (await renter.client.post("/api/rentals", json=body, headers=headers)).is_success
    assert query(market, "SELECT driver ->> 'email' FROM rent.rental") == [
        ("ana@xn--exmple-cua.com",)
    ]


async def test_name_that_stands_twice_is_refused(renter: Renter) -> None:
    body = json.dumps(renter.request(await renter.offer()))
    assert await post(renter, body[:-1] + ',"locale":"en"}') == (400, "malformed_json")
    inner = body.replace('"given_name"', '"family_name": "Silva", "given_name"')
    assert await post(renter, inner) == (400, "malformed_json")


@pytest.mark.parametrize("value", ["1797000000", "1797000000.5", "2026-12-20", "20261220T100000Z"])
async def test_number_is_no_time(renter: Renter, value: str) -> None:
    answer = await renter.search(pickup_at=value)
    assert (answer.status_code, answer.json()["code"]) == (422, "validation_failed")
    assert answer.json()["errors"][0]["pointer"] == "/pickup_at"


async def test_no_text_field_stores_a_nul() -> None:
    """Every text of every request is held against it, by the models' common base."""
    requests = [each.request for each in OPERATIONS if each.request is not None]
    assert requests
    for model in requests:
        assert "has_no_nul" in model.__pydantic_decorators__.field_validators, model


async def test_star_matches_whatever_stands(renter: Renter) -> None:
    accepted = (await renter.book(await renter.offer())).json()
    bearer = {"Authorization": f"Bearer {accepted['manage_token']}"}
    path = f"/api/rentals/{accepted['reference']}"
    etag = (await renter.client.get(path, headers=bearer)).headers["etag"]
    for known in ("*", etag, f"W/{etag}", f'"other", {etag}'):
        answer = await renter.client.get(path, headers=bearer | {"If-None-Match": known})
        assert (answer.status_code, answer.headers["etag"]) == (304, etag), known
    for other in ('"*"', '"other"', etag.strip('"'), f'"{etag.strip(chr(34))}-2"'):
        answer = await renter.client.get(path, headers=bearer | {"If-None-Match": other})
        assert answer.status_code == 200, other


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "json", ""])
async def test_body_of_another_type_is_refused(renter: Renter, kind: str) -> None:
    headers = {"Idempotency-Key": "one", "Content-Type": kind}
    body = json.dumps(renter.request(await renter.offer()))
    answer = await renter.client.post("/api/rentals", content=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")


@pytest.mark.parametrize("kind", ["application/json; charset=utf-8", "Application/JSON", None])
async def test_json_by_any_spelling_is_taken(renter: Renter, kind: str | None) -> None:
    headers = {"Idempotency-Key": "one"} | ({} if kind is None else {"Content-Type": kind})
    body = json.dumps(renter.request(await renter.offer()))
    answer = await renter.client.post("/api/rentals", content=body, headers=headers)
    assert answer.status_code == 202
