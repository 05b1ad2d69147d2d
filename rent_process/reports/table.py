"""Rows as CSV: RFC 4180, UTF-8, and nothing that a spreadsheet would run. No I/O."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from shared.contracts.money import Money
from shared.contracts.reports import Row

# A cell that begins so is a formula to spreadsheets (OWASP, CSV injection).
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001 -- they count too


def columns_of(row: type[Row]) -> list[str]:
    """Amounts are ``*_minor``; the currency, which a row has one of, stands last."""
    names = []
    for name, field in row.model_fields.items():
        is_money = field.annotation is Money
        names.append(f"{name}_minor" if is_money else field.alias or name)
    has_money = any(field.annotation is Money for field in row.model_fields.values())
    return [*names, "currency"] if has_money else names


def to_csv(row: type[Row], rows: Iterable[Row]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns_of(row))
    writer.writerows(_cells(each) for each in rows)
    return text.getvalue().encode()


def _cells(row: Row) -> Sequence[str]:
    currency: list[str] = []
    cells = []
    for name in type(row).model_fields:
        value = getattr(row, name)
        if isinstance(value, Money):
            currency = [value.currency]
            cells.append(str(value.amount))
        else:
            cells.append(_cell(value))
    return [*cells, *currency]


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, int | float):
        return str(value)
    text = str(value)
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA) else text
