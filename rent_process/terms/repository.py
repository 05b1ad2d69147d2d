"""Reads what a rental was sold under. Never commits."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from rent_process.pricing.domain import Rate, Tier
from rent_process.pricing.units import Plan, Season
from rent_process.terms.domain import TEXTS, PerDay, SoldTerms
from shared.database import Connection
from shared.sql import fetch_one, load_queries

QUERIES = load_queries(__file__)


async def read_terms(connection: Connection, rental_id: UUID) -> SoldTerms:
    row = await fetch_one(connection, QUERIES["read_terms"], {"rental_id": rental_id})
    per_day = [PerDay(**each) for each in row["per_day"]]
    if row["young_driver_day_minor"]:
        names = {locale: texts["young"] for locale, texts in TEXTS.items()}
        per_day.append(PerDay("YoungDriver", names, 1, row["young_driver_day_minor"]))
    return SoldTerms(
        currency=row["currency"],
        locale=row["locale"],
        timezone=row["timezone"],
        plan=_plan(row),
        tiers=tuple(Tier(*each) for each in row["tiers"]),
        grace=timedelta(minutes=row["grace_minutes"]),
        airport_fee_basis_points=row["airport_fee_basis_points"],
        tax_basis_points=row["tax_basis_points"],
        fuel_eighth_minor=row["fuel_eighth_minor"],
        included_km_day=row["included_km_day"],
        extra_km_minor=row["extra_km_minor"],
        no_show=timedelta(hours=row["no_show_hours"]),
        no_show_fee_percent=row["no_show_fee_percent"],
        fuel_is_prepaid=row["fuel_is_prepaid"],
        excess_minor=row["excess_minor"],
        per_day=tuple(per_day),
    )


def _plan(row: dict[str, Any]) -> Plan:
    """The card's seasons, and around them a rate for every day that they do not hold."""
    seasons = [
        Season(date.fromisoformat(first), date.fromisoformat(last), Rate(*rates))
        for first, last, *rates in row["seasons"]
    ]
    always = Season(date.min, date.max, Rate(*row["usual_rate"]))
    return Plan((*seasons, always), frozenset(row["weekend"]))
