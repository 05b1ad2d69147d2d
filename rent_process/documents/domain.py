"""Which documents a rental has, what they say, how they are numbered, how long they are kept.

A document is what its facts say: facts that change make another version, which voids the one before
and has to be signed anew. No I/O.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from hashlib import sha256
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict

from shared.contracts.bases import Locale
from shared.contracts.money import Money
from shared.contracts.renter import CancellationPolicy, DocumentKind, PriceLine, RentalStatus

# Tax: five years from the first day of the year after (CTN, article 173, I); what books rest on is
# kept until then (CTN, article 195, sole paragraph). Claims from a written contract: five years
# (Civil Code, article 206, paragraph 5, I). See docs/adr/0025.
KEPT_YEARS = 5


class Wish(StrEnum):
    """What a rental's state asks for of one kind of document."""

    MAKE = "make"  # one that says what is so now; the one before is void
    KEEP = "keep"  # what there is stays
    VOID = "void"  # what there is does not hold any more


class _Facts(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Place(_Facts):
    """Where and when the car changes hands; ``at`` is in the branch's own time zone."""

    name: str
    address: str
    city: str
    at: AwareDatetime


class Person(_Facts):
    """The driver; nothing but empty fields after an erasure."""

    name: str
    email: str
    phone: str
    birth_date: date | None
    document: str
    licence: str

    def as_payer(self) -> "Person":
        """Name and document: what an invoice needs."""
        return self.model_copy(update={"email": "", "phone": "", "birth_date": None, "licence": ""})


class Vehicle(_Facts):
    plate: str
    model: str
    model_year: int


class Reading(_Facts):
    km: int
    fuel_eighths: int


class Leg(_Facts):
    """What one car's instruments showed when it left, and when it came back."""

    plate: str
    out: Reading
    back: Reading | None = None


class Coverage(_Facts):
    name: str
    excess: Money


class Facts(_Facts):
    """All that a document says but its number and date. Amounts in minor units."""

    kind: DocumentKind
    locale: Locale
    reference: str
    pickup: Place
    return_: Place
    class_code: str
    class_name: str
    example_model: str
    vehicle: Vehicle | None
    driver: Person
    lines: tuple[PriceLine, ...]
    total: Money
    coverages: tuple[Coverage, ...]
    deposit: Money | None
    policy: CancellationPolicy | None
    legs: tuple[Leg, ...] = ()

    def to_json(self) -> str:
        """As the first version of this class wrote them, where they say no more than that did."""
        return self.model_dump_json(exclude=set() if self.legs else {"legs"})

    def hash(self) -> bytes:
        """The same for the same facts, on every machine and of every version of this class."""
        return sha256(self.to_json().encode()).digest()


@dataclass(frozen=True, slots=True)
class Version:
    """A document's row: numbered, and made once ``facts`` are gone."""

    document_id: UUID
    rental_id: UUID
    kind: DocumentKind
    version: int
    number: str
    locale: Locale
    facts: Facts | None
    facts_hash: bytes
    issued_at: datetime
    is_made: bool

    @property
    def blob_name(self) -> str:
        return blob_name(self.rental_id, self.kind, self.version)


def blob_name(rental_id: UUID, kind: DocumentKind, version: int) -> str:
    """Names nobody: no reference, no person."""
    return f"{rental_id}/{kind}-{version}.pdf"


def agreement_wish(status: RentalStatus) -> Wish:
    """An agreement stands from the confirmation on; what was agreed is not rewritten at the end."""
    if status in {RentalStatus.CONFIRMED, RentalStatus.CHECKED_OUT}:
        return Wish.MAKE
    return Wish.VOID if status is RentalStatus.CANCELLED else Wish.KEEP


def invoice_wish(status: RentalStatus, due_minor: int, paid_minor: int) -> Wish:
    """An invoice stands when the rental is paid or over, and then for what is due."""
    match status:
        case RentalStatus.COMPLETED:
            return Wish.MAKE
        case RentalStatus.CONFIRMED | RentalStatus.CHECKED_OUT:
            return Wish.MAKE if 0 < due_minor <= paid_minor else Wish.VOID
        case RentalStatus.CANCELLED | RentalStatus.NO_SHOW:
            return Wish.MAKE if due_minor > 0 else Wish.VOID
        case _:
            return Wish.KEEP


def agreement_number(reference: str, version: int) -> str:
    return f"{reference}-{version}"


def invoice_number(branch_code: str, year: int, sequence: int) -> str:
    return f"{branch_code}-{year}-{sequence:06d}"


def keep_until(kind: DocumentKind, issued_at: datetime, ends_at: datetime) -> datetime:
    """The first moment at which nobody may ask for it any more."""
    if kind is DocumentKind.INVOICE:
        return datetime(issued_at.year + 1 + KEPT_YEARS, 1, 1, tzinfo=UTC)
    return datetime(ends_at.year + 1 + KEPT_YEARS, 1, 1, tzinfo=UTC)
