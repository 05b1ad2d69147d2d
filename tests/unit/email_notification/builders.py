"""Rentals and requests as the tests of e-mails need them."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from email_notification.domain import Rental
from shared.contracts.messages import EmailRequestedV1, EmailTemplate
from shared.contracts.money import Money

RENTAL_ID = UUID("0198c0de-0000-7000-8000-000000000001")


def brl(amount: int) -> dict[str, Any]:
    return {"amount": amount, "currency": "BRL"}


def row(**changes: Any) -> dict[str, Any]:
    """One row of rent.email_view: a week from Congonhas, in the language of the renter."""
    values: dict[str, Any] = {
        "reference": "7K3MZQ2A",
        "status": "CONFIRMED",
        "locale": "pt-BR",
        "recipient_name": "Ana",
        "recipient_email": "ana@example.com",
        "class_name": "Econômico",
        "example_model": "Fiat Mobi",
        "pickup_branch_name": "São Paulo Congonhas",
        "pickup_address": "Av. Washington Luís, s/n",
        "pickup_at": datetime(2027, 3, 1, 13, 0, tzinfo=UTC),
        "pickup_timezone": "America/Sao_Paulo",
        "return_branch_name": "Manaus Eduardo Gomes",
        "return_address": None,
        "return_at": datetime(2027, 3, 8, 13, 0, tzinfo=UTC),
        "return_timezone": "America/Manaus",
        "price": {
            "lines": [
                {
                    "purpose": "BaseRate",
                    "description": "Diária",
                    "quantity": 7,
                    "unit_amount": brl(12_990),
                    "amount": brl(90_930),
                },
                {
                    "purpose": "Drop",
                    "description": "Taxa de retorno",
                    "quantity": 1,
                    "unit_amount": brl(32_520),
                    "amount": brl(32_520),
                },
            ],
            "total": brl(123_450),
        },
        "deposit_minor": 70_000,
        "currency": "BRL",
        "cancellation_policy": {
            "free_until": "2027-02-28T10:00:00-03:00",
            "fee_percent": 25,
            "fee_cap": brl(12_990),
            "description": "Depois, 25% do total, no máximo uma diária.",
        },
        "expires_at": None,
        "manage_path": "/rentals/7K3MZQ2A",
    }
    return values | changes


def rental(**changes: Any) -> Rental:
    return Rental.from_row(row(**changes))


def request(template: EmailTemplate = EmailTemplate.RENTAL_CONFIRMED, **changes: Any) -> Any:
    return EmailRequestedV1(rental_id=RENTAL_ID, template=template, **changes)


def money(amount: int, currency: str = "BRL") -> Money:
    return Money(amount=amount, currency=currency)
