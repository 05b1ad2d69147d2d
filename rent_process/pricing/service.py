"""Search: from two branches and two times to signed, itemised offers."""

from datetime import datetime, timedelta

from rent_process.pricing import domain, repository
from rent_process.pricing.offer import OfferTerms, SignedExtra, sign
from shared.contracts.money import Money
from shared.contracts.renter import CoverageOffer, ExtraOffer, Offer, Offers, OffersQuery
from shared.database import connect
from shared.errors import FieldError, Rejected
from shared.secrets import get_keys
from shared.settings import get_settings


async def search_offers(query: OffersQuery, locale: domain.Locale, now: datetime) -> Offers:
    """Offer every class of the pick-up branch that the driver may rent.

    Raises:
        Rejected: the period, the pair of branches or the driver's age is refused.
        Unavailable: the database or the key vault is down.
    """
    domain.check_order(query.pickup_at, query.return_at)
    async with connect("rent") as connection:
        market = await repository.read_market(connection, query, now)
    pickup, return_branch = _check_branches(market, query)
    domain.check_period(pickup, return_branch, query.pickup_at, query.return_at, now)
    tariff = market.tariff
    if tariff is None:
        return Offers(offers=[])
    expires_at = now + timedelta(seconds=get_settings().offer_lifetime_seconds)
    key, *_ = await get_keys("offer-signing-key")
    offers = []
    for each in market.classes:
        band = domain.age_band(query.driver_age, each.minimum_driver_age, tariff.young_driver_age)
        if band is None:
            continue
        terms = _terms(
            query, market, pickup=pickup, tariff=tariff, each=each, band=band, locale=locale
        )
        offers.append(
            Offer(
                offer=sign(terms, key, expires_at) if each.available > 0 else None,
                car_class=each.code,
                available=each.available,
                charged_days=terms.charged_days,
                price=domain.total_of(terms.lines, terms.currency),
                extras=[ExtraOffer(**x.model_dump(exclude={"purpose"})) for x in terms.extras],
                coverages=terms.coverages,
                deposit=terms.deposit,
                cancellation_policy=terms.cancellation_policy,
                expires_at=expires_at,
            )
        )
    if market.classes and not offers:
        youngest = min(each.minimum_driver_age for each in market.classes)
        detail = f"the driver must be at least {youngest} years old"
        raise Rejected("driver_too_young", detail, (FieldError("/driver_age", detail),))
    return Offers(offers=offers)


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


def _terms(
    query: OffersQuery,
    market: repository.Market,
    *,
    pickup: domain.Branch,
    tariff: domain.Tariff,
    each: repository.ClassOnOffer,
    band: tuple[int, int],
    locale: domain.Locale,
) -> OfferTerms:
    currency = pickup.currency
    pickup_local = pickup.local(query.pickup_at)
    length = domain.measure_length(pickup_local, pickup.local(query.return_at), tariff.grace)
    day_rate = Money(amount=each.rate.day, currency=currency)
    return OfferTerms(
        pickup_branch=query.pickup_branch,
        return_branch=query.return_branch,
        class_code=each.code,
        pickup_at=query.pickup_at,
        return_at=query.return_at,
        timezone=pickup.timezone,
        from_hour=market.from_hour,
        to_hour=market.to_hour,
        age_from=band[0],
        age_to=band[1],
        charged_days=length.charged_days,
        currency=currency,
        lines=domain.price_lines(
            length,
            each.rate,
            tariff,
            young_driver=query.driver_age < tariff.young_driver_age,
            one_way_fee=market.one_way_fee_minor or 0,
            currency=currency,
            locale=locale,
        ),
        extras=[
            SignedExtra(
                code=row["extra_code"],
                name=domain.text_in(row["name"], locale),
                unit_amount=Money(amount=row["unit_minor"], currency=currency),
                per=row["per"],
                maximum_quantity=row["maximum_quantity"],
                purpose=row["purpose"],
            )
            for row in market.extras
        ],
        coverages=[
            CoverageOffer(
                code=row["coverage_code"],
                name=domain.text_in(row["name"], locale),
                unit_amount=Money(amount=row["day_minor"], currency=currency),
                per="day",
                excess=Money(amount=row["excess_minor"], currency=currency),
            )
            for row in market.coverages
        ],
        deposit=Money(amount=each.deposit_minor, currency=currency),
        cancellation_policy=domain.cancellation_policy(pickup_local, tariff, day_rate, locale),
    )
