"""Personal data on paper: exported, erased where it may be, kept where the law says so."""

import contextlib
from datetime import UTC, datetime, timedelta
from uuid import UUID

import psycopg
import pytest

from rent_process.documents import service
from rent_process.documents.repository import MAKING
from shared import blobs
from shared.errors import Unavailable
from tests.integration.rent_process.test_account import ana, book, dump
from tests.integration.rent_process.test_documents import query_only
from tests.plugins.market import Renter
from tests.plugins.papers import make_papers
from tests.plugins.saga import pay, query

pytestmark = pytest.mark.usefixtures("files")
__all__ = ["ana"]  # a fixture


async def over(renter: Renter, market: str) -> tuple[UUID, dict[str, str]]:
    """A rental of Ana's that was signed and has ended, with its papers."""
    accepted = await book(renter)
    await pay(market, accepted["reference"])
    await make_papers(market)
    body = {"full_name": "Ana Souza", "accepted_at": datetime.now(UTC).isoformat()}
    path = f"/api/rentals/{accepted['reference']}/signature"
    assert (await renter.client.post(path, json=body)).status_code == 201
    query_only(market, "UPDATE rent.rental SET status = 'COMPLETED'")
    [(rental_id,)] = query(market, "SELECT rental_id FROM rent.rental")
    return rental_id, accepted


async def test_export_lists_papers_and_signature(ana: Renter, market: str) -> None:
    await over(ana, market)
    [rental] = (await ana.client.get("/api/me/data")).json()["rentals"]
    assert [each["kind"] for each in rental["documents"]] == ["agreement", "invoice"]
    signature = rental["documents"][0]["signature"]
    assert signature["full_name"] == "Ana Souza"
    assert rental["documents"][1]["signature"] is None


async def test_erasure_deletes_the_agreement_and_keeps_the_invoice_by_law(
    ana: Renter, market: str
) -> None:
    rental_id, _ = await over(ana, market)
    assert (await ana.client.delete("/api/me")).status_code == 200
    assert "Ana" not in dump(market)
    assert await service.delete_due(datetime.now(UTC)) == 1
    assert await blobs.get("documents", f"{rental_id}/agreement-1.pdf") is None
    assert await blobs.get("documents", f"{rental_id}/invoice-1.pdf") is not None
    [(digest, name)] = query(
        market, "SELECT length(sha256), full_name FROM rent.document_signature"
    )
    assert (digest, name) == (32, "erased")
    assert await service.delete_due(datetime.now(UTC)) == 0


async def test_forgotten_renter_gets_no_agreement_any_more(ana: Renter, market: str) -> None:
    rental_id, _ = await over(ana, market)
    await ana.client.delete("/api/me")
    query_only(market, "UPDATE rent.rental SET status = 'CHECKED_OUT', deposit_minor = 1")
    await service.make_documents(rental_id, datetime.now(UTC))
    assert query(market, "SELECT max(version) FROM rent.document WHERE kind = 'agreement'") == [
        (1,)
    ]


async def test_invoice_is_deleted_when_the_laws_years_are_over(ana: Renter, market: str) -> None:
    rental_id, _ = await over(ana, market)
    [(keep_until,)] = query(market, "SELECT keep_until FROM rent.document WHERE kind = 'invoice'")
    assert keep_until == datetime(datetime.now(UTC).year + 6, 1, 1, tzinfo=UTC)
    await service.delete_due(keep_until - timedelta(seconds=1))
    assert await blobs.get("documents", f"{rental_id}/invoice-1.pdf") is not None
    await service.delete_due(keep_until)
    assert await blobs.get("documents", f"{rental_id}/invoice-1.pdf") is None
    [(number, deleted_at)] = query(
        market, "SELECT number, deleted_at FROM rent.document WHERE kind = 'invoice'"
    )
    assert number.endswith("-000001")
    assert deleted_at == keep_until


@pytest.mark.parametrize("dies", [False, True])
async def test_file_that_was_on_its_way_during_an_erasure_is_deleted_too(
    dies: bool,  # noqa: FBT001 -- a parameter of the test
    ana: Renter,
    market: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    accepted = await book(ana)
    await pay(market, accepted["reference"])
    [(rental_id,)] = query(market, "SELECT rental_id FROM rent.rental")
    put, name = blobs.put, f"{rental_id}/agreement-1.pdf"

    async def put_during_erasure(container: blobs.Container, name: str, blob: blobs.Blob) -> None:
        query_only(market, "UPDATE rent.rental SET status = 'COMPLETED'")
        await ana.client.delete("/api/me")
        await put(container, name, blob)
        if dies:
            raise Unavailable("gone")

    monkeypatch.setattr(blobs, "put", put_during_erasure)
    with contextlib.suppress(Unavailable):
        await service.make_documents(rental_id, datetime.now(UTC))
    assert await blobs.get("documents", name) is not None
    # Nobody wrote down that it is there: it is looked for when no function can be at it any more.
    later = MAKING if dies else timedelta()
    assert await service.delete_due(datetime.now(UTC) + later) == 1
    assert await blobs.get("documents", name) is None


async def test_what_a_document_is_can_not_be_changed_by_the_application(
    ana: Renter, market: str
) -> None:
    await over(ana, market)
    for statement in (
        "UPDATE rent.document SET number = 'X'",
        "DELETE FROM rent.document",
        "UPDATE rent.document_signature SET sha256 = ''",
        "DELETE FROM rent.document_signature",
        "DELETE FROM rent.invoice_sequence",
    ):
        with psycopg.connect(market) as connection:
            connection.execute("SET ROLE rent")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement.encode())
