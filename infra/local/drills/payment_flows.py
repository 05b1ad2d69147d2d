"""Every way a prepayment can go, as the renter, the bank and the clock bring it about."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from infra.local.drills.counter import Counter
from infra.local.drills.renting import BAD, BANK, GOOD, PIX, Booked, card

FAVOUR_MINOR = 5_000


async def pay_by_card(rental: Booked) -> None:
    await rental.book(card(GOOD))


async def pay_by_second_card(rental: Booked) -> None:
    await rental.book(card(BAD))
    await rental.until_declined()
    await rental.pay_again(card(GOOD))


async def never_pay(rental: Booked) -> None:
    await rental.book(card(BAD))


async def pass_the_bank(rental: Booked) -> None:
    await rental.book(card(BANK))
    await rental.until_asked()
    await rental.at_vendor("complete")


async def fail_the_bank(rental: Booked) -> None:
    """And pay with Pix instead."""
    await rental.book(card(BANK))
    await rental.until_asked()
    await rental.at_vendor("fail")
    await rental.until_declined()
    await rental.pay_again(PIX)
    await rental.until_asked(attempt=2)
    await rental.at_vendor("pay")


async def leave_the_bank(rental: Booked) -> None:
    await rental.book(card(BANK))


async def pay_by_pix(rental: Booked) -> None:
    await rental.book(PIX)
    await rental.until_asked()
    await rental.at_vendor("pay")


async def let_pix_expire(rental: Booked) -> None:
    await rental.book(PIX)


async def lose_the_answer(rental: Booked) -> None:
    """The vendor charges, and its answer is lost on the way."""
    fault = {
        "match": {"method": "POST", "path": "/v1/payment_intents/*/confirm"},
        "kind": "drop_answer",
    }
    await rental.town.act("faults", fault)
    await rental.book(card(GOOD))


async def pay_late_and_get_the_car(rental: Booked) -> None:
    await rental.book(card(BANK))
    await rental.until_asked()
    await rental.until_decided()
    await rental.at_vendor("complete")
    await rental.until(
        lambda seen: seen.rental_status != "EXPIRED" or seen.payment_status == "VOIDED"
    )


async def pay_late_for_a_car_that_is_gone(rental: Booked) -> None:
    trip = rental.town.scarce_trip()
    await rental.book(card(BANK), trip)
    await rental.until_asked()
    await rental.until_decided()
    rival = Booked(rental.town, f"{rental.key}-rival")
    await rival.book(card(GOOD), trip)
    await rental.at_vendor("complete")


async def cancel_a_paid_rental(rental: Booked) -> None:
    await rental.book(card(GOOD))
    await rental.until_decided()
    await rental.cancel()


async def cancel_too_late(rental: Booked) -> None:
    """The policy keeps a fee; the rest goes back."""
    await rental.book(card(GOOD), rental.town.trip_soon())
    await rental.until_decided()
    await rental.cancel()


async def cancel_and_pay_after_that(rental: Booked) -> None:
    """In another tab, where the bank's page was still open."""
    await rental.book(card(BANK))
    await rental.until_asked()
    await rental.cancel()
    await rental.at_vendor("complete")


async def be_given_a_part_back(rental: Booked) -> None:
    await rental.book(card(GOOD))
    await rental.until_confirmed()
    await Counter(rental).give_goodwill(FAVOUR_MINOR)
    await rental.until_quiet()


async def pay_cash_and_cancel(rental: Booked) -> None:
    """No vendor is asked: what came over the counter goes back over it."""
    await rental.book({"method": "counter"})
    counter = Counter(rental)
    await counter.take_cash(rental.purse.price)
    await rental.cancel()
    await counter.hand_back(rental.purse.price)


Drive = Callable[[Booked], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Flow:
    """``end``: how the rental ends if nothing takes longer than its hold."""

    drive: Drive
    end: str


PREPAID: dict[str, Flow] = {
    "card": Flow(pay_by_card, "CONFIRMED"),
    "declined, second card": Flow(pay_by_second_card, "CONFIRMED"),
    "declined, hold expires": Flow(never_pay, "EXPIRED"),
    "3-D Secure passed": Flow(pass_the_bank, "CONFIRMED"),
    "3-D Secure failed, then Pix": Flow(fail_the_bank, "CONFIRMED"),
    "3-D Secure left, hold expires": Flow(leave_the_bank, "EXPIRED"),
    "Pix paid": Flow(pay_by_pix, "CONFIRMED"),
    "Pix expires": Flow(let_pix_expire, "EXPIRED"),
    "card, answer lost": Flow(lose_the_answer, "CONFIRMED"),
    "paid late, re-held": Flow(pay_late_and_get_the_car, "CONFIRMED"),
    "paid late, refunded": Flow(pay_late_for_a_car_that_is_gone, "EXPIRED"),
    "paid, cancelled": Flow(cancel_a_paid_rental, "CANCELLED"),
    "paid, cancelled late: a fee": Flow(cancel_too_late, "CANCELLED"),
    "cancelled, then paid late": Flow(cancel_and_pay_after_that, "CANCELLED"),
    "paid, a part given as goodwill": Flow(be_given_a_part_back, "CONFIRMED"),
    "cash, cancelled, handed back": Flow(pay_cash_and_cancel, "CANCELLED"),
}
