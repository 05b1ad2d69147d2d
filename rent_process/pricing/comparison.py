"""What a class costs at another time or branch: priced as if it had been searched for there."""

from dataclasses import replace
from datetime import datetime

from rent_process.pricing import promotion
from rent_process.pricing.alternatives import Elsewhere
from rent_process.pricing.charges import total_of
from rent_process.pricing.repository import Market
from rent_process.pricing.terms import Search, terms_of
from shared.contracts.money import Money


def price_elsewhere(search: Search, code: str, where: Elsewhere, now: datetime) -> Money | None:
    """The total without extras; None: no price there, or not for this driver's age."""
    there = _search_there(search, where)
    if there is None:
        return None
    found = (each for each in there.market.classes if each.code == code)
    car_class = next(found, None)
    if (
        car_class is None
        or not there.has_price(car_class)
        or there.query.driver_age < there.minimum_age(car_class)
    ):
        return None
    if promotion.refusal_of(there.market.promo, there.occasion([car_class], now)) is not None:
        there = there.without_promo()
    terms = terms_of(there, car_class)
    return total_of(terms.lines, terms.currency).total


def _search_there(search: Search, where: Elsewhere) -> Search | None:
    market = search.market
    if where.branch != search.query.pickup_branch:
        nearby = {each.branch.code: each for each in market.nearby}.get(where.branch)
        if nearby is None:
            return None
        market = replace(
            market,
            pickup=nearby.branch,
            tariff=nearby.tariff,
            classes=nearby.classes,
            one_way_fee_minor=nearby.one_way_fee_minor,
        )
    is_one_way = where.branch != where.return_branch
    if is_one_way and market.one_way_fee_minor is None:
        return None
    return _moved(search, market, where)


def _moved(search: Search, market: Market, where: Elsewhere) -> Search | None:
    query = search.query.model_copy(
        update={
            "pickup_branch": where.branch,
            "return_branch": where.return_branch,
            "pickup_at": search.query.pickup_at + where.shift,
            "return_at": search.query.return_at + where.shift,
        }
    )
    if market.pickup is None or market.tariff is None:
        return None
    return Search.of(query, market, market.pickup, market.tariff, search.locale)
