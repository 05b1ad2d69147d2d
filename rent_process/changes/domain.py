"""What a change costs and whether it is allowed. No I/O; the clock is an argument."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from rent_process.booking.domain import Chosen, check_age, check_transition, price_choice
from rent_process.ledger.domain import Account
from rent_process.pricing.offer import OfferTerms
from shared.contracts.changes import ModificationRequest
from shared.contracts.money import round_half_up
from shared.contracts.renter import CancellationPolicy, ExtraChoice, PaymentChoice, RentalStatus
from shared.errors import FieldError, Rejected

PERCENT = Decimal(100)


@dataclass(frozen=True, slots=True)
class ChangingRental:
    """A rental as far as a change needs it. Amounts in minor units."""

    rental_id: UUID
    reference: str
    status: RentalStatus
    version: int
    pickup_at: datetime
    total_minor: int
    currency: str
    policy: CancellationPolicy
    birth_date: date | None  # None: the driver asked to be forgotten
    payment_method: str
    extras: list[ExtraChoice]
    coverages: list[str]


@dataclass(frozen=True, slots=True)
class Settlement:
    """What a cancellation keeps and what it gives back, in minor units."""

    fee_minor: int
    refund_minor: int
    at_counter_minor: int = 0  # of the refund: came over the counter, goes back over it


def policy_fee(policy: CancellationPolicy, total_minor: int, now: datetime) -> int:
    """Nothing up to ``free_until``; then the percentage, at most the cap, halves rounded up."""
    if now <= policy.free_until:
        return 0
    fee = round_half_up(Decimal(total_minor) * policy.fee_percent / PERCENT)
    return min(fee, policy.fee_cap.amount)


def settle_cancellation(rental: ChangingRental, account: Account, now: datetime) -> Settlement:
    """Share what was paid between fee and refund: nothing is charged anew.

    A hold that is not paid costs nothing; neither does one whose payment is still on its way.

    Raises:
        Rejected: ``illegal_transition``.
    """
    check_transition(rental.status, RentalStatus.CANCELLED)
    fee, kept_minor = 0, account.kept_minor
    if rental.status is not RentalStatus.PENDING:
        fee = min(policy_fee(rental.policy, rental.total_minor, now), kept_minor)
    refund = account.returnable_minor(kept_minor - fee)
    return Settlement(fee, refund, max(refund - account.left_minor, 0))


def check_not_missed(rental: ChangingRental, kept_for: timedelta, now: datetime) -> None:
    """A car is kept for so long after the pick-up; from then on it was not fetched.

    Raises:
        Rejected: ``illegal_transition``.
    """
    if now >= rental.pickup_at + kept_for:
        raise Rejected("illegal_transition", "the pick-up time has passed; ask the branch")


@dataclass(frozen=True, slots=True)
class Revision:
    """The new terms of a rental and what they mean for its money. Amounts in minor units."""

    terms: OfferTerms
    chosen: Chosen
    driver_age: int
    policy: CancellationPolicy
    to_pay_minor: int
    refund_minor: int


def check_modifiable(rental: ChangingRental, account: Account, now: datetime) -> None:
    """Only what is confirmed and has not begun, and not while money for it is on its way.

    Raises:
        Rejected: ``illegal_transition`` or ``payment_in_progress``.
    """
    if rental.status is not RentalStatus.CONFIRMED:
        raise Rejected("illegal_transition", f"a rental that is {rental.status} cannot be changed")
    if rental.pickup_at <= now:
        raise Rejected("illegal_transition", "the pick-up time has passed; ask the branch")
    if account.open_charges:
        detail = "the last change is still being paid; wait for its answer"
        raise Rejected("payment_in_progress", detail)


def revise(
    rental: ChangingRental,
    terms: OfferTerms,
    request: ModificationRequest,
    account: Account,
    now: datetime,
) -> Revision:
    """Price the change from the signed offer and from nothing else.

    Raises:
        Rejected: ``too_soon``, ``offer_mismatch`` or ``validation_failed``.
    """
    if terms.pickup_at <= now:
        raise Rejected("too_soon", "the pick-up time has passed")
    if terms.currency != rental.currency or rental.birth_date is None:
        detail = f"the rental is priced in {rental.currency}"
        raise Rejected("offer_mismatch", detail, (FieldError("/offer", detail),))
    chosen = price_choice(_Choice(rental, request), terms)
    total = chosen.price.total.amount
    revision = Revision(
        terms=terms,
        chosen=chosen,
        driver_age=check_age(rental.birth_date, terms, "/offer"),
        policy=policy_after(rental.policy, terms.cancellation_policy, now),
        to_pay_minor=max(0, total - account.kept_minor),
        refund_minor=account.returnable_minor(account.kept_minor - total),
    )
    _check_payment(rental, revision, request.payment)
    return revision


def policy_after(
    old: CancellationPolicy, offered: CancellationPolicy, now: datetime
) -> CancellationPolicy:
    """The offer's policy; but who moves a rental does not win back what was lost.

    Else a rental inside its last hours could be moved to next month and cancelled for nothing.
    """
    return old if now > old.free_until else offered


def _check_payment(
    rental: ChangingRental, revision: Revision, payment: PaymentChoice | None
) -> None:
    at_counter = rental.payment_method == "counter"
    if payment is None and (at_counter or not revision.to_pay_minor):
        return
    if payment is None:
        detail = "the rental becomes dearer: say how the difference is paid"
    elif at_counter and payment.method != "counter":
        detail = "the rental is paid at the counter"
    else:
        return
    raise Rejected("validation_failed", detail, (FieldError("/payment", detail),))


class _Choice:
    """What the request leaves out stays as the rental has it."""

    def __init__(self, rental: ChangingRental, request: ModificationRequest) -> None:
        extras, coverages = request.extras, request.coverages
        self.extras = rental.extras if extras is None else extras
        self.coverages = rental.coverages if coverages is None else coverages
