"""Run one report for an operator, over the branches that are theirs."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from rent_process.reports import repository
from rent_process.reports.domain import Days, Kind, days_of
from shared.contracts.caller import Caller
from shared.contracts.money import Money
from shared.contracts.reports import Report, ReportQuery, Row
from shared.database import Connection, connect
from shared.errors import Rejected


async def report(kind: Kind, query: ReportQuery, caller: Caller, now: datetime) -> Report:
    """Read one report.

    Raises:
        Rejected: ``validation_failed`` for its days; ``not_found``: no such branch of theirs.
        Unavailable: the database is down, or the report takes too long.
    """
    days = days_of(query, kind, now.date())
    async with connect("rent") as connection:
        branches = await _branches(connection, query.branch, caller)
        found = await repository.run_report(connection, kind.name, days, branches)
    rows = [_row(kind.row, row) for row in found]
    return kind.report.model_validate(_heading(days, query) | {"rows": rows})


async def _branches(connection: Connection, branch: str | None, caller: Caller) -> list[str] | None:
    if branch is None:
        return caller.limited_to
    if not caller.serves(branch) or not await repository.has_branch(connection, branch):
        raise Rejected("not_found", "there is no such branch of yours")
    return [branch]


def _heading(days: Days, query: ReportQuery) -> dict[str, Any]:
    return {"from": days.first, "to": days.last, "branch": query.branch}


def _row(model: type[Row], row: dict[str, Any]) -> Row:
    """Amounts become money of the row's currency; a time is shown on its branch's clock."""
    values = dict(row)
    for name, field in model.model_fields.items():
        if field.annotation is Money:
            values[name] = Money(amount=row[f"{name}_minor"], currency=row["currency"])
    if "at" in row:
        values["at"] = row["at"].astimezone(ZoneInfo(row["timezone"]))
    return model.model_validate(values)
