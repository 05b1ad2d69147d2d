"""What an operator does about a rental's money, and what the network does to all of it."""

from uuid import uuid4

from rent_process.charging import operating
from rent_process.counter import service as counter
from shared.contracts.charging import ChargesRequest, DepositRequest
from shared.contracts.operator import CounterPayment, Goodwill
from tests.integration.whole_life.rental import Rental
from tests.integration.whole_life.world import OPERATOR, World

CHARGED = {"CHECKED_OUT", "COMPLETED"}


def amount(minor: int) -> dict[str, object]:
    return {"amount": minor, "currency": "BRL"}


def take_cash(world: World, rental: Rental, part: int = 1) -> None:
    """All that is missing, or a part of it; what the card is being asked for is not missing."""
    purse = rental.purse
    minor = max(purse.due - purse.kept, 0) // part
    if not minor:
        return
    request = CounterPayment.model_validate({"method": "cash", "amount": amount(minor)})
    step = counter.take_payment(rental.reference, request, str(uuid4()), OPERATOR)
    if world.attempt("cash taken", step, {"not_payable", "amount_exceeds_due"}):
        assert rental.status in CHARGED | {"CONFIRMED"}
        purse.counter += minor


def hand_back(world: World, rental: Rental) -> None:
    """What came over the counter goes back over it, no cent more."""
    purse = rental.purse
    owed = max(min(purse.kept - purse.due, purse.counter), 0)
    more = CounterPayment.model_validate({"method": "cash", "amount": amount(owed + 1)})
    step = counter.hand_back(rental.reference, more, str(uuid4()), OPERATOR)
    assert world.attempt("too much handed back", step, {"amount_exceeds_paid"}) is None
    if owed:
        request = CounterPayment.model_validate({"method": "cash", "amount": amount(owed)})
        step = counter.hand_back(rental.reference, request, str(uuid4()), OPERATOR)
        assert world.attempt("cash handed back", step, set())
        purse.counter -= owed


def give_goodwill(world: World, rental: Rental, minor: int) -> None:
    request = Goodwill.model_validate({"amount": amount(minor), "reason": "a broken radio"})
    step = counter.give_goodwill(rental.reference, request, str(uuid4()), OPERATOR)
    given = world.attempt("goodwill", step, {"amount_exceeds_paid"})
    assert (given is not None) == (minor <= rental.purse.online)
    if given:
        rental.purse.online -= minor
        rental.purse.goodwill += minor


def fine(world: World, rental: Rental, minor: int) -> None:
    line = {"purpose": "Fine", "description": "parking", "unit_amount": amount(minor)}
    request = ChargesRequest.model_validate({"lines": [line]})
    step = operating.charge(rental.reference, request, str(uuid4()), OPERATOR, world.now)
    added = world.attempt("fined", step, {"illegal_transition"})
    assert (added is not None) == (rental.status in CHARGED)
    if added:
        rental.purse.due += minor


def settle_deposit(world: World, rental: Rental, minor: int) -> None:
    """Some of it or nothing; what has come of it is seen at the bank."""
    request = DepositRequest.model_validate({"captured": amount(minor), "reason": "as agreed"})
    step = operating.settle(rental.reference, request, OPERATOR)
    refusals = {"not_payable", "amount_exceeds_deposit", "amount_exceeds_due"}
    if world.attempt("deposit settled", step, refusals) and minor:
        assert minor <= max(rental.purse.due - rental.purse.kept, 0)
