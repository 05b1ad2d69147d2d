"""What price and policy come to, reckoned by hand from the company's tariff (tests/plugins).

Nothing of the product is used here: it is what the product is held against.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

DAY_MINOR = {"ECMR": 10_000, "CDAR": 15_000}
DEPOSIT_MINOR = {"ECMR": 70_000, "CDAR": 100_000}
HOURS_IN_A_DAY_RATE = 5  # five hours cost a day
DAYS_IN_A_WEEK, WEEK_RATES = 7, 6  # a week costs six days
DAYS_IN_A_MONTH, MONTH_RATES = 30, 21
DROP_MINOR = 44_900
WAIVER_MINOR = 3_990
EXCESS_MINOR = 350_000
SERVICE_PERCENT = 12
FUEL_EIGHTH_MINOR = 4_500
KM_A_DAY = 200
KM_MINOR = 90
GRACE = timedelta(minutes=59)
FREE_BEFORE = timedelta(hours=24)
CANCELLATION_PERCENT = 25
NO_SHOW_PERCENT = 50
NO_SHOW_AFTER = timedelta(hours=2)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def percent_of(amount: int, percent: int) -> int:
    """Halves rounded up, in whole numbers."""
    return (2 * amount * percent + 100) // 200


@dataclass(frozen=True)
class Terms:
    """What a price hangs on. The clocks of São Paulo are not changed in these years."""

    car_class: str
    pickup_at: datetime
    return_at: datetime
    one_way: bool
    waiver: bool

    @property
    def days(self) -> int:
        return self.charged(self.return_at - self.pickup_at, GRACE)[0]

    @property
    def price_minor(self) -> int:
        """Only whole days are booked here."""
        base = self.days * DAY_MINOR[self.car_class] + DROP_MINOR * self.one_way
        fee = percent_of(base, SERVICE_PERCENT)
        return base + fee + self.days * WAIVER_MINOR * self.waiver

    def charged(self, length: timedelta, grace: timedelta) -> tuple[int, int]:
        """Days, and opened hours where they cost less than a day."""
        days, rest = divmod(max(length, timedelta(0)), DAY)
        hours = 0 if rest <= grace else -(-rest // HOUR)
        return (days + 1, 0) if hours >= HOURS_IN_A_DAY_RATE else (days, hours)

    def time_minor(self, length: timedelta, grace: timedelta) -> int:
        """Time beyond what was agreed, with what is due for each opened day of it."""
        days, hours = self.charged(length, grace)
        rate = DAY_MINOR[self.car_class]
        months, rest = divmod(days, DAYS_IN_A_MONTH)
        weeks, rest = divmod(rest, DAYS_IN_A_WEEK)
        base = min(rest * rate + hours * rate // HOURS_IN_A_DAY_RATE, WEEK_RATES * rate)
        base = min(weeks * WEEK_RATES * rate + base, MONTH_RATES * rate)
        base += months * MONTH_RATES * rate
        base += (days + (hours > 0)) * WAIVER_MINOR * self.waiver
        return base + percent_of(base, SERVICE_PERCENT)

    def extension_minor(self, until: datetime) -> int:
        return self.time_minor(until - self.return_at, timedelta(0))

    def return_minor(self, back_at: datetime, km: int, eighths: int, damage: int) -> int:
        """Late hours, kilometres, fuel and damage."""
        late = back_at - self.return_at
        days, hours = self.charged(late, GRACE)
        extra_km = max(km - KM_A_DAY * (self.agreed_days + days + (hours > 0)), 0)
        harm = min(damage, EXCESS_MINOR) if self.waiver else damage
        return (
            self.time_minor(late, GRACE) + extra_km * KM_MINOR + eighths * FUEL_EIGHTH_MINOR + harm
        )

    @property
    def agreed_days(self) -> int:
        """An opened day counts for the kilometres that it includes."""
        days, hours = self.charged(self.return_at - self.pickup_at, GRACE)
        return days + (hours > 0)

    @property
    def no_show_minor(self) -> int:
        return percent_of(self.price_minor, NO_SHOW_PERCENT)


@dataclass(frozen=True)
class Policy:
    """Free until an hour; then a percentage, at most one day's rate."""

    free_until: datetime
    cap_minor: int

    @classmethod
    def of(cls, terms: Terms) -> "Policy":
        return cls(terms.pickup_at - FREE_BEFORE, DAY_MINOR[terms.car_class])

    def fee_minor(self, price: int, now: datetime) -> int:
        if now <= self.free_until:
            return 0
        return min(percent_of(price, CANCELLATION_PERCENT), self.cap_minor)
