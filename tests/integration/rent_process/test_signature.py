"""The agreement's signature: who, which bytes, when, from where; once, and anew after a change."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from rent_process.documents import signing
from shared.contracts.caller import Caller
from shared.contracts.documents import SignatureRequest
from tests.integration.rent_process.test_documents import query_only
from tests.integration.rent_process.test_modification import modify
from tests.plugins.market import Renter, at_local
from tests.plugins.operator import Operator
from tests.plugins.papers import make_papers, read_paper
from tests.plugins.saga import book_and_pay, call, messages, query
from tests.plugins.sign_in import SignIn

pytestmark = pytest.mark.usefixtures("files")
NAME = "Ana Souza"


def body(**changes: Any) -> dict[str, Any]:
    return {"full_name": NAME, "accepted_at": datetime.now(UTC).isoformat()} | changes


async def sign(renter: Renter, accepted: dict[str, Any], **changes: Any) -> httpx.Response:
    return await call(renter, "POST", accepted, "signature", json=body(**changes))


@pytest.fixture
async def agreed(renter: Renter, market: str) -> dict[str, Any]:
    """A confirmed rental with its agreement."""
    accepted = await book_and_pay(renter, market)
    await make_papers(market)
    return accepted


async def test_signature_records_the_bytes_that_were_read(
    renter: Renter, agreed: dict[str, Any]
) -> None:
    digest = (await read_paper(renter, agreed, "agreement.pdf")).headers["etag"].strip('"')
    signed = await sign(renter, agreed, document_sha256=digest)
    assert signed.status_code == 201, signed.text
    assert signed.json()["document_sha256"] == digest
    assert signed.json()["number"] == f"{agreed['reference']}-1"
    rental = await renter.read(agreed)
    assert rental["documents"][0]["signed_at"] == signed.json()["signed_at"]
    assert rental["timeline"][-1]["event"] == "AGREEMENT_SIGNED"


async def test_signing_again_is_the_same_signature(
    renter: Renter, market: str, agreed: dict[str, Any]
) -> None:
    first = await sign(renter, agreed)
    again = await sign(renter, agreed)
    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["idempotent-replayed"] == "true"
    assert query(market, "SELECT count(*) FROM rent.document_signature") == [(1,)]
    other = await sign(renter, agreed, full_name="Bia Lima")
    assert (other.status_code, other.json()["code"]) == (409, "already_signed")


async def test_address_and_name_are_kept_with_the_signature(
    market: str, agreed: dict[str, Any]
) -> None:
    caller = Caller(manage_token=agreed["manage_token"], address="203.0.113.7")
    request = SignatureRequest.model_validate_json(SignatureRequest(**body()).model_dump_json())
    await signing.sign(agreed["reference"], request, caller, datetime.now(UTC))
    kept = query(market, "SELECT full_name, client_address, actor FROM rent.document_signature")
    assert kept == [(NAME, "203.0.113.7", "guest")]


async def test_changed_rental_must_be_signed_anew(
    renter: Renter, market: str, agreed: dict[str, Any]
) -> None:
    first = (await sign(renter, agreed)).json()
    offer = await renter.offer(return_at=at_local(12).isoformat())
    assert (await modify(renter, agreed, offer)).status_code == 202
    await make_papers(market)
    assert "signed_at" not in (await renter.read(agreed))["documents"][0]
    stale = await sign(renter, agreed, document_sha256=first["document_sha256"])
    assert (stale.status_code, stale.json()["code"]) == (409, "document_changed")
    second = (await sign(renter, agreed)).json()
    assert second["number"] == f"{agreed['reference']}-2"
    assert query(market, "SELECT count(*) FROM rent.document_signature") == [(2,)]


async def test_agreement_that_the_rental_has_overtaken_is_not_signed_but_asked_for(
    renter: Renter, market: str, agreed: dict[str, Any]
) -> None:
    query_only(market, "DELETE FROM rent.outbox; UPDATE rent.rental SET deposit_minor = 1")
    early = await sign(renter, agreed)
    assert (early.status_code, early.json()["code"]) == (409, "document_pending")
    assert int(early.headers["retry-after"]) > 0
    assert len(messages(market, "documents_requested.v1")) == 1
    await make_papers(market)
    assert (await sign(renter, agreed)).json()["number"].endswith("-2")


async def test_nothing_is_signed_before_it_is_made(renter: Renter, market: str) -> None:
    accepted = await book_and_pay(renter, market)
    assert (await sign(renter, accepted)).json()["code"] == "document_pending"


async def test_rental_that_is_not_agreed_is_not_signed(
    renter: Renter, agreed: dict[str, Any]
) -> None:
    pending = (await renter.book(await renter.offer())).json()
    assert (await sign(renter, pending)).json()["code"] == "illegal_transition"
    await call(renter, "POST", agreed, "cancellation", json={})
    assert (await sign(renter, agreed)).json()["code"] == "illegal_transition"


@pytest.mark.parametrize(
    "changes",
    [
        {"full_name": "  "},
        {"full_name": "x" * 161},
        {"accepted_at": "yesterday"},
        {"accepted_at": "2026-11-22T10:00:00"},
        {"accepted_at": (datetime.now(UTC) + timedelta(hours=1)).isoformat()},
        {"accepted_at": (datetime.now(UTC) - timedelta(days=2)).isoformat()},
        {"document_sha256": "abc"},
        {"client_address": "127.0.0.1"},
    ],
)
async def test_bad_signatures_are_refused(
    changes: dict[str, Any], renter: Renter, market: str, agreed: dict[str, Any]
) -> None:
    refused = await sign(renter, agreed, **changes)
    assert (refused.status_code, refused.json()["code"]) == (422, "validation_failed")
    assert refused.json()["errors"][0]["pointer"] == f"/{next(iter(changes))}"
    assert query(market, "SELECT count(*) FROM rent.document_signature") == [(0,)]


async def test_operator_signs_at_the_counter_and_the_audit_says_so(
    operator: Operator, agreed: dict[str, Any]
) -> None:
    path = f"/api/rentals/{agreed['reference']}/signature"
    signed = await operator.client.post(path, json=body(), headers=operator.headers)
    assert signed.status_code == 201, signed.text
    [entry] = await operator.audit()
    assert (entry["action"], entry["actor"]) == ("agreement_signed", "operator-1")
    assert entry["after"] == {"sha256": signed.json()["document_sha256"]}


WHO = {
    "nobody": 401, "a wrong token": 401, "another rental's token": 401, "another renter": 404,
    "an operator elsewhere": 404, "the holder": 200, "an operator": 200,
}  # fmt: skip


@pytest.mark.parametrize("who", WHO)
async def test_papers_are_for_whoever_may_see_the_rental(
    who: str, renter: Renter, sign_in: SignIn, agreed: dict[str, Any]
) -> None:
    other = (await renter.book(await renter.offer())).json()["manage_token"]
    tokens = {
        "nobody": None,
        "a wrong token": "nonsense",
        "another rental's token": other,
        "another renter": sign_in.token(subject="subject-bia"),
        "an operator elsewhere": sign_in.token("operator", subject="o", branches=["GIG"]),
        "the holder": agreed["manage_token"],
        "an operator": sign_in.token("operator"),
    }
    headers = {"Authorization": f"Bearer {tokens[who]}"} if tokens[who] else {}
    path = f"/api/rentals/{agreed['reference']}"
    for name in ("agreement.pdf", "invoice.pdf"):
        found = await renter.client.get(f"{path}/documents/{name}", headers=headers)
        assert found.status_code == WHO[who], found.text
        assert found.content.startswith(b"%PDF") == (WHO[who] == 200)
    signed = await renter.client.post(f"{path}/signature", json=body(), headers=headers)
    assert signed.status_code == {200: 201}.get(WHO[who], WHO[who])
