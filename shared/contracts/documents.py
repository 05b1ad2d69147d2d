"""The HTTP models of a rental's papers."""

from typing import Annotated

from pydantic import AwareDatetime, Field, StringConstraints

from shared.contracts.bases import Request, Response
from shared.contracts.moments import Moment

FullName = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=3, max_length=160, pattern=r"\S")
]


class SignatureRequest(Request):
    """``document_sha256`` says which bytes were read; without it, those of the one in force."""

    full_name: FullName
    accepted_at: Moment
    document_sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")] | None = None


class Signature(Response):
    """What was recorded: who accepted which bytes, and when by our clock."""

    reference: str
    number: str
    document_sha256: str
    full_name: str
    accepted_at: AwareDatetime
    signed_at: AwareDatetime
