"""The HTTP models of what a renter and a branch write each other about a rental."""

from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from shared.contracts import operator
from shared.contracts.bases import BranchCode, Request, Response
from shared.contracts.renter import RentalStatus
from shared.contracts.reviews import Prose


class NewMessage(Request):
    text: Prose


class RentalMessage(Response):
    id: UUID = Field(validation_alias="message_id")
    author: Literal["renter", "branch"]
    text: str | None = Field(default=None, description="Absent: erased on the renter's request")
    sent_at: AwareDatetime


class Thread(Response):
    """Oldest first."""

    messages: list[RentalMessage]


class WaitingQuery(operator.PageQuery):
    branch: BranchCode | None = Field(default=None, description="Of the pick-up or the return")


class WaitingThread(Response):
    """A rental whose renter waits for an answer; ``text`` is the newest message."""

    reference: str
    status: RentalStatus
    pickup_branch: BranchCode
    return_branch: BranchCode
    given_name: str
    family_name: str
    waiting: int = Field(description="Messages that wait")
    waiting_since: AwareDatetime
    text: str | None = None


class WaitingPage(operator.Page):
    """The longest waiting first."""

    threads: list[WaitingThread]


class ThreadSettled(Response):
    """How many messages needed no answer."""

    reference: str
    settled: int
