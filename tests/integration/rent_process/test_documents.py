"""Agreement and invoice: made once, made anew, handed out, whatever comes twice or breaks."""

import asyncio
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

import psycopg
import pytest

from rent_process.documents import repository, service
from rent_process.overtime import service as overtime
from rent_process.settlement import service as settlement
from shared import blobs
from shared.contracts.handover import ExtensionRequest
from shared.contracts.messages import PaymentOutcome, PaymentSettledV1, Purpose
from shared.contracts.money import Money
from shared.database import connect
from shared.errors import Rejected, Unavailable
from tests.integration.rent_process.test_modification import modify
from tests.plugins.counter import CALLER, check_in, check_out, park
from tests.plugins.market import Renter, at_local
from tests.plugins.operator import Operator
from tests.plugins.papers import make_papers, read_paper, text_of
from tests.plugins.saga import book_and_pay, call, messages, query

pytestmark = pytest.mark.usefixtures("files")
NUMBERS = (
    "SELECT kind, number, version, voided_at IS NOT NULL, made_at IS NOT NULL FROM rent.document "
    "ORDER BY kind, version"
)
# A later card of the same prices, with a coverage that the one before did not have.
COPY = """
CREATE TEMP TABLE copied AS SELECT * FROM one_table WHERE branch_group = 'airport';
UPDATE copied SET effective_at = later.at FROM later;
INSERT INTO one_table OVERRIDING USER VALUE SELECT * FROM copied;
DROP TABLE copied;
"""
CARD = ("tariff", "class_terms", "rate", "extra_rate", "coverage_rate", "one_way_fee")
NEW_COVERAGE = (
    """
SET search_path = rent, public;
CREATE TEMP TABLE later AS SELECT clock_timestamp() AS at;
""",
    *(COPY.replace("one_table", table) for table in CARD),
    """
INSERT INTO coverage VALUES
    ('CDW_PLUS', 2, '{"pt-BR": "Proteção total", "en": "Full waiver"}', 5990, 123400);
INSERT INTO coverage_rate SELECT 'airport', at, 'CDW_PLUS', 5990, 123400 FROM later
""",
)


async def test_confirmed_rental_gets_its_agreement_and_paid_one_its_invoice(
    renter: Renter, market: str
) -> None:
    accepted = await book_and_pay(renter, market)
    reference, year = accepted["reference"], at_local(0).year
    assert await make_papers(market) == 2
    agreement = await read_paper(renter, accepted, "agreement.pdf")
    assert agreement.status_code == 200, agreement.text
    assert agreement.headers["content-type"] == "application/pdf"
    disposition = agreement.headers["content-disposition"]
    assert disposition == f'inline; filename="agreement-{reference}-1.pdf"'
    assert agreement.headers["etag"] == f'"{sha256(agreement.content).hexdigest()}"'
    said = text_of(agreement.content)
    for expected in ("Ana Souza", f"{reference}-1", "529.982.247-25", "definido na retirada"):
        assert expected in said
    invoice = await read_paper(renter, accepted, "invoice.pdf")
    assert f"GRU-{year}-000001" in text_of(invoice.content)
    rental = await renter.read(accepted)
    assert [(each["name"], each["status"]) for each in rental["documents"]] == [
        ("agreement.pdf", "ready"),
        ("invoice.pdf", "ready"),
    ]
    assert rental["documents"][0]["sha256"] == sha256(agreement.content).hexdigest()


async def test_document_that_is_not_made_yet_says_when_to_come_again(
    renter: Renter, market: str
) -> None:
    accepted = await book_and_pay(renter, market)
    early = await read_paper(renter, accepted, "agreement.pdf")
    assert (early.status_code, early.json()["code"]) == (409, "document_pending")
    assert int(early.headers["retry-after"]) > 0


