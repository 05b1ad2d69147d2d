"""The terms of one class in one search: all that an offer freezes."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from rent_process.pricing import domain
from rent_process.pricing.charges import Promotion, Trip, price_lines
from rent_process.pricing.offer import OfferTerms, SignedExtra, SignedTax
from rent_process.pricing.promotion import Occasion
from rent_process.pricing.repository import ClassOnOffer, Market
from rent_process.pricing.words import TEXTS, Locale, text_in
from shared.contracts.money import Money
from shared.contracts.renter import CoverageOffer, OffersQuery


@dataclass(frozen=True, slots=True)
class Search:
    """A search whose branches and period are allowed."""

    query: OffersQuery
    market: Market
    pickup: domain.Branch
    tariff: domain.Tariff
    locale: Locale
    length: domain.Length
    extras: list[SignedExtra]
    coverages: list[CoverageOffer]
    takes_promo: bool = True

    @classmethod
    def of(
        cls,
        query: OffersQuery,
        market: Market,
        pickup: domain.Branch,
        tariff: domain.Tariff,
        locale: Locale,
    ) -> "Search":
        pickup_local, return_local = pickup.local(query.pickup_at), pickup.local(query.return_at)
        length = domain.measure_length(pickup_local, return_local, tariff.grace)
        extras = _extras(market, pickup.currency, locale)
        coverages = _coverages(market, pickup.currency, locale)
        return cls(query, market, pickup, tariff, locale, length, extras, coverages)

    def without_promo(self) -> "Search":
        return replace(self, takes_promo=False)

    @property
    def first_day(self) -> date:
        return self.pickup.local(self.query.pickup_at).date()

    def has_price(self, each: ClassOnOffer) -> bool:
        return each.plan.covers(self.first_day, self.pickup.local(self.query.return_at).date())

    def minimum_age(self, each: ClassOnOffer) -> int:
        """A class may refuse those who would pay the young driver's fee."""
        if each.young_driver:
            return each.minimum_driver_age
        return max(each.minimum_driver_age, self.tariff.young_driver_age)

    def occasion(self, classes: list[ClassOnOffer], now: datetime) -> Occasion:
        return Occasion(
            branch=self.pickup.code,
            currency=self.pickup.currency,
            pickup_day=self.first_day,
            days=self.length.charged_days,
            classes=tuple(each.code for each in classes),
            now=now,
        )

    def promotion_on(self, each: ClassOnOffer) -> Promotion | None:
        promo = self.market.promo
        if promo is None or not self.takes_promo or not promo.covers(each.code):
            return None
        return promo.promotion

    def money(self, amount: int) -> Money:
        return Money(amount=amount, currency=self.pickup.currency)


def terms_of(search: Search, each: ClassOnOffer) -> OfferTerms:
    query, market, tariff, locale = search.query, search.market, search.tariff, search.locale
    pickup_local = search.pickup.local(query.pickup_at)
    promotion = search.promotion_on(each)
    is_young = query.driver_age < tariff.young_driver_age
    age_from, age_to = _age_band(search, each)
    trip = Trip(search.length, search.first_day, is_young, market.one_way_fee_minor or 0)
    currency = search.pickup.currency
    day_rate = search.money(each.plan.rate_on(search.first_day).day)
    taxes = tariff.tax_basis_points
    return OfferTerms(
        pickup_branch=query.pickup_branch,
        return_branch=query.return_branch,
        class_code=each.code,
        pickup_at=query.pickup_at,
        return_at=query.return_at,
        timezone=search.pickup.timezone,
        from_hour=market.from_hour,
        to_hour=market.to_hour,
        age_from=age_from,
        age_to=age_to,
        charged_days=search.length.charged_days,
        currency=currency,
        lines=price_lines(trip, each.plan, tariff, promotion, currency=currency, locale=locale),
        extras=search.extras,
        coverages=search.coverages,
        tax=SignedTax(basis_points=taxes, description=TEXTS[locale]["tax"]) if taxes else None,
        promo_code=None if promotion is None else promotion.code,
        deposit=search.money(each.deposit_minor),
        cancellation_policy=domain.cancellation_policy(pickup_local, tariff, day_rate, locale),
    )


def _age_band(search: Search, each: ClassOnOffer) -> tuple[int, int]:
    band = domain.age_band(
        search.query.driver_age, search.minimum_age(each), search.tariff.young_driver_age
    )
    if band is None:
        raise ValueError(f"{each.code} is not for that age; ask for its minimum first")
    return band


def _extras(market: Market, currency: str, locale: Locale) -> list[SignedExtra]:
    def money(amount: int) -> Money:
        return Money(amount=amount, currency=currency)

    return [
        SignedExtra(
            code=row["extra_code"],
            name=text_in(row["name"], locale),
            unit_amount=money(row["unit_minor"]),
            per=row["per"],
            maximum_quantity=row["maximum_quantity"],
            maximum_amount=None if row["cap_minor"] is None else money(row["cap_minor"]),
            purpose=row["purpose"],
        )
        for row in market.extras
    ]


def _coverages(market: Market, currency: str, locale: Locale) -> list[CoverageOffer]:
    return [
        CoverageOffer(
            code=row["coverage_code"],
            name=text_in(row["name"], locale),
            unit_amount=Money(amount=row["day_minor"], currency=currency),
            per="day",
            excess=Money(amount=row["excess_minor"], currency=currency),
        )
        for row in market.coverages
    ]
