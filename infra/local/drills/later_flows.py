"""What a rental's money does after the booking: deposits, and payments on top of the price.

The cars leave and come back within seconds; a card whose authorisation holds for a week is asked
again after seconds too (``seams.py``).
"""

from infra.local.drills.counter import Counter
from infra.local.drills.payment_flows import Flow
from infra.local.drills.renting import BAD, BANK, GOOD, PIX, Booked, card

ALONE = "pm_card_authenticationRequired"  # pays only while its holder is there
WEEKLY = "pm_card_diners"  # its network authorises for a week; the others for a month
DENT_MINOR, FINE_MINOR, MORE_MINOR = 19_500, 29_300, 30_000


async def drive_off(rental: Booked, payment: dict[str, str], deposit_card: str = "") -> Counter:
    """Paid and gone, with the bank's word on the deposit."""
    await rental.book(payment, rental.town.trip_soon())
    if payment == PIX:
        await rental.until_asked()
        await rental.at_vendor("pay")
    elif payment == card(ALONE):
        await rental.until_asked()
        await rental.at_vendor("complete")
    await rental.until_confirmed()
    await rental.town.gate.pass_by()
    counter = Counter(rental)
    await counter.check_out(deposit_card)
    await rental.until(lambda seen: seen.is_asked or seen.is_quiet)
    if deposit_card == ALONE:
        await rental.at_vendor("complete")
    seen = await rental.until_quiet()
    asked = deposit_card or payment.get("payment_method_id", "")
    stands = seen.deposit is not None and seen.deposit.charge_status == "HELD"
    refused = asked in {"", BAD} or (asked == ALONE and not deposit_card)
    rental.strayed = stands == refused
    return counter


async def release(rental: Booked) -> None:
    counter = await drive_off(rental, card(GOOD))
    await counter.check_in()
    await rental.until_quiet()


async def charge_the_kept_card(rental: Booked) -> None:
    counter = await drive_off(rental, card(GOOD))
    await counter.check_in(DENT_MINOR)
    await rental.until_quiet()


async def capture_a_part(rental: Booked) -> None:
    """With its holder gone the card refuses: what it refuses is taken of the deposit."""
    counter = await drive_off(rental, card(ALONE), ALONE)
    await counter.check_in(DENT_MINOR)
    await rental.until_quiet()
    await rental.pay_what_is_due(card(GOOD))  # only if the deposit did not stand


async def capture_all_and_pay_the_rest(rental: Booked) -> None:
    counter = await drive_off(rental, card(ALONE), ALONE)
    await counter.check_in(await held_minor(rental) + MORE_MINOR)
    await rental.until_quiet()
    await rental.pay_what_is_due(card(BANK), "complete")


async def leave_owing(rental: Booked) -> None:
    """What neither the card nor the deposit pays stays due, to the cent."""
    counter = await drive_off(rental, card(ALONE), ALONE)
    held = await held_minor(rental)
    await counter.check_in(held + MORE_MINOR)
    rental.purse.leaves = MORE_MINOR
    await rental.until_quiet()


async def let_the_operator_capture(rental: Booked) -> None:
    """Who paid by Pix is not charged by the deposit's card; the rest is paid by Pix too."""
    counter = await drive_off(rental, PIX, GOOD)
    await counter.fine(FINE_MINOR)
    await counter.take_of_deposit(DENT_MINOR)
    await counter.check_in()
    await rental.until_quiet()
    await rental.pay_what_is_due(PIX, "pay")


async def renew_and_capture_all(rental: Booked) -> None:
    """What was renewed is captured wholly; the counter takes the rest in cash."""
    counter = await drive_off(rental, PIX, WEEKLY)
    held = await held_minor(rental)
    await renewed(rental)
    await counter.fine(held + FINE_MINOR)
    if held:
        await counter.take_of_deposit(held)
    await counter.check_in()
    await rental.until_quiet()
    await counter.take_cash(await counter.due())


async def renew_and_release(rental: Booked) -> None:
    counter = await drive_off(rental, card(WEEKLY))
    await renewed(rental)
    await counter.check_in()
    await rental.until_quiet()


