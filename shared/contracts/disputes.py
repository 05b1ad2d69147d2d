"""Disputes over HTTP: what an operator has to answer, and until when."""

from typing import Literal

from pydantic import AwareDatetime, Field

from shared.contracts.bases import Response
from shared.contracts.messages import Purpose
from shared.contracts.money import Money
from shared.contracts.operator import Page, PageQuery

DisputeState = Literal[
    "warning_needs_response",
    "warning_under_review",
    "warning_closed",
    "needs_response",
    "under_review",
    "won",
    "lost",
    "prevented",
]


class DisputesQuery(PageQuery):
    open: bool | None = Field(default=None, description="Only those that are (not) decided")


class Dispute(Response):
    """``status`` and ``reason`` are Stripe's words; evidence is given on Stripe's own pages."""

    id: str = Field(validation_alias="dispute_id", examples=["du_1MtJUT2eZvKYlo2CNaw2HvEv"])
    reference: str
    purpose: Purpose
    payment_intent: str = Field(validation_alias="intent_id")
    status: DisputeState
    reason: str = Field(examples=["fraudulent"])
    amount: Money
    opened_at: AwareDatetime
    evidence_due_at: AwareDatetime | None = None
    updated_at: AwareDatetime


class DisputePage(Page):
    disputes: list[Dispute]
