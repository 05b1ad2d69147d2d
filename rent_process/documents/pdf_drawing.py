"""Blocks onto A4 pages with ReportLab, tagged. Only ``pdf_gateway`` imports this, when it draws.

Sizes and distances are in points (1/72 inch).
"""

import unicodedata
from collections.abc import Sequence
from datetime import UTC
from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import Any

from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase.pdfmetrics import getFont, registerFont, stringWidth
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from rent_process.documents.layout import Block, Heading, Pairs, Paragraph, Sheet, Table
from rent_process.documents.pdf_tags import Element, Tags

TEXT, BOLD = "Roboto", "Roboto-Bold"
WIDTH, HEIGHT = A4
MARGIN = 56.0
RIGHT = WIDTH - MARGIN
BOTTOM = 64.0
SIZE, LEADING = 9.5, 13.0
LABEL_WIDTH = 120.0
# The right edge of each column of figures; what a table's first column may take ends before them.
FIGURES = (RIGHT - 170, RIGHT - 85, RIGHT)
DESCRIPTION_WIDTH = FIGURES[0] - MARGIN - 50


class Drawing:
    """Draws blocks one below the other, on as many pages as it takes."""

    def __init__(self, sheet: Sheet) -> None:
        _register_fonts()
        self._sheet = sheet
        self._file = BytesIO()
        self._canvas = _new_canvas(self._file)
        self._canvas.setTitle(sheet.title)
        self._canvas.setAuthor(sheet.footer.partition(" · ")[0])
        self._canvas.setSubject(f"{sheet.title}, {sheet.issued_at.isoformat()}")
        self._canvas.setCreator("RentACar")
        self._canvas._doc._timeStamp.YMDhms = sheet.issued_at.astimezone(UTC).timetuple()[:6]  # noqa: SLF001 -- it knows now or the year 2000
        self._canvas.setViewerPreference("DisplayDocTitle", "true")
        self._tags = Tags(self._canvas)
        self._page = 1
        self._y = HEIGHT - MARGIN
        self._heading(self._tags.root, sheet.title, "H1", 16.0)

    def draw(self, block: Block) -> None:
        root = self._tags.root
        match block:
            case Heading(text):
                self._heading(root, text, "H2", 11.5)
            case Paragraph(text):
                self._paragraph(root, text)
            case Pairs(rows):
                self._pairs(root.add("Table"), rows)
            case Table():
                self._table(root.add("Table"), block)

    def finish(self) -> bytes:
        self._end_page()
        self._tags.write(self._sheet.language)
        self._canvas.save()
        return self._file.getvalue()

    def _heading(self, root: Element, text: str, role: str, size: float) -> None:
        lines = _wrap(text, BOLD, size, RIGHT - MARGIN)
        # A heading never stands alone at the foot of a page.
        self._make_room(len(lines) * size * 1.3 + 3 * LEADING)
        self._y -= size * 0.8
        with self._tags.content(root, role):
            self._write(MARGIN, lines, BOLD, size, size * 1.3)
        self._y -= len(lines) * size * 1.3 + 3

    def _paragraph(self, root: Element, text: str) -> None:
        lines = _wrap(text, TEXT, SIZE, RIGHT - MARGIN)
        self._make_room(len(lines) * LEADING)
        with self._tags.content(root, "P"):
            self._write(MARGIN, lines, TEXT, SIZE, LEADING)
        self._y -= len(lines) * LEADING + 4

    def _pairs(self, table: Element, rows: Sequence[tuple[str, str]]) -> None:
        for label, value in rows:
            lines = _wrap(value, TEXT, SIZE, RIGHT - MARGIN - LABEL_WIDTH)
            self._make_room(len(lines) * LEADING)
            row = table.add("TR")
            with self._tags.content(row, "TH", "Row"):
                self._write(MARGIN, [shown(label)], BOLD, SIZE, LEADING)
            with self._tags.content(row, "TD"):
                self._write(MARGIN + LABEL_WIDTH, lines, TEXT, SIZE, LEADING)
            self._y -= len(lines) * LEADING + 1.5

    def _table(self, table: Element, block: Table) -> None:
        self._row(table, block.header, BOLD, "TH", "Column")
        self._rule()
        for row in block.rows:
            self._row(table, row, TEXT, "TD")
        self._rule()
        for row in block.totals:
            self._row(table, row, BOLD, "TD")

    def _row(
        self,
        table: Element,
        cells: Sequence[str],
        font: str,
        role: str,
        scope: str | None = None,
    ) -> None:
        lines = _wrap(cells[0], font, SIZE, DESCRIPTION_WIDTH)
        self._make_room(len(lines) * LEADING)
        row = table.add("TR")
        with self._tags.content(row, role, scope):
            self._write(MARGIN, lines, font, SIZE, LEADING)
        for right, cell in zip(FIGURES, cells[1:], strict=True):
            text = shown(cell)
            with self._tags.content(row, role, scope):
                left = right - stringWidth(text, font, SIZE)
                self._write(left, [text], font, SIZE, LEADING)
        self._y -= len(lines) * LEADING + 1.5

    def _rule(self) -> None:
        with self._tags.artifact():
            self._canvas.setLineWidth(0.5)
            self._canvas.line(MARGIN, self._y + 1, RIGHT, self._y + 1)
        self._y -= 3

    def _write(
        self, left: float, lines: Sequence[str], font: str, size: float, leading: float
    ) -> None:
        text = self._canvas.beginText(left, self._y - size)
        text.setFont(font, size, leading)
        for line in lines:
            text.textLine(line)
        self._canvas.drawText(text)

    def _make_room(self, height: float) -> None:
        if self._y - height < BOTTOM:
            self._end_page()
            self._page += 1
            self._y = HEIGHT - MARGIN

    def _end_page(self) -> None:
        with self._tags.artifact():
            self._canvas.setFont(TEXT, 7.5)
            self._canvas.drawString(MARGIN, BOTTOM / 2, shown(self._sheet.footer))
            number = f"{self._sheet.page_word} {self._page}"
            self._canvas.drawRightString(RIGHT, BOTTOM / 2, number)
        self._tags.end_page()


def _new_canvas(file: BytesIO) -> Any:
    """Return a canvas without a clock or a random id in its file; parts of it are not declared."""
    return Canvas(file, A4, invariant=1, pdfVersion=(1, 7))


def shown(text: str, font: str = TEXT) -> str:
    """The text in letters that the font has."""
    _register_fonts()
    plain = (" " if each.isspace() else each for each in text)
    return "".join(_letters(each, font) for each in plain if each.isprintable())


@cache
def _letters(letter: str, font: str) -> str:
    face: Any = getFont(font)
    known = face.face.charToGlyph
    if ord(letter) in known:
        return letter
    bases = unicodedata.normalize("NFKD", letter)
    return "".join(each for each in bases if ord(each) in known) or "?"


def _wrap(text: str, font: str, size: float, width: float) -> list[str]:
    return simpleSplit(shown(text, font), font, size, width) or [""]


@cache
def _register_fonts() -> None:
    folder = files("font_roboto") / "files"
    for name, file in ((TEXT, "Roboto-Regular.ttf"), (BOLD, "Roboto-Bold.ttf")):
        registerFont(TTFont(name, BytesIO((folder / file).read_bytes())))
