"""What a rental could be changed to, and what stands against the new price."""

from datetime import datetime

from rent_process.changes import domain, repository
from rent_process.changes.service import found
from rent_process.ledger import repository as ledger
from rent_process.pricing import service as pricing
from rent_process.pricing.words import Locale
from shared.contracts.changes import ModificationOffers, ModificationQuery
from shared.contracts.money import Money
from shared.contracts.renter import OffersQuery
from shared.database import connect
from shared.errors import FieldError, Rejected

# The query's place for an age; the driver's own takes it when the branch's day is known.
ANY_AGE = 120


async def search_change(
    reference: str, query: ModificationQuery, locale: Locale, now: datetime
) -> ModificationOffers:
    """Search as the rental's own driver, with its car and promo code in hand.

    Whether the caller may is checked before.

    Raises:
        Rejected: ``not_found``; ``illegal_transition`` and ``payment_in_progress`` when no offer
            could be taken now; what a search refuses; ``offer_mismatch`` for a branch of another
            currency.
    """
    async with connect("rent") as connection:
        rental = found(await repository.read_rental(connection, reference))
        account = await ledger.read_account(connection, rental.rental_id)
        domain.check_modifiable(rental, account, now)
        if rental.birth_date is None:
            raise Rejected("not_found", "there is no such rental")
        moving = await repository.read_moving(connection, rental, rental.birth_date)
    asked = OffersQuery(
        **query.model_dump(exclude={"promo_code"}),
        driver_age=ANY_AGE,
        promo_code=query.promo_code or moving.promo_code,
    )
    offers = await pricing.search_offers(asked, locale, now, moving)
    if any(each.price.total.currency != rental.currency for each in offers.offers):
        detail = f"the rental is priced in {rental.currency}"
        raise Rejected("offer_mismatch", detail, (FieldError("/pickup_branch", detail),))
    return ModificationOffers(
        offers=[
            each.model_copy(
                update={
                    "cancellation_policy": domain.policy_after(
                        rental.policy, each.cancellation_policy, now
                    )
                }
            )
            for each in offers.offers
        ],
        promo=offers.promo,
        alternatives=offers.alternatives,
        kept=Money(amount=account.kept_minor, currency=rental.currency),
        extras=rental.extras,
        coverages=rental.coverages,
    )