@pytest.mark.parametrize("ended", [False, True])
async def test_rental_that_needs_no_document_has_none(
    ended: bool,  # noqa: FBT001 -- a parameter of the test
    renter: Renter,
    market: str,
) -> None:
    accepted = (await renter.book(await renter.offer())).json()
    if ended:
        query_only(market, "UPDATE rent.rental SET status = 'EXPIRED', expires_at = NULL")
    for name in ("agreement.pdf", "invoice.pdf", "other.pdf", "agreement"):
        found = await read_paper(renter, accepted, name)
        assert (found.status_code, found.json()["code"]) == (404, "not_found"), name
    assert (await renter.read(accepted))["documents"] == []


async def test_reader_who_has_it_gets_no_bytes(renter: Renter, market: str) -> None:
    accepted = await book_and_pay(renter, market)
    await make_papers(market)
    first = await read_paper(renter, accepted, "invoice.pdf")
    again = await read_paper(
        renter, accepted, "invoice.pdf", headers={"If-None-Match": first.headers["etag"]}
    )
    assert (again.status_code, again.content) == (304, b"")


async def test_the_same_request_twice_makes_one_document(renter: Renter, market: str) -> None:
    await book_and_pay(renter, market)
    assert await make_papers(market) == 2
    before = query(market, NUMBERS)
    assert await make_papers(market) == 0
    assert query(market, NUMBERS) == before


async def test_deliveries_at_once_give_one_number(renter: Renter, market: str) -> None:
    await book_and_pay(renter, market)
    [(rental_id,)] = query(market, "SELECT rental_id FROM rent.rental")
    now = datetime.now(UTC)
    await asyncio.gather(*(service.make_documents(rental_id, now) for _ in range(6)))
    assert [row[2:] for row in query(market, NUMBERS)] == [(1, False, True), (1, False, True)]
    assert query(market, "SELECT last_number FROM rent.invoice_sequence") == [(1,)]


