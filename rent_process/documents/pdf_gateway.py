"""Draw a sheet as a PDF: the sole importer of ReportLab. The same sheet gives the same bytes.

Text is embedded in Roboto (Latin, Greek, Cyrillic); a letter that it lacks is written by its base
letter, else as a question mark.
"""

from threading import Lock

from rent_process.documents.layout import Sheet

# ReportLab keeps which letters a document uses in the font, which all documents share: two threads
# that draw at once disturb each other.
_ONE_AT_A_TIME = Lock()


def render(sheet: Sheet) -> bytes:
    """The file. Takes some ten milliseconds of one core; call it in a thread."""
    # Imported here: ReportLab takes 0.4 s, and only the instance that makes documents needs it.
    from rent_process.documents.pdf_drawing import Drawing  # noqa: PLC0415 -- import budget

    with _ONE_AT_A_TIME:
        drawing = Drawing(sheet)
        for block in sheet.blocks:
            drawing.draw(block)
        return drawing.finish()