async def decline_the_deposit(rental: Booked) -> None:
    counter = await drive_off(rental, PIX, BAD)
    await counter.check_in()
    await rental.until_quiet()


async def lapse(rental: Booked) -> None:
    """The bank lets the deposit go; the kept card still pays."""
    counter = await drive_off(rental, card(GOOD))
    await rental.at_vendor("expire")
    await rental.until(lambda seen: seen.deposit is None or seen.deposit.charge_status != "HELD")
    await counter.check_in(DENT_MINOR)
    await rental.until_quiet()


async def fine_the_kept_card(rental: Booked) -> None:
    counter = await drive_off(rental, card(GOOD))
    await counter.check_in()
    await rental.until_quiet()
    await counter.fine(FINE_MINOR)
    await rental.until_quiet()


async def refuse_the_fine_and_pay(rental: Booked) -> None:
    """Its holder is asked by the bank, which the kept card alone could not answer."""
    counter = await drive_off(rental, card(ALONE))
    await counter.check_in()
    await counter.fine(FINE_MINOR)
    await rental.until_quiet()
    await rental.pay_what_is_due(card(ALONE), "complete")


async def refuse_the_fine_and_pay_cash(rental: Booked) -> None:
    counter = await drive_off(rental, card(ALONE))
    await counter.check_in()
    await counter.fine(FINE_MINOR)
    await rental.until_quiet()
    await counter.take_cash(await counter.due())


async def pay_the_fine_late(rental: Booked) -> None:
    """While it is given up at the vendor the bank's page is still open."""
    counter = await drive_off(rental, PIX)
    await counter.check_in()
    await counter.fine(FINE_MINOR)
    await rental.start_paying(card(BANK))
    await rental.until(lambda seen: seen.is_quiet or seen.later[-1].is_given_up)
    await rental.at_vendor("complete")
    await rental.pay_what_is_due(card(GOOD))


async def be_refunded_the_fine(rental: Booked) -> None:
    """First a part, then the rest."""
    counter = await drive_off(rental, card(GOOD))
    await counter.check_in()
    await rental.until_quiet()
    await counter.fine(FINE_MINOR)
    await rental.until_quiet()
    await counter.give_goodwill(DENT_MINOR, "-part")
    await counter.give_goodwill(FINE_MINOR - DENT_MINOR, "-rest")
    await rental.until_quiet()


async def held_minor(rental: Booked) -> int:
    """What the vendor holds as a deposit, as the vendor itself says."""
    seen = await rental.until_quiet()
    if seen.deposit is None or seen.deposit.charge_status != "HELD":
        return 0
    return await rental.town.capturable(seen.deposit.intent_id or "")


async def renewed(rental: Booked) -> None:
    """Once at least; a deposit that does not stand is not renewed."""
    await rental.until(
        lambda seen: (
            seen.deposit is None
            or seen.deposit.charge_status != "HELD"
            or (seen.deposit.renewal > 0 and seen.deposit.payment_status == "AUTHORIZED")
        )
    )


END = "COMPLETED"
LATER: dict[str, Flow] = {
    "deposit released": Flow(release, END),
    "deposit, damage by kept card": Flow(charge_the_kept_card, END),
    "deposit captured in part": Flow(capture_a_part, END),
    "deposit captured, rest paid": Flow(capture_all_and_pay_the_rest, END),
    "deposit captured, rest owed": Flow(leave_owing, END),
    "deposit captured by operator": Flow(let_the_operator_capture, END),
    "deposit renewed, captured": Flow(renew_and_capture_all, END),
    "deposit renewed, released": Flow(renew_and_release, END),
    "deposit declined": Flow(decline_the_deposit, END),
    "deposit lapsed, damage by card": Flow(lapse, END),
    "fine by kept card": Flow(fine_the_kept_card, END),
    "fine refused, paid by renter": Flow(refuse_the_fine_and_pay, END),
    "fine refused, paid in cash": Flow(refuse_the_fine_and_pay_cash, END),
    "fine paid late at the bank": Flow(pay_the_fine_late, END),
    "fine paid, then refunded": Flow(be_refunded_the_fine, END),
}
