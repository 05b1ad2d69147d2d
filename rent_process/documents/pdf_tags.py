"""The structure of a tagged PDF: what a screen reader reads aloud, in order, and as what.

ReportLab draws and does not tag, so the marks (ISO 32000-2, 14.6) and the tree over them (14.7) are
written here with its own PDF objects. Nothing is imported but by whoever makes a PDF.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFName
from reportlab.pdfgen.canvas import Canvas


@dataclass
class Element:
    """One node: ``kids`` are further nodes, ``mark`` its drawn content on page number ``page``."""

    role: str
    parent: "Element | None" = None
    kids: list["Element"] = field(default_factory=list)
    page: int = 0
    mark: int | None = None
    scope: str | None = None  # of a header cell: Row or Column

    def add(self, role: str, scope: str | None = None) -> "Element":
        kid = Element(role, self, scope=scope)
        self.kids.append(kid)
        return kid


class Tags:
    """Marks what is drawn on ``canvas`` and, at the end, writes the tree."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas: Any = canvas  # its page code and document are not declared
        self.root = Element("Document")
        self._marked: list[list[Element]] = [[]]  # by page, by mark
        self._references: dict[int, Any] = {}  # by the identity of an element

    @contextmanager
    def content(self, parent: Element, role: str, scope: str | None = None) -> Iterator[None]:
        """What is drawn inside is read as ``role``."""
        element = parent.add(role, scope)
        marks = self._marked[-1]
        element.page, element.mark = len(self._marked) - 1, len(marks)
        marks.append(element)
        self._canvas._code.append(f"/{role} <</MCID {element.mark}>> BDC")  # noqa: SLF001 -- it has no other way to write an operator
        yield
        self._canvas._code.append("EMC")  # noqa: SLF001 -- likewise

    @contextmanager
    def artifact(self) -> Iterator[None]:
        """What is drawn inside is decoration: rules, page numbers."""
        self._canvas._code.append("/Artifact BMC")  # noqa: SLF001 -- likewise
        yield
        self._canvas._code.append("EMC")  # noqa: SLF001 -- likewise

    def end_page(self) -> None:
        """Finish the page, with the entries that lead from its marks to the tree."""
        document = self._canvas._doc  # noqa: SLF001 -- the objects below belong to it
        name = document.thisPageName()
        self._canvas.showPage()
        page = document.idToObject[name]
        page.__NoDefault__ = [*page.__NoDefault__, "StructParents", "Tabs"]
        page.StructParents, page.Tabs = len(self._marked) - 1, PDFName("S")
        self._marked.append([])

    def write(self, language: str) -> None:
        """Write the tree into the catalogue; call after the last page."""
        document = self._canvas._doc  # noqa: SLF001 -- as above
        tree = PDFDictionary({"Type": PDFName("StructTreeRoot")})
        reference = document.Reference(tree)
        tree["K"] = self._node(self.root, reference)
        pages = [
            entry
            for page, marks in enumerate(self._marked[:-1])
            for entry in (page, PDFArray([self._references[id(each)] for each in marks]))
        ]
        parents = PDFDictionary({"Nums": PDFArray(pages)})
        tree["ParentTree"] = document.Reference(parents)
        tree["ParentTreeNextKey"] = len(self._marked) - 1
        catalogue = document.Catalog
        catalogue.StructTreeRoot = tree
        catalogue.MarkInfo = PDFDictionary({"Marked": "true"})
        self._canvas.setCatalogEntry("Lang", language)

    def _node(self, element: Element, parent: Any) -> Any:
        document = self._canvas._doc  # noqa: SLF001 -- as above
        node = PDFDictionary({"Type": PDFName("StructElem"), "S": PDFName(element.role)})
        reference = document.Reference(node)
        self._references[id(element)] = reference
        node["P"] = parent
        if element.mark is not None:
            page = document.Pages.pages[element.page]
            node["Pg"], node["K"] = document.Reference(page), element.mark
        else:
            node["K"] = PDFArray([self._node(kid, reference) for kid in element.kids])
        if element.scope:
            attributes = {"O": PDFName("Table"), "Scope": PDFName(element.scope)}
            node["A"] = PDFDictionary(attributes)
        return reference
