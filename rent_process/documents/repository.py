"""The documents' rows, and what of a rental they are made from. Never commits."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from rent_process.documents.domain import Facts, Version
from shared.contracts.renter import DocumentKind
from shared.database import Connection
from shared.sql import fetch_all, fetch_one, fetch_one_or_none, load_queries

QUERIES = load_queries(__file__)
# No function runs longer (host.json, functionTimeout: 5 minutes): what was being made is there.
MAKING = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class InForce:
    """The version that a reader gets; ``sha256`` is there once the file is."""

    document_id: UUID
    rental_id: UUID
    kind: DocumentKind
    version: int
    number: str
    made_at: datetime | None
    sha256: bytes | None
    facts_hash: bytes
    issued_at: datetime


@dataclass(frozen=True, slots=True)
class Numbered:
    """A new version, ready to be written."""

    facts: Facts
    rental_id: UUID
    version: int
    number: str
    branch_code: str
    year: int
    sequence: int | None
    issued_at: datetime
    keep_until: datetime


async def lock_rental(connection: Connection, rental_id: UUID) -> bool:
    """Two deliveries of one rental number its documents one after the other."""
    found = await fetch_one_or_none(connection, QUERIES["lock_rental"], {"rental_id": rental_id})
    return found is not None


async def read_rental(connection: Connection, rental_id: UUID) -> dict[str, Any]:
    return await fetch_one(connection, QUERIES["read_rental"], {"rental_id": rental_id})


async def find_rental_id(connection: Connection, reference: str) -> UUID | None:
    row = await fetch_one_or_none(connection, QUERIES["find_rental_id"], {"reference": reference})
    return None if row is None else row["rental_id"]


async def find_in_force(
    connection: Connection, rental_id: UUID, kind: DocumentKind
) -> Version | None:
    row = await fetch_one_or_none(
        connection, QUERIES["find_in_force"], {"rental_id": rental_id, "kind": kind}
    )
    return None if row is None else _version(row)


async def last_version(connection: Connection, rental_id: UUID, kind: DocumentKind) -> int:
    row = await fetch_one(
        connection, QUERIES["last_version"], {"rental_id": rental_id, "kind": kind}
    )
    return int(row["version"])


async def void(connection: Connection, rental_id: UUID, kind: DocumentKind, now: datetime) -> None:
    await connection.execute(QUERIES["void"], {"rental_id": rental_id, "kind": kind, "now": now})


async def next_sequence(connection: Connection, branch_code: str, year: int) -> int:
    """The next number of a branch's year; it is used when this transaction commits, or again."""
    row = await fetch_one(
        connection, QUERIES["next_sequence"], {"branch_code": branch_code, "year": year}
    )
    return int(row["last_number"])


async def insert_document(connection: Connection, new: Numbered) -> None:
    await connection.execute(
        QUERIES["insert_document"],
        {
            "rental_id": new.rental_id,
            "kind": new.facts.kind,
            "version": new.version,
            "number": new.number,
            "branch_code": new.branch_code,
            "year": new.year,
            "sequence": new.sequence,
            "locale": new.facts.locale,
            "facts": new.facts.to_json(),
            "facts_hash": new.facts.hash(),
            "issued_at": new.issued_at,
            "keep_until": new.keep_until,
        },
    )


async def list_unmade(connection: Connection, rental_id: UUID, now: datetime) -> list[Version]:
    rows = await fetch_all(connection, QUERIES["list_unmade"], {"rental_id": rental_id, "now": now})
    return [_version(row) for row in rows]


async def mark_made(
    connection: Connection, document_id: UUID, sha256: bytes, size_bytes: int, now: datetime
) -> bool:
    """Write down that the file is there; False: somebody else did."""
    parameters = {
        "document_id": document_id,
        "sha256": sha256,
        "size_bytes": size_bytes,
        "now": now,
    }
    return await fetch_one_or_none(connection, QUERIES["mark_made"], parameters) is not None


async def find_document(
    connection: Connection, reference: str, kind: DocumentKind, now: datetime
) -> InForce | None:
    parameters = {"reference": reference, "kind": kind, "now": now}
    return _in_force(await fetch_one_or_none(connection, QUERIES["find_document"], parameters))


async def find_signature(connection: Connection, document_id: UUID) -> dict[str, Any] | None:
    return await fetch_one_or_none(
        connection, QUERIES["find_signature"], {"document_id": document_id}
    )


async def sign(connection: Connection, signature: dict[str, Any]) -> dict[str, Any]:
    return await fetch_one(connection, QUERIES["sign"], signature)


async def list_due(
    connection: Connection, now: datetime, limit: int
) -> list[tuple[UUID, UUID, DocumentKind, int]]:
    """Documents whose file nobody may read any more: id, rental, kind, version."""
    rows = await fetch_all(
        connection, QUERIES["list_due"], {"now": now, "making": MAKING, "limit": limit}
    )
    return [
        (row["document_id"], row["rental_id"], DocumentKind(row["kind"]), row["version"])
        for row in rows
    ]


async def mark_deleted(connection: Connection, document_id: UUID, now: datetime) -> None:
    await connection.execute(QUERIES["mark_deleted"], {"document_id": document_id, "now": now})


async def forget(connection: Connection, rental_ids: list[UUID], now: datetime) -> None:
    """End the agreements' time and take the signers' names away; invoices stay by law."""
    parameters = {"rental_ids": rental_ids, "now": now}
    await connection.execute(QUERIES["end_agreements"], parameters)
    await connection.execute(QUERIES["forget_signers"], {"rental_ids": rental_ids})


def _version(row: dict[str, Any]) -> Version:
    facts = row["facts"]
    return Version(
        **row
        | {
            "kind": DocumentKind(row["kind"]),
            "facts": None if facts is None else Facts.model_validate(facts),
            "facts_hash": bytes(row["facts_hash"]),
        }
    )


def _in_force(row: dict[str, Any] | None) -> InForce | None:
    if row is None:
        return None
    digest = row["sha256"]
    return InForce(
        **row
        | {
            "kind": DocumentKind(row["kind"]),
            "sha256": None if digest is None else bytes(digest),
            "facts_hash": bytes(row["facts_hash"]),
        }
    )
