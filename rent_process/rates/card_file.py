"""A rate card as a CSV file: one row a line, made and read by spreadsheets.

What is written is read back the same. Comma or semicolon may part the cells (a spreadsheet in
Portuguese writes the latter), and a byte order mark may stand before them.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any, get_args

from pydantic import BaseModel, TypeAdapter, ValidationError

from shared.contracts.rates import MOST_LINES, CardLine
from shared.errors import FieldError

_LINE: TypeAdapter[CardLine] = TypeAdapter(CardLine)
_MODELS: tuple[type[BaseModel], ...] = get_args(get_args(CardLine)[0])
# In the order in which the models name them, "item" first.
COLUMNS = list(
    dict.fromkeys(
        field.alias or name for model in _MODELS for name, field in model.model_fields.items()
    )
)


def write(lines: Iterable[CardLine]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    for line in lines:
        values = line.model_dump(mode="json", by_alias=True)
        writer.writerow({name: _cell(value) for name, value in values.items()})
    return text.getvalue()


def read(text: str) -> tuple[list[tuple[int, CardLine]], list[FieldError]]:
    """Return the lines with the number of each in the file, and every fault with its place."""
    text = text.removeprefix("\ufeff")
    head = text.partition("\n")[0]
    delimiter = ";" if head.count(";") > head.count(",") else ","
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        return _read(rows, rows_line=lambda: rows.line_num)
    except csv.Error as error:
        return [], [_fault(rows.line_num, "", f"is not CSV: {error}")]


def _read(
    rows: Iterator[list[str]], rows_line: Any
) -> tuple[list[tuple[int, CardLine]], list[FieldError]]:
    columns = [name.strip() for name in next(rows, [])]
    faults = [_fault(1, name, "is not a column of a rate card") for name in columns
              if name not in COLUMNS]  # fmt: skip
    if "item" not in columns:
        faults.append(_fault(1, "item", "this column is missing"))
    if len(set(columns)) < len(columns):
        faults.append(_fault(1, "", "a column stands twice"))
    if faults:
        return [], faults
    lines: list[tuple[int, CardLine]] = []
    for cells in rows:
        number = rows_line()
        if not any(cell.strip() for cell in cells):
            continue
        if len(lines) == MOST_LINES:
            return lines, [*faults, _fault(number, "", f"a card has at most {MOST_LINES} lines")]
        if len(cells) > len(columns):
            faults.append(_fault(number, "", "has more cells than the first line"))
            continue
        named = {name: cell.strip() for name, cell in zip(columns, cells, strict=False)}
        try:
            filled = {name: cell for name, cell in named.items() if cell}
            lines.append((number, _LINE.validate_python(filled)))
        except ValidationError as error:
            faults += _faults(number, error)
    return lines, faults


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return " ".join(str(each) for each in value)
    return "" if value is None else str(value)


def _faults(number: int, error: ValidationError) -> Iterator[FieldError]:
    for fault in error.errors(include_url=False, include_input=False, include_context=False):
        # The first part names the item by which the model was chosen.
        column = next((str(part) for part in fault["loc"][1:]), "")
        if not fault["loc"]:
            column = "item"
        yield _fault(number, column, fault["msg"].removeprefix("Value error, "))


def _fault(number: int, column: str, message: str) -> FieldError:
    place = f"line {number}, {column}" if column else f"line {number}"
    escaped = column.replace("~", "~0").replace("/", "~1")
    pointer = f"/csv/{number}/{escaped}" if column else f"/csv/{number}"
    return FieldError(pointer, f"{place}: {message}")
