"""Fill an empty database with the demo company; a filled one is left alone."""

import json
import random
from collections import Counter
from datetime import UTC, datetime
from typing import Any, LiteralString

import psycopg

from infra.local import demo_data as demo
from rent_process.fleet.repository import QUERIES
from rent_process.fleet.service import HORIZON, HOUR_SECONDS

VEHICLES = 600
GROUP = {True: "br-airport", False: "br-city"}
PLATE_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def main(database_url: str) -> bool:
    """Seed in one transaction; False when branches were there already."""
    with psycopg.connect(database_url) as connection:
        connection.execute("SET LOCAL search_path = rent, public")
        connection.execute("LOCK TABLE branch IN EXCLUSIVE MODE")
        if connection.execute("SELECT FROM branch LIMIT 1").fetchone() is not None:
            return False
        _branches(connection)
        _classes(connection)
        _prices(connection)
        _returns(connection)
        _fleet(connection)
        now = datetime.now(UTC)
        first, last = (int(at.timestamp()) // HOUR_SECONDS for at in (now, now + HORIZON))
        connection.execute(QUERIES["extend_calendar"], {"from_hour": first, "to_hour": last})
    return True


def _insert(
    connection: psycopg.Connection[Any], statement: LiteralString, rows: list[tuple[Any, ...]]
) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(statement, rows)


def _branches(connection: psycopg.Connection[Any]) -> None:
    _insert(
        connection,
        "INSERT INTO branch (branch_code, name, city, country, address, timezone, latitude,"
        " longitude, branch_group, currency) VALUES (%s,%s,%s,'BR',%s,%s,%s,%s,%s,'BRL')",
        [
            (b.code, b.name, b.city, b.address, b.timezone, b.latitude, b.longitude,
             GROUP[b.is_airport])
            for b in demo.BRANCHES
        ],
    )  # fmt: skip
    _insert(
        connection,
        "INSERT INTO branch_hours (branch_code, weekday, opens, closes) VALUES (%s,%s,%s,%s)",
        [
            (b.code, day, opens, closes)
            for b in demo.BRANCHES
            for day, (opens, closes) in (
                demo.AIRPORT_HOURS if b.is_airport else demo.CITY_HOURS
            ).items()
        ],
    )
    _insert(
        connection,
        "INSERT INTO branch_holiday (branch_code, holiday, name) VALUES (%s,%s,%s)",
        [
            (b.code, day, name)
            for b in demo.BRANCHES
            if not b.is_airport
            for day, name in demo.holidays().items()
        ],
    )
    _insert(
        connection,
        "INSERT INTO one_way (origin_code, destination_code, fee_minor, reposition_hours)"
        " VALUES (%s,%s,%s,%s)",
        [(*pair, fee, h) for a, b, fee, h in demo.ONE_WAYS for pair in ((a, b), (b, a))],
    )


def _classes(connection: psycopg.Connection[Any]) -> None:
    _insert(
        connection,
        "INSERT INTO car_class (class_code, position, name, example_model, seats, doors, bags,"
        " transmission, air_conditioning, minimum_driver_age, deposit_minor) VALUES (%s,%s,"
        "jsonb_build_object('pt-BR', %s::text, 'en', %s::text),%s,%s,%s,%s,%s,true,%s,%s)",
        [
            (c.code, i, c.name_pt, c.name_en, c.models[0], c.seats, c.doors, c.bags,
             c.transmission, c.minimum_age, c.deposit)
            for i, c in enumerate(demo.CLASSES)
        ],
    )  # fmt: skip


def _prices(connection: psycopg.Connection[Any]) -> None:
    """One card for each group, in force long ago: every search finds a price."""
    _insert(
        connection,
        "INSERT INTO tariff (branch_group, effective_at, young_driver_age,"
        " young_driver_day_minor, licence_day_minor, airport_fee_basis_points, tax_basis_points,"
        " grace_minutes, free_cancellation_hours, cancellation_fee_percent)"
        " VALUES (%s,'2026-01-01Z',25,2990,0,%s,0,59,24,25)",
        [(GROUP[True], 1200), (GROUP[False], 0)],
    )
    _insert(
        connection,
        "INSERT INTO rate (branch_group, class_code, season, effective_at, hour_minor, day_minor,"
        " week_minor, month_minor) VALUES (%s,%s,%s,'2026-01-01Z',%s,%s,%s,%s)",
        [
            (group, c.code, season, day // 5, day, day * 6, day * 21)
            for group, discount in ((GROUP[True], 100), (GROUP[False], 92))
            for c in demo.CLASSES
            for season, percent in demo.SEASONS
            for day in (c.day * percent * discount // 10_000,)
        ],
    )
    _insert(
        connection,
        "INSERT INTO extra (extra_code, position, name, purpose, unit_minor, per,"
        " maximum_quantity) VALUES (%s,%s,jsonb_build_object('pt-BR', %s::text, 'en', %s::text),"
        "%s,%s,%s,%s)",
        [(code, i, *rest) for i, (code, *rest) in enumerate(demo.EXTRAS)],
    )
    _insert(
        connection,
        "INSERT INTO coverage (coverage_code, position, name, day_minor, excess_minor)"
        " VALUES (%s,%s,jsonb_build_object('pt-BR', %s::text, 'en', %s::text),%s,%s)",
        [(code, i, *rest) for i, (code, *rest) in enumerate(demo.COVERAGES)],
    )
    connection.execute(CARD_LINES, {"caps": json.dumps(demo.CAPS)})
    _insert(
        connection,
        "INSERT INTO length_tier SELECT branch_group, effective_at, %s, %s FROM tariff",
        list(demo.LENGTH_TIERS),
    )
    _insert(
        connection,
        "INSERT INTO promo_code (promo_code, basis_points, amount_minor, currency, valid_from,"
        " valid_until, minimum_days, usage_limit, class_codes) VALUES (%s,%s,%s,%s,'2026-01-01Z',"
        " now() + %s * interval '1 day',%s,%s,%s)",
        [
            (code, percent, amount, "BRL" if amount else None, days, shortest, limit, classes)
            for code, percent, amount, days, shortest, limit, classes in demo.PROMO_CODES
        ],
    )


# What else a card prices, as the catalogue has it.
CARD_LINES: LiteralString = """
WITH classes AS (
    INSERT INTO class_terms (branch_group, effective_at, class_code, deposit_minor)
    SELECT branch_group, effective_at, class_code, deposit_minor FROM tariff, car_class
), extras AS (
    INSERT INTO extra_rate (branch_group, effective_at, extra_code, unit_minor, cap_minor)
    SELECT branch_group, effective_at, extra_code, unit_minor,
           (%(caps)s::jsonb ->> extra_code)::bigint FROM tariff, extra
), coverages AS (
    INSERT INTO coverage_rate
    SELECT branch_group, effective_at, coverage_code, day_minor, excess_minor FROM tariff, coverage
)
INSERT INTO one_way_fee
SELECT branch_group, effective_at, origin_code, destination_code, fee_minor
FROM tariff JOIN branch USING (branch_group) JOIN one_way ON origin_code = branch_code
"""


def _returns(connection: psycopg.Connection[Any]) -> None:
    _insert(
        connection,
        "INSERT INTO return_policy (branch_group, effective_at, fuel_eighth_minor,"
        " included_km_day, extra_km_minor, no_show_hours, no_show_fee_percent)"
        " VALUES (%s,'2026-01-01Z',%s,%s,%s,%s,%s)",
        [(GROUP[is_airport], *policy) for is_airport, policy in demo.RETURN_POLICIES.items()],
    )
    connection.execute(
        "UPDATE extra SET covers_fuel = true WHERE extra_code = %s", (demo.PREPAID_FUEL,)
    )
    connection.execute(
        "UPDATE coverage SET covers_car = true WHERE coverage_code = ANY (%s)",
        (list(demo.COVERS_CAR),),
    )


def _fleet(connection: psycopg.Connection[Any]) -> None:
    """Share the cars out over branches and classes; the same plates every time."""
    draw = random.Random(2026)  # noqa: S311 -- made-up plates need no secrecy
    per_branch = VEHICLES // len(demo.BRANCHES)
    by_share = [c for c in demo.CLASSES for _ in range(c.share)]
    plates: set[str] = set()
    while len(plates) < VEHICLES:  # Mercosul plates: ABC1D23
        a, b, c, d = draw.choices(PLATE_LETTERS, k=4)
        plates.add(f"{a}{b}{c}{draw.randrange(10)}{d}{draw.randrange(100):02}")
    numbered = iter(sorted(plates))
    cars = [
        (next(numbered), c.code, b.code, draw.choice(c.models), draw.choice((2025, 2026)),
         draw.randrange(500, 40_000))
        for b in demo.BRANCHES
        for c in (by_share[i % len(by_share)] for i in range(per_branch))
    ]  # fmt: skip
    _insert(
        connection,
        "INSERT INTO vehicle (plate, class_code, branch_code, model, model_year, odometer_km)"
        " VALUES (%s,%s,%s,%s,%s,%s)",
        cars,
    )
    supply = Counter((branch, code) for _, code, branch, *_ in cars)
    _insert(
        connection,
        "INSERT INTO class_supply (branch_code, class_code, supply) VALUES (%s,%s,%s)",
        [(b.code, c.code, supply[b.code, c.code]) for b in demo.BRANCHES for c in demo.CLASSES],
    )
