"""Time goes by, and the timers do what is due: holds, overdue cars, moves, nights, payments."""

from contextlib import suppress
from datetime import timedelta

from payment_process import service as paying
from payment_process.deposits import service as deposits
from payment_process.refunding import service as refunding
from rent_process.fleet import service as fleet
from rent_process.overtime import service as overtime
from rent_process.settlement import service as settlement
from rent_process.supply.overbooking import align_overbooking
from rent_process.vehicles import service as vehicles
from tests.integration.whole_life.fleet import WINDOW
from tests.integration.whole_life.post import LATER
from tests.integration.whole_life.rental import Rental
from tests.integration.whole_life.world import World

# ``updated_at`` is the database's own clock, so the rows are made older instead.
AGE_PAYMENTS = """
UPDATE payment.payment SET updated_at = updated_at - interval '7 hours',
       version = version + 1, cause = 'test';
UPDATE payment.refund SET updated_at = updated_at - interval '7 hours'
"""
A_WHILE = timedelta(minutes=10)
FORGET = """
DELETE FROM rent.class_calendar
WHERE block > greatest(%(hour)s / 384, (SELECT max(to_hour - 1) / 384 FROM rent.rental))
"""


def pass_time(world: World, minutes: float) -> None:
    world.now = world.later(minutes=minutes)
    if world.hour + WINDOW > world.on_sale_until:
        world.keep_calendar_ahead()


def rent_timer(world: World) -> None:
    world.run(settlement.expire_due(world.now))
    for rental in world.rentals.values():
        if rental.status == "PENDING" and rental.expires_at <= world.now:
            rental.status = "EXPIRED"
            world.seen["expired"] += 1
    world.seen["overdue"] += world.run(overtime.take_overdue(world.now))
    for rental in world.rentals.values():
        if rental.status == "CHECKED_OUT" and rental.terms.return_at < world.now:
            _is_late(world, rental)
    world.run(vehicles.settle_moves(world.now))
    for plate, car in world.fleet.cars.items():
        if car.move is not None and car.move.arrives_at <= world.now and not world.is_out(plate):
            car.move = None
            world.seen["arrived"] += 1
    assert world.run(align_overbooking(world.now)) == 0


def _is_late(world: World, rental: Rental) -> None:
    """It takes the next hours; what was planned for its car in these waits for it."""
    before = rental.ends
    rental.overdue_at = world.now
    if rental.ends > before:
        waited = world.car_out(rental).wait(rental.left_at, rental.ends)
        world.seen["plan waited"] += waited


def payment_timer(world: World) -> None:
    """Six hours' rest is long enough for everything that the timer leaves alone for a while."""
    for statement in AGE_PAYMENTS.split(";"):
        world.ask(statement)
    with suppress(*LATER):
        world.run(paying.resolve_unsettled(world.vendor, world.clock))
    with suppress(*LATER):
        world.run(deposits.resolve(world.vendor, world.clock))
    with suppress(*LATER):
        world.run(refunding.resolve_unsettled(world.vendor))


def night(world: World) -> None:
    """The far end of the calendar is lost, and made anew from what is planned; then the check."""
    world.ask(FORGET, hour=world.hour)
    world.keep_calendar_ahead()
    assert world.run(fleet.check_drift(world.now)) == 0
    world.seen["night"] += 1


def await_next(world: World) -> None:
    """To the next pick-up or return that was agreed, a little after it."""
    ahead = [
        at
        for each in world.rentals.values()
        for at in (each.terms.pickup_at, each.terms.return_at)
        if each.status in {"CONFIRMED", "CHECKED_OUT"} and at > world.now
    ]
    if ahead:
        pass_time(world, (min(ahead) + A_WHILE - world.now) / timedelta(minutes=1))
