"""One call of the public API: what the OpenAPI document says of it and what is forwarded."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Literal

from pydantic import BaseModel

Method = Literal["GET", "POST", "PUT", "DELETE"]
Access = Literal["public", "renter", "operator"]
# What any call may answer, whatever it does.
ALWAYS = ("internal_error", "service_unavailable")


@dataclass(frozen=True, slots=True)
class Operation:
    """One call. ``errors`` are codes of ``shared.contracts.problems``."""

    name: str
    method: Method
    path: str
    summary: str
    response: type[BaseModel] | None
    tag: str = "Renter"
    status: HTTPStatus = HTTPStatus.OK
    access: Access = "public"
    query: type[BaseModel] | None = None
    request: type[BaseModel] | None = None
    idempotent: bool = False  # takes an Idempotency-Key
    conditional: bool = False  # has an ETag
    media_type: str = "application/json"  # of the answer; a file has no ``response``
    csv: bool = False  # also as text/csv
    file_types: tuple[str, ...] = ()  # of a body that is a file; it has no ``request``
    most_bytes: int | None = None  # of a body that may have more than others
    errors: tuple[str, ...] = ()


# Codes that many calls may answer.
READ_RENTAL = ("unauthenticated", "not_found")
BODY = ("malformed_json", "unsupported_media_type", "validation_failed", "payload_too_large")
KEYED = ("idempotency_key_required", "idempotency_key_reused")
PERIOD = (
    "branch_closed",
    "branch_holiday",
    "period_invalid",
    "too_soon",
    "too_far_ahead",
    "driver_too_young",
    "one_way_not_offered",
)
RENTAL = "/operator/rentals/{reference}/"
HANDOVER = (*BODY, *READ_RENTAL, "illegal_transition", "vehicle_unavailable")
SUPPLY = ("supply_below_sold", "vehicle_allocated")
OPERATOR_LIST = ("unauthenticated", "validation_failed")
