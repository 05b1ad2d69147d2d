"""Make a rental's papers, hand them out, and let their files go when their time has come.

Numbering is one transaction under the rental's lock; drawing and storing happen outside of any. A
row that has its number and not yet its file keeps the facts, so that whoever comes next draws the
very same bytes: a crash anywhere between leaves nothing that a repeat does not finish.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from rent_process.documents import domain, facts, layout, pdf_gateway, repository
from rent_process.documents.domain import Facts, Version, Wish
from rent_process.documents.repository import InForce, Numbered
from rent_process.ledger import repository as ledger
from rent_process.ledger.domain import due_minor
from rent_process.reading import service as reading
from shared import blobs
from shared.blobs import Blob
from shared.contracts.caller import Caller
from shared.contracts.renter import DocumentKind, RentalStatus
from shared.database import Connection, connect, transaction
from shared.errors import Rejected, Unavailable
from shared.sweeping import for_each
from shared.telemetry import event

PDF = "application/pdf"
CONTAINER: blobs.Container = "documents"
DELETE_BATCH = 100


@dataclass(frozen=True, slots=True)
class File:
    """A document as a reader gets it; ``content`` is None for one who has it already."""

    number: str
    sha256: str
    content: bytes | None


@dataclass(frozen=True, slots=True)
class _Due:
    """What a rental's state asks for of one kind; ``facts`` are what is to be made."""

    wish: Wish
    facts: Facts | None = None


async def make_documents(rental_id: UUID, now: datetime) -> int:
    """Bring a rental's papers up to date; returns how many files were made.

    Raises:
        Rejected: ``not_found`` when there is no such rental.
        Unavailable: the database or the file storage is down; a repeat finishes what is left.
    """
    async with transaction("rent") as connection:
        if not await repository.lock_rental(connection, rental_id):
            raise Rejected("not_found", "a request for documents names no rental of ours")
        row = await repository.read_rental(connection, rental_id)
        for kind, due in (await _due(connection, row)).items():
            await _number(connection, row, kind, due, now)
        unmade = await repository.list_unmade(connection, rental_id, now)
    made = [await _make(version, now) for version in unmade]
    return sum(made)


async def _due(connection: Connection, row: dict[str, Any]) -> dict[DocumentKind, _Due]:
    status = RentalStatus(row["status"])
    account = await ledger.read_account(connection, row["rental_id"])
    fee = await ledger.read_fee(connection, row["rental_id"])
    due = due_minor(status, row["total_minor"], fee, account.additional_minor)
    agreement = domain.agreement_wish(status)
    if row["driver"].get("erased"):
        agreement = Wish.KEEP  # there is nobody left to agree with
    invoice = domain.invoice_wish(status, due, account.kept_minor)
    return {
        DocumentKind.AGREEMENT: _Due(
            agreement, facts.agreement_of(row) if agreement is Wish.MAKE else None
        ),
        DocumentKind.INVOICE: _Due(
            invoice, facts.invoice_of(row, due) if invoice is Wish.MAKE else None
        ),
    }


async def _number(
    connection: Connection, row: dict[str, Any], kind: DocumentKind, due: _Due, now: datetime
) -> None:
    """Void what does not hold any more, and number what takes its place."""
    rental_id: UUID = row["rental_id"]
    current = await repository.find_in_force(connection, rental_id, kind)
    if due.wish is Wish.KEEP or (due.wish is Wish.VOID and current is None):
        return
    if due.facts is not None and current is not None and current.facts_hash == due.facts.hash():
        return
    if current is not None:
        await repository.void(connection, rental_id, kind, now)
    if due.facts is not None:
        new = await _next(connection, row, due.facts, now)
        await repository.insert_document(connection, new)
        event("document_numbered", {"rental_id": str(rental_id), "document": kind})


