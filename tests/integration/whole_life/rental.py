"""One rental as it was agreed: its hours of the calendar, and its money."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from tests.integration.whole_life.fleet import Place, hour_after, hour_of
from tests.integration.whole_life.tariff import NO_SHOW_AFTER, Policy, Terms

TURNAROUND = timedelta(minutes=60)
REPOSITION_HOURS = 30  # of the one pair that may be rented one way: GRU to GIG
HELD = {"PENDING", "CONFIRMED", "CHECKED_OUT", "COMPLETED", "NO_SHOW"}


@dataclass
class Purse:
    """What is here of a rental's money, against what is due. Amounts in minor units."""

    due: int = 0
    online: int = 0  # taken online, less what was asked to go back
    counter: int = 0  # taken at the counter, less what was handed back there
    goodwill: int = 0
    heard: dict[int, int] = field(default_factory=dict)  # taken online, by sequence

    @property
    def kept(self) -> int:
        """What stands against what is due: a favour is not owed."""
        return self.online + self.goodwill + self.counter

    def owe(self, due: int) -> int:
        """Only this much is due from now on; returns what goes back, some of it at the counter.

        What a favour gave away has gone back already.
        """
        self.due = due
        surplus = max(min(self.kept - due, self.online + self.counter), 0)
        self.online -= min(surplus, self.online)
        return surplus

    def hear(self, sequence: int, amount: int) -> None:
        if sequence not in self.heard:
            self.heard[sequence] = amount
            self.online += amount
            self.owe(self.due)


@dataclass
class Rental:
    rental_id: UUID
    reference: str
    place: Place  # whose hours it takes
    destination: str
    terms: Terms  # as they were priced; only the return may be later
    policy: Policy
    card: str | None  # None: paid at the counter
    status: str
    total: int
    expires_at: datetime  # of the hold
    purse: Purse = field(default_factory=Purse)
    out_at: datetime | None = None
    left_at: datetime | None = None  # with the car that it has now
    back_at: datetime | None = None
    overdue_at: datetime | None = None  # the timer found it out then
    goes_home: bool = False
    plates: list[str] = field(default_factory=list)
    km: int = 0  # of the cars that were exchanged
    eighths: int = 0  # that these lacked

    @property
    def is_one_way(self) -> bool:
        return self.destination != self.place[0]

    def extend(self, until: datetime) -> None:
        self.terms = replace(self.terms, return_at=until)

    @property
    def ends(self) -> int:
        """The hour from which on its car is not missing any more."""
        return self.slice[2] if self.slice else 0

    @property
    def slice(self) -> tuple[Place, int, int] | None:
        """The hours that it takes of its place; None: none."""
        if self.status not in HELD:
            return None
        terms = self.terms
        if self.status == "NO_SHOW":
            return self.place, hour_of(terms.pickup_at), hour_after(terms.pickup_at + NO_SHOW_AFTER)
        begins_at = min(terms.pickup_at, self.out_at or terms.pickup_at)
        ends_at = self.back_at or max(terms.return_at, self.overdue_at or terms.return_at)
        away = self.back_at is None or self.goes_home
        way_back = REPOSITION_HOURS if self.is_one_way and away else 0
        end = hour_after(ends_at + TURNAROUND) + way_back
        return self.place, hour_of(begins_at), max(end, hour_of(begins_at))
