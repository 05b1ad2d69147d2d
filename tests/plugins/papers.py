"""A rental's papers: made as the queue's function makes them, read back as their readers do."""

from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import httpx
import pypdf

from rent_process.documents import service
from tests.plugins.market import Renter
from tests.plugins.saga import call, messages


async def make_papers(url: str) -> int:
    """Handle what the rentals have asked for; returns how many files were made."""
    asked = {each["rental_id"] for each in messages(url, "documents_requested.v1")}
    return sum([await service.make_documents(each, datetime.now(UTC)) for each in sorted(asked)])


async def read_paper(
    renter: Renter, accepted: dict[str, Any], name: str, **arguments: Any
) -> httpx.Response:
    return await call(renter, "GET", accepted, f"documents/{name}", **arguments)


def text_of(content: bytes) -> str:
    pages = pypdf.PdfReader(BytesIO(content)).pages
    return "\n".join(page.extract_text() for page in pages)