async def _next(
    connection: Connection, row: dict[str, Any], said: Facts, now: datetime
) -> Numbered:
    branch = row["pickup_branch"]
    year = now.astimezone(ZoneInfo(row["pickup_timezone"])).year
    version = await repository.last_version(connection, row["rental_id"], said.kind) + 1
    sequence = None
    number = domain.agreement_number(said.reference, version)
    if said.kind is DocumentKind.INVOICE:
        sequence = await repository.next_sequence(connection, branch, year)
        number = domain.invoice_number(branch, year, sequence)
    return Numbered(
        facts=said,
        rental_id=row["rental_id"],
        version=version,
        number=number,
        branch_code=branch,
        year=year,
        sequence=sequence,
        issued_at=now,
        keep_until=domain.keep_until(said.kind, now, row["return_at"]),
    )


async def _make(version: Version, now: datetime) -> bool:
    """Draw, store, write down; False: somebody else did."""
    if version.facts is None:
        raise AssertionError("a version without its file has its facts")
    sheet = layout.lay_out(version.facts, version.number, version.issued_at)
    content = await asyncio.to_thread(pdf_gateway.render, sheet)
    await blobs.put(CONTAINER, version.blob_name, Blob(content, PDF))
    async with transaction("rent") as connection:
        made = await repository.mark_made(
            connection, version.document_id, sha256(content).digest(), len(content), now
        )
    if made:
        event("document_made", {"rental_id": str(version.rental_id), "document": version.kind})
    return made


async def read_document(
    reference: str,
    kind: DocumentKind,
    caller: Caller,
    is_known: Callable[[str], bool],
    now: datetime,
) -> File:
    """Read the version in force. ``is_known`` says of an ETag whether the reader has it.

    Raises:
        Rejected: ``unauthenticated``; ``not_found``, also when the rental's state asks for no such
            document; ``document_pending`` while it is being made.
        Unavailable: the database or the file storage is down.
    """
    await reading.read_rental(reference, caller)
    async with connect("rent") as connection:
        found = await in_force(connection, reference, kind, now)
    digest = digest_of(found)
    if is_known(f'"{digest}"'):
        return File(found.number, digest, None)
    name = domain.blob_name(found.rental_id, kind, found.version)
    blob = await blobs.get(CONTAINER, name)
    if blob is None or sha256(blob.content).hexdigest() != digest:
        event("document_damaged", {"rental_id": str(found.rental_id), "document": kind})
        raise Unavailable("the document's file is not what was stored")
    return File(found.number, digest, blob.content)


async def in_force(
    connection: Connection, reference: str, kind: DocumentKind, now: datetime
) -> InForce:
    """Find the version in force, whose file is there.

    Raises:
        Rejected: ``not_found``, ``document_pending``.
    """
    found = await repository.find_document(connection, reference, kind, now)
    if found is not None and found.made_at is not None:
        return found
    if found is not None or await _is_due(connection, reference, kind):
        raise Rejected("document_pending", "the document is being made; ask again")
    raise Rejected("not_found", "there is no such document")


def digest_of(found: InForce) -> str:
    if found.sha256 is None:
        raise AssertionError("a made document has its hash")
    return found.sha256.hex()


async def _is_due(connection: Connection, reference: str, kind: DocumentKind) -> bool:
    rental_id = await repository.find_rental_id(connection, reference)
    if rental_id is None:
        return False
    row = await repository.read_rental(connection, rental_id)
    return (await _due(connection, row))[kind].wish is Wish.MAKE


async def delete_due(now: datetime) -> int:
    """Delete the files that are not to be kept any more: erased, or their years are over.

    Raises:
        Unavailable: the database or the file storage is down; the next run takes the rest.
    """
    async with connect("rent") as connection:
        due = await repository.list_due(connection, now, DELETE_BATCH)

    async def delete(row: tuple[UUID, UUID, DocumentKind, int]) -> None:
        document_id, rental_id, kind, version = row
        await blobs.delete(CONTAINER, domain.blob_name(rental_id, kind, version))
        async with transaction("rent") as connection:
            await repository.mark_deleted(connection, document_id, now)

    await for_each(due, delete)
    return len(due)
