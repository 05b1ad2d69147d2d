"""What renters do: search, book, pay, think again. Each step knows what must come of it."""

import json
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from payment_process import service as paying
from payment_process.domain import IntentStatus
from rent_process.booking import service as booking
from rent_process.changes import service as changes
from rent_process.pricing import service as pricing
from rent_process.settlement import service as settlement
from shared.contracts.caller import GUEST, Caller
from shared.contracts.changes import ModificationRequest
from shared.contracts.renter import OffersQuery, PaymentChoice, RentalRequest
from tests.integration.whole_life.fleet import Place
from tests.integration.whole_life.post import LATER
from tests.integration.whole_life.rental import Rental
from tests.integration.whole_life.tariff import NO_SHOW_AFTER, Policy, Terms
from tests.integration.whole_life.world import World
from tests.plugins.market import SAO_PAULO, Renter

AGE = 35
HOLD = timedelta(minutes=15)
NOTICE = timedelta(hours=3)  # more than any branch asks for
CARDS = ["pm_good", "pm_good", "pm_3ds", "pm_declined", "pm_needs_holder", None]


def choice(card: str | None) -> dict[str, Any]:
    return {"method": "counter"} if card is None else {"method": "card", "payment_method_id": card}


def period(world: World, day: int, days: int) -> tuple[datetime, datetime]:
    """The next mornings at ten, and so many days from there."""
    first = world.now.astimezone(SAO_PAULO).replace(hour=10, minute=0, second=0, microsecond=0)
    if first < world.now + NOTICE:
        first += timedelta(days=1)
    return first + timedelta(days=day), first + timedelta(days=day + days)


def offer(world: World, place: Place, destination: str, day: int, days: int) -> str | None:
    """A signed offer; None: sold out, which it must be if, and only if, no car is left."""
    pickup_at, return_at = period(world, day, days)
    query = OffersQuery(
        pickup_branch=place[0],
        return_branch=destination,
        pickup_at=pickup_at,
        return_at=return_at,
        driver_age=AGE,
    )
    found = world.run(pricing.search_offers(query, "en", world.now))
    shown = next(each for each in found.offers if each.car_class == place[1])
    terms = Terms(place[1], pickup_at, return_at, destination != place[0], waiver=False)
    _, first, end = _rental(place, destination, terms, None).slice or (place, 0, 0)
    assert shown.available == max(world.least(place, first, end), 0)
    assert shown.price.total.amount == terms.price_minor
    return shown.offer


def book(
    world: World, place: Place, day: int, days: int, card: str | None, *,
    one_way: bool = False, waiver: bool = False,
) -> Rental | None:  # fmt: skip
    destination = "GIG" if one_way and place[0] == "GRU" else place[0]
    token = offer(world, place, destination, day, days)
    if token is None:
        world.seen["sold out"] += 1
        return None
    coverages = ["CDW"] if waiver else []
    body = Renter(None).request(token, payment=choice(card), coverages=coverages)  # type: ignore[arg-type] # no client
    body["driver"]["birth_date"] = "1990-05-17"
    request = RentalRequest.model_validate_json(json.dumps(body))
    accepted = world.run(booking.book(request, str(uuid4()), Caller(), world.now))
    terms = Terms(place[1], *period(world, day, days), destination != place[0], waiver)
    assert accepted.total.amount == terms.price_minor
    rental = _rental(place, destination, terms, card)
    rental.rental_id, rental.reference = accepted.rental_id, accepted.reference
    rental.expires_at = min(world.now + HOLD, terms.pickup_at)
    if card is None:
        rental.purse.due = rental.total
    world.rentals[rental.reference] = rental
    world.seen["booked"] += 1
    return rental


def _rental(place: Place, destination: str, terms: Terms, card: str | None) -> Rental:
    return Rental(
        rental_id=uuid4(),
        reference="",
        place=place,
        destination=destination,
        terms=terms,
        policy=Policy.of(terms),
        card=card,
        status="CONFIRMED" if card is None else "PENDING",
        total=terms.price_minor,
        expires_at=terms.pickup_at,
    )


def pay(world: World, rental: Rental, card: str) -> None:
    """Another try while the hold lasts; after it, what is due."""
    payment = PaymentChoice.model_validate(choice(card))
    step = settlement.retry_payment(rental.reference, payment, str(uuid4()), [], GUEST, world.now)
    retried = world.attempt("paid again", step, {"not_payable", "payment_in_progress"})
    if retried is None:
        return
    if rental.status == "PENDING":
        assert rental.expires_at > world.now
        rental.card = card
    else:
        assert rental.purse.due > rental.purse.kept


def act(world: World, which: int, *, succeeds: bool, tells: bool) -> None:
    """The bank's page is answered: a yes may come hours after the hold has ended."""
    waiting = [
        each for each in world.vendor.intents.values()
        if each.status is IntentStatus.REQUIRES_ACTION
    ]  # fmt: skip
    if not waiting:
        return
    intent = waiting[which % len(waiting)]
    world.vendor.complete_action(intent.intent_id, succeeds=succeeds)
    if tells:
        hear_of(world, intent.intent_id)


def hear_of(world: World, intent_id: str) -> None:
    """The vendor's webhook arrives: perhaps again, perhaps long after."""
    with suppress(*LATER):
        world.run(paying.receive_event(str(uuid4()), "payment_intent.any", intent_id, world.vendor))


def cancel(world: World, rental: Rental) -> None:
    purse = rental.purse
    step = changes.cancel(rental.reference, None, "guest", world.now)
    before = rental.status
    answer = world.attempt("cancelled", step, {"illegal_transition"})
    in_time = world.now < rental.terms.pickup_at + NO_SHOW_AFTER  # then it is a no-show
    allowed = before in {"PENDING", "CANCELLED"} or (before == "CONFIRMED" and in_time)
    assert (answer is not None) == allowed
    if answer is None or before == "CANCELLED":
        return
    fee = 0
    if before == "CONFIRMED":
        fee = min(rental.policy.fee_minor(rental.total, world.now), purse.kept)
    rental.status = "CANCELLED"
    assert (answer.fee.amount, answer.refund.amount) == (fee, purse.owe(fee))


def modify(
    world: World, rental: Rental, place: Place, day: int, days: int, *, one_way: bool, by_card: bool
) -> None:
    destination = "GIG" if one_way and place[0] == "GRU" else place[0]
    token = offer(world, place, destination, day, days)
    if token is None:
        return
    payment = choice("pm_good") if by_card and rental.card is not None else choice(None)
    request = ModificationRequest.model_validate({"offer": token, "payment": payment})
    step = changes.modify(rental.reference, request, str(uuid4()), GUEST, world.now)
    answered = world.attempt("modified", step, {"illegal_transition", "payment_in_progress"})
    if answered is None:
        return
    assert rental.status == "CONFIRMED"
    assert world.now < rental.terms.pickup_at
    old, purse = rental, rental.purse
    terms = Terms(place[1], *period(world, day, days), destination != place[0], old.terms.waiver)
    if world.now <= old.policy.free_until:  # who moves a rental does not win back what was lost
        rental.policy = Policy.of(terms)
    rental.place, rental.destination, rental.terms = place, destination, terms
    rental.total = terms.price_minor
    answer, _ = answered
    assert answer.price.total.amount == rental.total
    assert answer.to_pay.amount == max(rental.total - purse.kept, 0)
    assert answer.refund.amount == purse.owe(rental.total)
