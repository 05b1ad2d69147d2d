"""Search: from two branches and two times to signed, itemised offers."""

from datetime import datetime, timedelta

from rent_process.pricing import alternatives, domain, promotion, repository
from rent_process.pricing.charges import total_of
from rent_process.pricing.comparison import price_elsewhere
from rent_process.pricing.offer import sign
from rent_process.pricing.terms import Search, terms_of
from rent_process.pricing.words import Locale
from shared.contracts.renter import Alternative, ExtraOffer, Offer, Offers, OffersQuery
from shared.database import connect
from shared.errors import FieldError, Rejected
from shared.secrets import get_keys
from shared.settings import get_settings


async def search_offers(
    query: OffersQuery, locale: Locale, now: datetime, moving: repository.Moving | None = None
) -> Offers:
    """Offer every class of the pick-up branch that the driver may rent.

    ``moving``: the rental that would take the offer instead of what it has; its driver's birth
    date says the age.

    Raises:
        Rejected: the period, the pair of branches or the driver's age is refused.
        Unavailable: the database or the key vault is down.
    """
    domain.check_order(query.pickup_at, query.return_at)
    async with connect("rent") as connection:
        market = await repository.read_market(connection, query, now)
        if moving is not None:
            market = await repository.without(connection, market, moving)
    pickup, return_branch = _check_branches(market, query)
    if moving is not None:
        age = domain.age_on(moving.birth_date, pickup.local(query.pickup_at).date())
        query = query.model_copy(update={"driver_age": age})
    domain.check_period(pickup, return_branch, query.pickup_at, query.return_at, now)
    if market.tariff is None:
        return Offers(offers=[])
    search = Search.of(query, market, pickup, market.tariff, locale)
    suitable = _suitable(search)
    refusal = promotion.refusal_of(market.promo, search.occasion(suitable, now))
    if refusal is not None:
        search = search.without_promo()
    key, *_ = await get_keys("offer-signing-key")
    expires_at = now + timedelta(seconds=get_settings().offer_lifetime_seconds)
    # The same for every class: made once.
    extras = [ExtraOffer(**each.model_dump(exclude={"purpose"})) for each in search.extras]
    asked = query.promo_code
    return Offers(
        offers=[_offer(search, each, extras, key, expires_at) for each in suitable],
        promo=None if asked is None else promotion.answer(asked, market.promo, refusal),
        alternatives=_alternatives(search, return_branch, suitable, now),
    )


def _check_branches(
    market: repository.Market, query: OffersQuery
) -> tuple[domain.Branch, domain.Branch]:
    unknown = [
        FieldError(pointer, "is not one of our branches")
        for pointer, branch in (
            ("/pickup_branch", market.pickup),
            ("/return_branch", market.return_branch),
        )
        if branch is None
    ]
    if market.pickup is None or market.return_branch is None:
        raise Rejected("validation_failed", "the branch is unknown", tuple(unknown))
    if query.pickup_branch != query.return_branch and market.one_way_fee_minor is None:
        detail = f"cars from {market.pickup.name} cannot be returned at {market.return_branch.name}"
        raise Rejected("one_way_not_offered", detail, (FieldError("/return_branch", detail),))
    return market.pickup, market.return_branch


def _suitable(search: Search) -> list[repository.ClassOnOffer]:
    """The classes that have a price on every day and that the driver's age may rent.

    Raises:
        Rejected: ``driver_too_young`` when there are classes, but none for that age.
    """
    priced = [each for each in search.market.classes if search.has_price(each)]
    ages = {each.code: search.minimum_age(each) for each in priced}
    if priced and search.query.driver_age < min(ages.values()):
        detail = f"the driver must be at least {min(ages.values())} years old"
        raise Rejected("driver_too_young", detail, (FieldError("/driver_age", detail),))
    return [each for each in priced if search.query.driver_age >= ages[each.code]]


def _offer(
    search: Search,
    each: repository.ClassOnOffer,
    extras: list[ExtraOffer],
    key: str,
    expires_at: datetime,
) -> Offer:
    terms = terms_of(search, each)
    return Offer(
        offer=sign(terms, key, expires_at) if each.available > 0 else None,
        car_class=each.code,
        available=each.available,
        charged_days=terms.charged_days,
        price=total_of(terms.lines, terms.currency),
        extras=extras,
        coverages=terms.coverages,
        tax_basis_points=0 if terms.tax is None else terms.tax.basis_points,
        deposit=terms.deposit,
        cancellation_policy=terms.cancellation_policy,
        expires_at=expires_at,
    )


def _alternatives(
    search: Search,
    return_branch: domain.Branch,
    suitable: list[repository.ClassOnOffer],
    now: datetime,
) -> list[Alternative]:
    known = (search.pickup, return_branch, *(each.branch for each in search.market.nearby))
    place = alternatives.Place(
        search.query,
        {branch.code: branch for branch in known},
        lambda code, where: price_elsewhere(search, code, where, now),
        now,
    )
    classes = {each.code: each.available for each in suitable}
    return alternatives.find(place, classes, search.market.elsewhere)
