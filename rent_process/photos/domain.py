"""Which photos are taken in, of what, how many and for how long. No I/O."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from rent_process.documents.domain import keep_until
from shared.contracts.photos import PhotoKind
from shared.contracts.renter import DocumentKind
from shared.errors import Rejected

MOST_OF_ONE_THING = 20  # a walk around the car takes about ten
MOST_OF_A_RENTAL = 100
# Above what phones take by themselves (24); decoding a WebP of it takes much memory (ADR 30).
MOST_PIXELS = 25_000_000
# Scratches are seen, and a file has well below a megabyte.
LONGEST_SIDE = 2560
# No function runs longer (host.json, functionTimeout: 5 minutes): the file is there, or never.
STORING = timedelta(minutes=15)
NOT_THERE = {
    PhotoKind.CHECK_OUT: ("illegal_transition", "this car has not left on this rental"),
    PhotoKind.CHECK_IN: ("illegal_transition", "this car has not come back from this rental"),
    PhotoKind.DAMAGE: ("not_found", "there is no such damage on this rental"),
}


@dataclass(frozen=True, slots=True)
class CleanPhoto:
    """A picture without anything that came with it: place, camera, thumbnail, what is appended."""

    content: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Subject:
    """What a photo is of, and how many there are already."""

    rental_id: UUID
    kind: PhotoKind
    leg: int
    plate: str
    damage: int | None
    return_at: datetime
    same_subject: int
    same_rental: int

    def check_room(self) -> None:
        """Raise ``too_many_photos``."""
        if self.same_subject >= MOST_OF_ONE_THING:
            raise Rejected("too_many_photos", f"there are {self.same_subject} photos of it")
        if self.same_rental >= MOST_OF_A_RENTAL:
            raise Rejected("too_many_photos", f"this rental has {self.same_rental} photos")

    def keep_until(self, now: datetime) -> datetime:
        """A photo proves how the agreement was kept, and is kept as long.

        Raises:
            Rejected: ``illegal_transition`` when that time is over.
        """
        until = keep_until(DocumentKind.AGREEMENT, now, self.return_at)
        if until <= now:
            raise Rejected("illegal_transition", "photos of this rental are not kept any more")
        return until


def check_type(content: bytes) -> None:
    """Let the first bytes decide, whatever the header says: raise ``unsupported_media_type``."""
    is_webp = content[:4] == b"RIFF" and content[8:12] == b"WEBP"
    if not (is_webp or content.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"))):
        raise Rejected("unsupported_media_type", "a photo is a JPEG, a PNG or a WebP")


def blob_name(photo_id: UUID) -> str:
    """Names nobody: no reference, no person."""
    return f"{photo_id}.jpg"
