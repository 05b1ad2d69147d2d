"""What each rental should have cost and what the vendor moved for it, to the cent.

Nothing here comes from what the product worked out: the price is summed up from the lines that it
was sold by, the policy is applied anew (``judge.sql``), and the money is the vendor's own ledger.
"""

from collections import Counter
from dataclasses import dataclass

from infra.local.drills.evidence import Money, read_intents, read_ledger
from infra.local.drills.judge import Judge
from infra.local.drills.renting import Purse
from infra.local.drills.rides import Ride
from infra.local.stack.stack import Stack

STANDING = frozenset({"CONFIRMED", "CHECKED_OUT", "COMPLETED"})


@dataclass(frozen=True, slots=True)
class Account:
    """One rental, in minor units. ``cost``: the price and what came on top, or the fee."""

    rental_id: str
    reference: str
    status: str
    cost: int
    price: int
    added: int
    cash: int
    goodwill: int
    moved: Money
    purse: Purse | None  # as renter and operator have it; None: nobody followed the rental

    @property
    def due(self) -> int:
        """What the vendor should have kept for us."""
        return self.cost - self.cash - self.goodwill - self.owed

    @property
    def owed(self) -> int:
        """What the renter left unpaid on purpose."""
        return self.purse.leaves if self.purse and self.status in STANDING else 0

    @property
    def kept(self) -> int:
        return self.moved.captured - self.moved.refunded

    @property
    def fault(self) -> str:
        """Empty: price, policy, charges, vendor and status agree."""
        return "" if self.kept == self.due else f"kept {self.kept}, due {self.due}"

    @property
    def keeps_without_right(self) -> bool:
        """The rental is not confirmed, nor later, and more than its policy's fee stays with us."""
        return self.status not in STANDING and self.kept > max(self.cost, 0)

    @property
    def took_too_much(self) -> bool:
        """At any time: what was given back again counts too."""
        return self.moved.captured > self.price + self.added

    @property
    def is_stored_as_told(self) -> bool:
        if self.purse is None:
            return True
        told = (self.purse.price, self.purse.added, self.purse.cash, self.purse.goodwill)
        return told == (self.price, self.added, self.cash, self.goodwill)

    @property
    def outcome(self) -> str:
        money = "paid" if self.due else "refunded" if self.moved.captured else "not charged"
        if self.owed:
            money = "paid but for what is owed"
        return f"{self.status}, {self.fault or money}"


def read_accounts(stack: Stack, judge: Judge, rides: list[Ride]) -> list[Account]:
    ledger = read_ledger(stack)
    purses = {ride.reference: ride.purse for ride in rides if not ride.problem}
    return [
        Account(*row, ledger.get(row[0], Money()), purses.get(row[1]))  # type: ignore[call-arg]  # as selected
        for row in judge.rows("due")
    ]


@dataclass(frozen=True, slots=True)
class Vendor:
    """What the vendor's side shows beside the sums."""

    twice: list[str]  # amounts due, by rental, purpose and number, with two captured charges
    held: int  # authorisations that nobody gave up
    unknown: int  # intents for rentals or payments that are not stored


def read_vendor(stack: Stack, judge: Judge) -> Vendor:
    amounts = dict(judge.rows("amounts_due"))
    charges: Counter[str] = Counter()
    unknown = held = 0
    for charged in read_intents(stack):
        held += charged.is_held
        if charged.payment_id not in amounts:
            unknown += 1
            continue
        charges[amounts[charged.payment_id]] += charged.captured_charges
    return Vendor([due for due, count in charges.items() if count > 1], held, unknown)
