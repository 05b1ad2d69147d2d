"""The HTTP models of a car's photos. A photo is sent as it is, as the body of its request."""

from enum import StrEnum
from uuid import UUID

from pydantic import AwareDatetime, Field, model_validator

from shared.contracts.handover import Plate
from shared.contracts.money import Money
from shared.contracts.operator import Text
from shared.contracts.renter import Request, Response

MAXIMUM_PHOTO_BYTES = 8 * 1024 * 1024
PHOTO_TYPES = ("image/jpeg", "image/png", "image/webp")
KEPT_TYPE = "image/jpeg"  # whatever was sent


class PhotoKind(StrEnum):
    """What a photo is of: the car as it left, as it came back, or a damage that is charged."""

    CHECK_OUT = "check_out"
    CHECK_IN = "check_in"
    DAMAGE = "damage"


class PhotoQuery(Request):
    """``plate`` tells the cars of a rental apart; without it the newest is meant."""

    kind: PhotoKind
    damage: int | None = Field(
        default=None, ge=1, le=30, description="Its place in the list of the check-in, from 1"
    )
    plate: Plate | None = None

    @model_validator(mode="after")
    def _name_a_damage_if_it_is_one(self) -> "PhotoQuery":
        if (self.kind is PhotoKind.DAMAGE) != (self.damage is not None):
            raise ValueError("damage is for photos of a damage, and those need it")
        return self


class Photo(Response):
    """``sha256`` is of the file at ``href``, which holds the picture and nothing else."""

    id: UUID
    kind: PhotoKind
    damage: int | None = None
    plate: str
    added_at: AwareDatetime
    width: int
    height: int
    size_bytes: int
    sha256: str
    href: str


class RentalDamage(Response):
    """``amount`` is what it costs; a coverage may have brought down what was charged."""

    number: int
    plate: str
    description: str
    amount: Money


class RentalPhotos(Response):
    """In the order in which they came, and the damages that some are of."""

    photos: list[Photo]
    damages: list[RentalDamage]


class PhotoDiscard(Request):
    reason: Text


class PhotoDiscarded(Response):
    """The file is deleted within minutes; that there was one stays known."""

    id: UUID
    reference: str
    discarded_at: AwareDatetime
