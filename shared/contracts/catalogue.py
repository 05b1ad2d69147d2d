"""What is there to rent from: branches and classes."""

from datetime import date
from typing import Literal

from pydantic import Field

from shared.contracts.bases import BranchCode, ClassCode, Country, Response


class OpeningHours(Response):
    """Local wall-clock times; ``weekday`` 1 is Monday (ISO 8601)."""

    weekday: int = Field(ge=1, le=7)
    opens: str = Field(examples=["06:00"])
    closes: str = Field(examples=["23:00"])


class Branch(Response):
    code: BranchCode
    name: str
    city: str
    country: Country
    timezone: str = Field(examples=["America/Sao_Paulo"])
    latitude: float
    longitude: float
    opening_hours: list[OpeningHours]
    holidays: list[date]
    one_way_to: list[BranchCode]


class Branches(Response):
    branches: list[Branch]


class Rating(Response):
    """What renters gave: every review counts, commented or not."""

    average: float = Field(ge=1, le=5, description="One decimal")
    count: int = Field(ge=1)


class CarClass(Response):
    acriss: ClassCode
    name: str
    example_model: str
    seats: int
    doors: int
    bags: int
    transmission: Literal["manual", "automatic"]
    air_conditioning: bool
    image_url: str
    minimum_driver_age: int
    rating: Rating | None = Field(default=None, description="Absent without reviews")


class CarClasses(Response):
    classes: list[CarClass]


# --- offers ------------------------------------------------------------------------------------
