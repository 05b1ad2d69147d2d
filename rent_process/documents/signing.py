"""Sign the agreement in force, once: who accepted which bytes, when and from where."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from rent_process import outgoing
from rent_process.audit import service as audit
from rent_process.booking.domain import Event
from rent_process.documents import domain, facts, repository, service
from rent_process.documents.domain import Wish
from rent_process.documents.repository import InForce
from rent_process.reading import service as reading
from rent_process.settlement import repository as rentals
from shared import outbox
from shared.contracts.caller import Caller
from shared.contracts.documents import Signature, SignatureRequest
from shared.contracts.renter import DocumentKind
from shared.database import Connection, transaction
from shared.errors import FieldError, Rejected
from shared.outbox import Envelope
from shared.telemetry import event

CLOCKS_DIFFER = timedelta(minutes=10)  # a phone's clock may be that wrong and still be believed


@dataclass(frozen=True, slots=True)
class _Signing:
    reference: str
    request: SignatureRequest
    caller: Caller
    now: datetime


@dataclass(frozen=True, slots=True)
class _Outcome:
    """No signature: the agreement is out of date, and another one has been asked for."""

    signature: Signature | None
    replayed: bool = False
    envelopes: tuple[Envelope, ...] = ()


async def sign(
    reference: str, request: SignatureRequest, caller: Caller, now: datetime
) -> tuple[Signature, bool]:
    """Record a signature. Returns it, and whether it had been recorded before.

    Raises:
        Rejected: ``unauthenticated``; ``not_found``; ``document_pending`` while the agreement is
            made, also when it does not say what is so any more; ``document_changed`` when other
            bytes were read; ``already_signed`` by another name; ``illegal_transition`` when there
            is nothing left to agree on; ``validation_failed`` for a time that cannot be.
        Unavailable: the database is down.
    """
    await reading.read_rental(reference, caller)
    signing = _Signing(reference, request, caller, now)
    async with transaction("rent") as connection:
        outcome = await _sign(connection, signing)
    outbox.relay("rent", outcome.envelopes)
    if outcome.signature is None:
        raise Rejected("document_pending", "the rental has changed: its agreement is made anew")
    if not outcome.replayed:
        event("agreement_signed", {"reference": reference})
    return outcome.signature, outcome.replayed


async def _sign(connection: Connection, signing: _Signing) -> _Outcome:
    kind, request = DocumentKind.AGREEMENT, signing.request
    # The rental's row first, as everywhere: what it says cannot change under the signature.
    rental = await rentals.lock_rental_by_reference(connection, signing.reference)
    if rental is None or domain.agreement_wish(rental.status) is not Wish.MAKE:
        raise Rejected("illegal_transition", "this rental has no agreement to sign")
    found = await service.in_force(connection, signing.reference, kind, signing.now)
    digest = service.digest_of(found)
    if request.document_sha256 not in {None, digest}:
        raise Rejected("document_changed", "the agreement has changed: read it again")
    known = await repository.find_signature(connection, found.document_id)
    if known is not None:
        return _Outcome(_again(signing, found, known), replayed=True)
    _check_time(request.accepted_at, found, signing.now)
    row = await repository.read_rental(connection, found.rental_id)
    if facts.agreement_of(row).hash() != found.facts_hash:
        envelopes = (outgoing.documents_requested(found.rental_id),)
        await outbox.write(connection, envelopes)
        return _Outcome(None, envelopes=envelopes)
    written = await repository.sign(
        connection,
        {
            "document_id": found.document_id,
            "full_name": request.full_name,
            "sha256": found.sha256,
            "accepted_at": request.accepted_at,
            "client_address": signing.caller.address,
            "actor": signing.caller.actor,
        },
    )
    await rentals.note_event(
        connection, found.rental_id, Event.AGREEMENT_SIGNED, signing.caller.actor
    )
    if signing.caller.is_operator:  # signed at the counter, before an operator's eyes
        await audit.record(
            connection,
            signing.caller,
            "agreement_signed",
            reference=signing.reference,
            target=found.number,
            after={"sha256": digest},
        )
    return _Outcome(_signature(signing.reference, found, written))


def _again(signing: _Signing, found: InForce, known: dict[str, Any]) -> Signature:
    if known["full_name"] != signing.request.full_name:
        raise Rejected("already_signed", "this agreement has been signed by another name")
    return _signature(signing.reference, found, known)


def _check_time(accepted_at: datetime, found: InForce, now: datetime) -> None:
    if found.issued_at - CLOCKS_DIFFER <= accepted_at <= now + CLOCKS_DIFFER:
        return
    detail = "is not between the agreement's making and now"
    raise Rejected("validation_failed", f"the time {detail}", (FieldError("/accepted_at", detail),))


def _signature(reference: str, found: InForce, row: dict[str, Any]) -> Signature:
    return Signature(
        reference=reference,
        number=found.number,
        document_sha256=bytes(row["sha256"]).hex(),
        full_name=row["full_name"],
        accepted_at=row["accepted_at"],
        signed_at=row["signed_at"],
    )
