"""Which reports there are, and which days one may span. No I/O; the clock is an argument."""

from dataclasses import dataclass
from datetime import date, timedelta

from shared.contracts import reports
from shared.contracts.reports import Report, ReportQuery, Row
from shared.errors import FieldError, Rejected


@dataclass(frozen=True, slots=True)
class Kind:
    """One report: its models, and how many days it spans when not told, and at most."""

    name: str
    row: type[Row]
    report: type[Report]
    usual_days: int
    most_days: int


# A quarter, so that one question never weighs on the bookings beside it.
QUARTER, MONTH, DAY = 92, 31, 1
KINDS = (
    Kind("utilisation", reports.UtilisationRow, reports.UtilisationReport, MONTH, QUARTER),
    Kind("revenue", reports.RevenueRow, reports.RevenueReport, MONTH, QUARTER),
    Kind("manifest", reports.ManifestRow, reports.ManifestReport, DAY, MONTH),
    Kind("payments", reports.PaymentsRow, reports.PaymentsReport, MONTH, QUARTER),
    Kind("cancellations", reports.CancellationsRow, reports.CancellationsReport, MONTH, QUARTER),
)


@dataclass(frozen=True, slots=True)
class Days:
    """From the first to the last, both in."""

    first: date
    last: date


def days_of(query: ReportQuery, kind: Kind, today: date) -> Days:
    """Fill in what the query leaves out.

    Raises:
        Rejected: ``validation_failed``: backwards, or too many days.
    """
    usual = timedelta(days=kind.usual_days - 1)
    try:
        first, last = query.from_, query.to
        if last is None:
            last = today if first is None else first + usual
        if first is None:
            first = last - usual
    except OverflowError:
        raise _bad_days("is not a day that can be reported") from None
    if last < first:
        raise _bad_days("is before from")
    if (last - first).days >= kind.most_days:
        raise _bad_days(f"is too far from from: at most {kind.most_days} days")
    return Days(first, last)


def _bad_days(detail: str) -> Rejected:
    return Rejected("validation_failed", f"to {detail}", (FieldError("/to", detail),))