async def test_invoices_of_one_branch_have_no_gap_even_when_one_fails(
    renter: Renter, market: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        await book_and_pay(renter, market)
    ids = [row[0] for row in query(market, "SELECT rental_id FROM rent.rental")]
    now = datetime.now(UTC)

    async def refuse(*_: Any) -> None:
        raise psycopg.OperationalError("the server went away")

    with monkeypatch.context() as broken:
        broken.setattr(repository, "insert_document", refuse)
        with pytest.raises(Unavailable):
            await service.make_documents(ids[0], now)
    await asyncio.gather(*(service.make_documents(each, now) for each in ids))
    numbers = query(market, "SELECT sequence FROM rent.document WHERE kind = 'invoice'")
    assert sorted(number for (number,) in numbers) == [1, 2, 3]


@pytest.mark.parametrize("crash", ["put", "mark_made"])
async def test_crash_between_number_blob_and_commit_leaves_the_same_document(
    crash: str, renter: Renter, market: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    accepted = await book_and_pay(renter, market)
    where = blobs if crash == "put" else repository

    async def die(*_: Any) -> None:
        raise Unavailable("gone")

    with monkeypatch.context() as dying:
        dying.setattr(where, crash, die)
        with pytest.raises(Unavailable):
            await make_papers(market)
    pending = await read_paper(renter, accepted, "agreement.pdf")
    assert pending.json()["code"] == "document_pending"
    [(rental_id, facts)] = query(
        market, "SELECT rental_id, facts FROM rent.document WHERE kind = 'agreement'"
    )
    left = await blobs.get("documents", f"{rental_id}/agreement-1.pdf")
    # The catalogue changes in between: what was numbered says what it said.
    query_only(market, "UPDATE rent.branch SET address = 'Elsewhere' WHERE branch_code = 'GRU'")
    [version] = [each for each in await unmade(rental_id) if each.kind == "agreement"]
    await service._make(version, datetime.now(UTC))
    found = await read_paper(renter, accepted, "agreement.pdf")
    assert found.status_code == 200
    assert left is None or left.content == found.content
    assert "Rodovia 1" in text_of(found.content)
    assert facts is not None
    assert query(market, "SELECT facts FROM rent.document WHERE kind = 'agreement'") == [(None,)]


async def unmade(rental_id: Any) -> Any:
    async with connect("rent") as connection:
        return await repository.list_unmade(connection, rental_id, datetime.now(UTC))


def query_only(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement.encode())


async def test_modified_rental_voids_its_agreement_and_invoice(renter: Renter, market: str) -> None:
    accepted = await book_and_pay(renter, market)
    await make_papers(market)
    first = await read_paper(renter, accepted, "agreement.pdf")
    offer = await renter.offer(return_at=at_local(12).isoformat())
    assert (await modify(renter, accepted, offer)).status_code == 202
    await make_papers(market)
    second = await read_paper(renter, accepted, "agreement.pdf")
    assert f"{accepted['reference']}-2" in text_of(second.content)
    assert second.content != first.content
    assert [(row[0], row[2], row[3]) for row in query(market, NUMBERS)] == [
        ("agreement", 1, True),
        ("agreement", 2, False),
        ("invoice", 1, True),
        ("invoice", 2, False),
    ]


async def test_agreement_of_a_change_says_what_the_card_of_that_time_covers(
    renter: Renter, market: str
) -> None:
    accepted = await book_and_pay(renter, market)
    query_only(market, "".join(NEW_COVERAGE))
    offer = await renter.offer(return_at=at_local(12).isoformat())
    counter = {"method": "counter"}
    changed = await modify(renter, accepted, offer, coverages=["CDW_PLUS"], payment=counter)
    assert changed.status_code == 202, changed.text
    await make_papers(market)
    agreement = await read_paper(renter, accepted, "agreement.pdf")
    assert agreement.status_code == 200, agreement.text
    said = text_of(agreement.content)
    assert "Proteção total" in said
    assert "1.234,00" in said


async def test_what_the_card_pays_while_the_car_is_out_brings_the_invoice_back(
    renter: Renter, market: str
) -> None:
    [plate, _] = park(market)
    accepted = await book_and_pay(renter, market)
    await check_out(accepted["reference"], plate)
    longer = ExtensionRequest.model_validate({"return_at": at_local(14)})
    await overtime.extend(accepted["reference"], longer, CALLER, at_local(11))
    await make_papers(market)
    assert (await read_paper(renter, accepted, "invoice.pdf")).status_code == 404
    [asked] = [m for m in messages(market, "payment_requested.v1") if m["purpose"] == "ADDITIONAL"]
    query_only(market, "DELETE FROM rent.outbox")
    paid = PaymentSettledV1(
        rental_id=asked["rental_id"],
        purpose=Purpose.ADDITIONAL,
        sequence=asked["sequence"],
        attempt=1,
        outcome=PaymentOutcome.CAPTURED,
        amount=Money.model_validate(asked["amount"]),
    )
    await settlement.handle_result(paid, datetime.now(UTC))
    await make_papers(market)
    invoice = await read_paper(renter, accepted, "invoice.pdf")
    assert invoice.status_code == 200, "it is all paid again"


async def test_cancelled_rental_keeps_no_agreement_and_an_invoice_of_the_fee(
    renter: Renter, market: str
) -> None:
    soon = {"pickup_at": at_local(1, 20).isoformat(), "return_at": at_local(3, 20).isoformat()}
    accepted = await book_and_pay(renter, market, **soon)
    await make_papers(market)
    query_only(
        market,
        "UPDATE rent.rental SET cancellation_policy = jsonb_set(cancellation_policy, "
        "'{free_until}', '\"2020-01-01T00:00:00Z\"')",
    )
    cancelled = (await call(renter, "POST", accepted, "cancellation", json={})).json()
    assert cancelled["fee"]["amount"] > 0
    await make_papers(market)
    assert (await read_paper(renter, accepted, "agreement.pdf")).status_code == 404
    said = text_of((await read_paper(renter, accepted, "invoice.pdf")).content)
    assert "Taxa de cancelamento" in said
    assert f"GRU-{at_local(0).year}-000002" in said


async def test_rental_of_the_counter_is_invoiced_when_it_is_paid(
    renter: Renter, operator: Operator, market: str
) -> None:
    offer = await renter.offer()
    accepted = (await renter.book(offer, payment={"method": "counter"})).json()
    await make_papers(market)
    assert (await read_paper(renter, accepted, "agreement.pdf")).status_code == 200
    assert (await read_paper(renter, accepted, "invoice.pdf")).status_code == 404
    path = f"/rentals/{accepted['reference']}/payments"
    body = {"method": "cash", "amount": accepted["total"]}
    assert (await operator.send("POST", path, body, key="till-1")).status_code == 201
    await make_papers(market)
    assert (await read_paper(renter, accepted, "invoice.pdf")).status_code == 200


async def test_a_car_that_was_handed_over_stands_on_a_new_agreement_and_no_new_invoice(
    renter: Renter, market: str
) -> None:
    accepted = await book_and_pay(renter, market)
    await make_papers(market)
    query_only(
        market,
        "INSERT INTO rent.vehicle (plate, class_code, branch_code, model, model_year) "
        "VALUES ('ABC1D23', 'ECMR', 'GRU', 'Hyundai HB20', 2025);"
        "INSERT INTO rent.vehicle_allocation (vehicle_id, rental_id, kind, period) "
        "SELECT vehicle_id, rental_id, 'rental', tstzrange(pickup_at, return_at) "
        "FROM rent.vehicle, rent.rental;"
        "UPDATE rent.rental SET status = 'CHECKED_OUT'",
    )
    await make_papers(market)
    said = text_of((await read_paper(renter, accepted, "agreement.pdf")).content)
    assert "ABC1D23" in said
    assert "Hyundai HB20 2025" in said
    assert [(row[0], row[2]) for row in query(market, NUMBERS)] == [
        ("agreement", 1), ("agreement", 2), ("invoice", 1),
    ]  # fmt: skip


@pytest.mark.parametrize(("fuel", "invoices"), [(8, 1), (5, 2)])
async def test_odometer_and_fuel_stand_on_the_agreement_and_on_an_invoice_of_the_return(
    renter: Renter, market: str, fuel: int, invoices: int
) -> None:
    """An invoice that the return does not change keeps its number."""
    [plate, _] = park(market)
    accepted = await book_and_pay(renter, market)
    await make_papers(market)
    await check_out(accepted["reference"], plate)
    await make_papers(market)
    left = f"Na retirada {plate}: 1.000 km, 8/8 de tanque"
    agreement = one_line((await read_paper(renter, accepted, "agreement.pdf")).content)
    assert left in agreement
    assert "Na devolução" not in agreement
    await check_in(accepted["reference"], fuel_eighths=fuel)
    await make_papers(market)
    invoice = one_line((await read_paper(renter, accepted, "invoice.pdf")).content)
    came = f"{left} Na devolução {plate}: 1.300 km, {fuel}/8 de tanque"
    assert (came in invoice) is (invoices == 2)
    # What was agreed is not rewritten at the end.
    assert [(row[0], row[2]) for row in query(market, NUMBERS)] == [
        ("agreement", 1), ("agreement", 2), *[("invoice", 1), ("invoice", 2)][:invoices],
    ]  # fmt: skip


def one_line(content: bytes) -> str:
    return " ".join(text_of(content).split())


async def test_file_that_was_tampered_with_is_not_handed_out(renter: Renter, market: str) -> None:
    accepted = await book_and_pay(renter, market)
    await make_papers(market)
    [(rental_id,)] = query(market, "SELECT rental_id FROM rent.rental")
    name = f"{rental_id}/agreement-1.pdf"
    await blobs.put("documents", name, blobs.Blob(b"%PDF forged", "application/pdf"))
    found = await read_paper(renter, accepted, "agreement.pdf")
    assert (found.status_code, found.json()["code"]) == (503, "service_unavailable")


async def test_request_for_a_rental_that_is_not_ours_becomes_a_dead_letter(market: str) -> None:
    assert market
    with pytest.raises(Rejected, match="not_found"):
        await service.make_documents(UUID(int=0), datetime.now(UTC))
