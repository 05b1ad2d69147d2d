"""Every error code of the public API and its HTTP status: one table, so that none is invented."""

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

STATUS_OF_CODE: dict[str, int] = {
    "malformed_json": 400,
    "idempotency_key_required": 400,
    "invalid_signature": 400,
    "unauthenticated": 401,
    "forbidden": 403,
    "not_found": 404,
    "method_not_allowed": 405,
    "not_acceptable": 406,
    "car_unavailable": 409,
    "vehicle_unavailable": 409,
    "offer_expired": 409,
    "promo_code_used_up": 409,
    "rate_version_exists": 409,
    "payment_in_progress": 409,
    "not_payable": 409,
    "illegal_transition": 409,
    "request_in_progress": 409,
    "already_resolved": 409,
    "already_reviewed": 409,
    "not_replayable": 409,
    "supply_below_sold": 409,
    "supply_below_zero": 409,
    "vehicle_exists": 409,
    "vehicle_allocated": 409,
    "move_planned": 409,
    "document_pending": 409,
    "document_changed": 409,
    "already_signed": 409,
    "too_many_photos": 409,
    "payload_too_large": 413,
    "unsupported_media_type": 415,
    "branch_closed": 422,
    "branch_holiday": 422,
    "period_invalid": 422,
    "too_soon": 422,
    "too_far_ahead": 422,
    "driver_too_young": 422,
    "one_way_not_offered": 422,
    "offer_invalid": 422,
    "offer_mismatch": 422,
    "validation_failed": 422,
    "idempotency_key_reused": 422,
    "payment_method_unavailable": 422,
    "amount_exceeds_due": 422,
    "amount_exceeds_paid": 422,
    "amount_exceeds_deposit": 422,
    "rate_limited": 429,
    "internal_error": 500,
    "bookings_closed": 503,
    "service_unavailable": 503,
}


class ProblemError(BaseModel):
    """One fault of the input; ``pointer`` is a JSON pointer into the request (RFC 6901)."""

    model_config = ConfigDict(frozen=True)

    pointer: str
    message: str


class SupplyConflict(BaseModel):
    """Hours in which fewer cars would be there than are sold; ``rentals`` names some of them."""

    model_config = ConfigDict(frozen=True, populate_by_name=True)

    branch: str
    car_class: str = Field(alias="class")
    from_: AwareDatetime = Field(alias="from")
    to: AwareDatetime
    missing: int
    rentals: list[str]


class ProblemDetails(BaseModel):
    """The body of every error answer (RFC 9457, ``application/problem+json``)."""

    model_config = ConfigDict(frozen=True)

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: list[ProblemError] | None = None
    conflicts: list[SupplyConflict] | None = None
