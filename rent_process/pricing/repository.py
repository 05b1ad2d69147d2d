"""Reads what a search needs."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from rent_process.pricing.alternatives import NEARBY_KM, NEARBY_LIMIT, SHIFTS, Elsewhere
from rent_process.pricing.domain import Branch, Rate, Tariff, Tier
from rent_process.pricing.promotion import PromoCode
from rent_process.pricing.units import Plan, Season
from shared.contracts.renter import OffersQuery
from shared.database import Connection
from shared.sql import fetch_one, load_queries

QUERIES = load_queries(__file__)


@dataclass(frozen=True, slots=True)
class ClassOnOffer:
    """A class at a branch: what it costs and how many are free over the whole period."""

    code: str
    minimum_driver_age: int
    young_driver: bool
    deposit_minor: int
    plan: Plan
    available: int

    @classmethod
    def from_row(cls, row: dict[str, Any], weekend: frozenset[int]) -> "ClassOnOffer":
        seasons = tuple(
            Season(date.fromisoformat(first), date.fromisoformat(last), Rate(*rates))
            for first, last, *rates in row.pop("seasons")
        )
        return cls(plan=Plan(seasons, weekend), **row)


@dataclass(frozen=True, slots=True)
class Nearby:
    """Another branch with its own card, as far as the sold-out classes are on it."""

    branch: Branch
    tariff: Tariff
    classes: list[ClassOnOffer]
    one_way_fee_minor: int | None  # from there to the return branch that was asked for

    @classmethod
    def from_row(cls, row: dict[str, Any]) -> "Nearby":
        weekend = frozenset(row["tariff"]["weekend"])
        classes = [ClassOnOffer.from_row(each, weekend) for each in row["classes"] or ()]
        branch, tariff = _branch(row["branch"]), _tariff(row["tariff"])
        return cls(branch, tariff, classes, row["one_way_fee_minor"])


@dataclass(frozen=True, slots=True)
class Market:
    """Everything that one search looks at. ``from_hour`` and ``to_hour`` are the calendar slice."""

    pickup: Branch | None
    return_branch: Branch | None
    one_way_fee_minor: int | None
    from_hour: int
    to_hour: int
    tariff: Tariff | None
    classes: list[ClassOnOffer]
    extras: list[dict[str, Any]]
    coverages: list[dict[str, Any]]
    promo: PromoCode | None
    elsewhere: list[Elsewhere]
    nearby: list[Nearby]


@dataclass(frozen=True, slots=True)
class Moving:
    """A rental that looks for other terms: what it has is had by nobody else."""

    branch: str
    class_code: str
    from_hour: int  # its calendar slice, [from_hour, to_hour)
    to_hour: int
    birth_date: date  # its driver's
    promo_code: str | None  # of which it counts as one use


async def read_market(connection: Connection, query: OffersQuery, now: datetime) -> Market:
    limits = {"nearby_km": NEARBY_KM, "nearby_limit": NEARBY_LIMIT, "shifts": SHIFTS}
    parameters = query.model_dump() | limits | {"now": now}
    row = await fetch_one(connection, QUERIES["read_market"], parameters)
    weekend = frozenset(row["tariff"]["weekend"] if row["tariff"] else ())
    return Market(
        pickup=_branch(row["pickup"]) if row["pickup"] else None,
        return_branch=_branch(row["return_branch"]) if row["return_branch"] else None,
        one_way_fee_minor=row["one_way"]["fee_minor"] if row["one_way"] else None,
        from_hour=row["from_hour"],
        to_hour=row["to_hour"],
        tariff=_tariff(row["tariff"]) if row["tariff"] else None,
        classes=[ClassOnOffer.from_row(each, weekend) for each in row["classes"]],
        extras=row["extras"],
        coverages=row["coverages"],
        promo=PromoCode.from_row(row["promo"]) if row["promo"] else None,
        elsewhere=[Elsewhere.from_row(each) for each in row["alternatives"] or ()],
        nearby=[Nearby.from_row(each) for each in row["nearby"] or ()],
    )


async def without(connection: Connection, market: Market, moving: Moving) -> Market:
    """The market as it would be without that rental."""
    promo = market.promo
    if promo is not None and promo.promotion.code == moving.promo_code:
        promo = replace(promo, uses=promo.uses - 1)
    if market.pickup is None or market.pickup.code != moving.branch:
        return replace(market, promo=promo)
    parameters = {
        "branch": moving.branch,
        "class_code": moving.class_code,
        "own_from": moving.from_hour,
        "own_to": moving.to_hour,
        "from_hour": market.from_hour,
        "to_hour": market.to_hour,
    }
    row = await fetch_one(connection, QUERIES["read_regained"], parameters)
    classes = [
        replace(each, available=row["available"]) if each.code == moving.class_code else each
        for each in market.classes
    ]
    return replace(market, promo=promo, classes=classes)


def _branch(row: dict[str, Any]) -> Branch:
    return Branch(
        code=row["branch_code"],
        name=row["name"],
        timezone=row["timezone"],
        currency=row["currency"],
        minimum_notice=timedelta(minutes=row["minimum_notice_minutes"]),
        maximum_advance=timedelta(days=row["maximum_advance_days"]),
        maximum_rental=timedelta(days=row["maximum_rental_days"]),
        minimum_rental=timedelta(minutes=row["minimum_rental_minutes"]),
        hours={int(day): (o, c) for day, (o, c) in (row["hours"] or {}).items()},
        holidays=frozenset(date.fromisoformat(day) for day in row["holidays"] or ()),
    )


def _tariff(row: dict[str, Any]) -> Tariff:
    return Tariff(
        young_driver_age=row["young_driver_age"],
        young_driver_day=row["young_driver_day_minor"],
        licence_day=row["licence_day_minor"],
        airport_fee_basis_points=row["airport_fee_basis_points"],
        tax_basis_points=row["tax_basis_points"],
        grace=timedelta(minutes=row["grace_minutes"]),
        free_cancellation_hours=row["free_cancellation_hours"],
        cancellation_fee_percent=row["cancellation_fee_percent"],
        tiers=tuple(Tier(*tier) for tier in row["tiers"] or ()),
    )
