"""A made-up year of a company in four time zones, written to the database and kept in memory.

Instants crowd around midnights and clock changes, where a report by local days goes wrong first.
"""

import json
import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import psycopg

ZONES = {
    "GRU": ("America/Sao_Paulo", "BRL"),
    "JFK": ("America/New_York", "USD"),
    "DEL": ("Asia/Kolkata", "INR"),
    "AKL": ("Pacific/Auckland", "NZD"),
}
CLASSES = ("ECMR", "CDAR")
STATUSES = (
    "PENDING", "CONFIRMED", "CHECKED_OUT", "COMPLETED", "EXPIRED", "FAILED", "CANCELLED",
    "NO_SHOW",
)  # fmt: skip
# New York sets its clocks back on 1 November 2026; Auckland set them forward on 27 September.
FIRST, LAST = date(2026, 9, 20), date(2026, 11, 12)
SUPPLY, OVERBOOKING, HOUR = 4, 1, 3600
BLOCK = 384


@dataclass(frozen=True)
class Rental:
    rental_id: UUID
    reference: str
    status: str
    pickup_branch: str
    return_branch: str
    car_class: str
    pickup_at: datetime
    return_at: datetime
    total_minor: int
    given_name: str

    @property
    def hours(self) -> range:
        start = int(self.pickup_at.timestamp()) // HOUR
        return range(start, -(-int(self.return_at.timestamp()) // HOUR) + 1)

    @property
    def currency(self) -> str:
        return ZONES[self.pickup_branch][1]


@dataclass
class Company:
    """What was written, for the count by hand."""

    rentals: list[Rental] = field(default_factory=list)
    cancellations: list[tuple[Rental, datetime, int, int]] = field(default_factory=list)
    # rental, when, purpose, method, captured, refunded
    movements: list[tuple[Rental, datetime, str, str, int, int]] = field(default_factory=list)
    no_shows: dict[UUID, int] = field(default_factory=dict)  # the fee
    on_top: dict[UUID, list[int]] = field(default_factory=dict)
    # From this hour on, each branch and class has one car more.
    growth: dict[tuple[str, str], int] = field(default_factory=dict)

    def supply(self, branch: str, car_class: str, hour: int) -> int:
        return SUPPLY + (hour >= self.growth[branch, car_class])


def local_day(at: datetime, branch: str) -> date:
    return at.astimezone(ZoneInfo(ZONES[branch][0])).date()


def make_company(connection: psycopg.Connection[Any], seed: int, size: int) -> Company:
    dice, later_dice = random.Random(seed), random.Random(seed + 1000)
    company = Company()
    connection.execute("SET search_path = rent, public")
    connection.execute("SET session_replication_role = replica")  # history with its own times
    _catalogue(connection)
    for _ in range(size):
        rental = _rental(dice)
        company.rentals.append(rental)
        _write_rental(connection, rental)
        if rental.status == "CANCELLED":
            _cancel(connection, dice, company, rental)
        if rental.status == "NO_SHOW":
            _stay_away(connection, later_dice, company, rental)
        _charge_on_top(connection, later_dice, company, rental)
        _pay(connection, dice, company, rental)
    _calendar(connection, dice, company)
    return company


def _catalogue(connection: psycopg.Connection[Any]) -> None:
    for branch, (zone, currency) in ZONES.items():
        connection.execute(
            "INSERT INTO branch (branch_code, name, city, country, address, timezone, latitude,"
            " longitude, branch_group, currency)"
            " VALUES (%s, %s, 'x', 'BR', 'x', %s, 0, 0, 'g', %s)",
            [branch, branch, zone, currency],
        )
    for number, name in enumerate(CLASSES):
        connection.execute(
            'INSERT INTO car_class VALUES (%s, %s, \'{"pt-BR": "x", "en": "x"}\', \'x\', 5, 4,'
            " 2, 'manual', true, 18, 0)",
            [name, number],
        )
        for branch in ZONES:
            connection.execute(
                "INSERT INTO class_supply VALUES (%s, %s, %s, %s)",
                [branch, name, SUPPLY, OVERBOOKING],
            )


def _instant(dice: random.Random, branch: str) -> datetime:
    """Within minutes of a local midnight as often as anywhere else."""
    day = FIRST + timedelta(days=dice.randrange(-3, (LAST - FIRST).days + 4))
    zone = ZoneInfo(ZONES[branch][0])
    midnight = datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
    if dice.random() < 0.5:
        return midnight + timedelta(minutes=dice.choice((-1, 0, 1, -30, 30)))
    return midnight + timedelta(minutes=dice.randrange(24 * 60))


def _rental(dice: random.Random) -> Rental:
    branch = dice.choice(sorted(ZONES))
    pickup_at = _instant(dice, branch)
    return Rental(
        rental_id=uuid4(),
        reference="".join(dice.choices("0123456789ABCDEFGHJKMNPQRSTVWXYZ", k=8)),
        status=dice.choice(STATUSES),
        pickup_branch=branch,
        return_branch=branch if dice.random() < 0.7 else dice.choice(sorted(ZONES)),
        car_class=dice.choice(CLASSES),
        pickup_at=pickup_at,
        return_at=pickup_at + timedelta(minutes=dice.randrange(30, 20 * 24 * 60)),
        total_minor=dice.randrange(1, 500_000),
        given_name=dice.choice(("Ana", "=1+1", '@x,"y"', "-Rui", "Zoë\nLi", "O'Hara; x")),
    )


def _write_rental(connection: psycopg.Connection[Any], rental: Rental) -> None:
    connection.execute(
        """INSERT INTO rental (rental_id, reference, status, idempotency_scope, request_hash,
               pickup_branch, return_branch, class_code, pickup_at, return_at, from_hour, to_hour,
               driver, driver_age, price, total_minor, currency, deposit_minor,
               cancellation_policy, extras, coverages, payment_method, attempt, locale, expires_at)
           VALUES (%s, %s, %s, '', '', %s, %s, %s, %s, %s, %s, %s, %s, 30, '{}', %s, %s, 0, '{}',
               '[]', '[]', 'card', 1, 'en', %s)""",
        [
            rental.rental_id, rental.reference, rental.status, rental.pickup_branch,
            rental.return_branch, rental.car_class, rental.pickup_at, rental.return_at,
            rental.hours.start, rental.hours.stop, json.dumps({"given_name": rental.given_name}),
            rental.total_minor, rental.currency,
            rental.pickup_at if rental.status == "PENDING" else None,
        ],
    )  # fmt: skip


def _cancel(
    connection: psycopg.Connection[Any], dice: random.Random, company: Company, rental: Rental
) -> None:
    fee = dice.choice((0, dice.randrange(1, 9_999)))
    entry = (rental, _instant(dice, rental.pickup_branch), fee, dice.randrange(9_999))
    company.cancellations.append(entry)
    connection.execute(
        "INSERT INTO rental_cancellation VALUES (%s, %s, 'x', NULL, %s, %s)",
        [rental.rental_id, *entry[1:]],
    )


def _stay_away(
    connection: psycopg.Connection[Any], dice: random.Random, company: Company, rental: Rental
) -> None:
    fee = company.no_shows[rental.rental_id] = dice.randrange(rental.total_minor + 1)
    connection.execute(
        "INSERT INTO rental_no_show VALUES (%s, %s, %s, 0)",
        [rental.rental_id, fee, rental.total_minor - fee],
    )


def _charge_on_top(
    connection: psycopg.Connection[Any], dice: random.Random, company: Company, rental: Rental
) -> None:
    """None, one or two charges, whatever the state: the report takes those that count."""
    for number in range(dice.randrange(3)):
        amount = dice.randrange(1, 9_999)
        company.on_top.setdefault(rental.rental_id, []).append(amount)
        connection.execute(
            "INSERT INTO additional_charge VALUES (%s, %s, '', '[1]', %s, 0, 'x')",
            [rental.rental_id, f"k{number}", amount],
        )


def _pay(
    connection: psycopg.Connection[Any], dice: random.Random, company: Company, rental: Rental
) -> None:
    if dice.random() < 0.3:
        at, kind = _instant(dice, rental.pickup_branch), dice.choice(("cash", "terminal"))
        amount = dice.randrange(1, 9_999)
        company.movements.append((rental, at, "COUNTER", kind, amount, 0))
        connection.execute(
            "INSERT INTO counter_entry VALUES (%s, 'k', '', %s, %s, 0, 'x', %s),"
            " (%s, 'g', '', 'goodwill', 5, 0, 'x', %s)",
            [rental.rental_id, kind, amount, at, rental.rental_id, at],
        )
        return
    payment_id, method = uuid4(), dice.choice(("card", "pix", "boleto"))
    purpose = dice.choice(("PREPAY", "DEPOSIT", "ADDITIONAL"))
    connection.execute(
        "INSERT INTO payment.payment (payment_id, rental_id, purpose, sequence, status, attempt,"
        " amount_minor, currency, method, expires_at, cause) VALUES"
        " (%s, %s, %s, 1, 'CREATED', 1, 1000000, %s, %s, now(), 'queue')",
        [payment_id, rental.rental_id, purpose, rental.currency, method],
    )
    captured = refunded = 0
    for version in range(1, dice.randrange(2, 6)):
        at = _instant(dice, rental.pickup_branch)
        before = (captured, refunded)
        captured += dice.choice((0, dice.randrange(9_999))) if version == 2 else 0
        # A refund that failed counts back.
        refunded = dice.randrange(captured + 1) if version > 2 else 0
        moved = (captured - before[0], refunded - before[1])
        company.movements.append((rental, at, purpose, method, *moved))
        connection.execute(
            "INSERT INTO payment.payment_event (payment_id, version, status, attempt,"
            " captured_minor, refunded_minor, cause, at) VALUES"
            " (%s, %s, 'CAPTURED', 1, %s, %s, 'queue', %s)",
            [payment_id, version, captured, refunded, at],
        )


def _calendar(connection: psycopg.Connection[Any], dice: random.Random, company: Company) -> None:
    """What the calendar would hold after all of it, a car bought on the way included."""
    start = int(datetime(2026, 9, 1, tzinfo=UTC).timestamp()) // HOUR // BLOCK
    stop = int(datetime(2026, 12, 15, tzinfo=UTC).timestamp()) // HOUR // BLOCK
    holding = {"PENDING", "CONFIRMED", "CHECKED_OUT", "COMPLETED", "NO_SHOW"}
    for branch in ZONES:
        for car_class in CLASSES:
            company.growth[branch, car_class] = dice.randrange(start * BLOCK, stop * BLOCK)
            sold: dict[int, int] = {}
            for rental in company.rentals:
                if (rental.pickup_branch, rental.car_class) == (branch, car_class):
                    for hour in rental.hours if rental.status in holding else ():
                        sold[hour] = sold.get(hour, 0) + 1
            for block in range(start, stop):
                hours = range(block * BLOCK, (block + 1) * BLOCK)
                left = [
                    company.supply(branch, car_class, h) + OVERBOOKING - sold.get(h, 0)
                    for h in hours
                ]
                connection.execute(
                    "INSERT INTO class_calendar"
                    " VALUES (%s, %s, %s, %s::smallint[], %s::smallint[])",
                    [branch, car_class, block, [max(n, 0) for n in left],
                     [max(-n, 0) for n in left]],
                )  # fmt: skip
