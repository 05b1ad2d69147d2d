"""Which of two media types a caller wants (RFC 9110, 12.5.1). No I/O."""

from shared.errors import Rejected
from shared.http import JSON

CSV = "text/csv"


def wants_csv(accept: str | None) -> bool:
    """Whether CSV is wanted more than JSON, which wins where both are equal.

    Raises:
        Rejected: ``not_acceptable``: neither is wanted.
    """
    wishes = _wishes(accept or "*/*")
    csv, json = _quality(CSV, wishes), _quality(JSON, wishes)
    if not csv and not json:
        raise Rejected("not_acceptable", f"this report is {JSON} or {CSV}")
    return csv > json


def _wishes(accept: str) -> dict[str, float]:
    """Media ranges and their weights; a range that cannot be read is no wish."""
    wishes = {}
    for part in accept.lower().split(","):
        media, *parameters = (piece.strip() for piece in part.split(";"))
        weight = _weight(parameters)
        if media and weight is not None:
            wishes[media] = weight
    return wishes


def _weight(parameters: list[str]) -> float | None:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                weight = float(value)
            except ValueError:
                return None
            return weight if 0 <= weight <= 1 else None
    return 1.0


def _quality(media: str, wishes: dict[str, float]) -> float:
    """The most specific range decides: text/csv before text/* before */*."""
    ranges = (media, f"{media.partition('/')[0]}/*", "*/*")
    return next((wishes[each] for each in ranges if each in wishes), 0.0)
