"""The reports again, counted rental by rental and hour by hour in plain Python: the judge."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from tests.integration.reports.company import CLASSES, HOUR, ZONES, Company, local_day

Key = tuple[Any, ...]


def days_between(first: date, last: date) -> set[date]:
    return {date.fromordinal(n) for n in range(first.toordinal(), last.toordinal() + 1)}


def utilisation(company: Company, days: set[date], branches: Iterable[str]) -> dict[Key, Key]:
    begin = min(days).toordinal() - 2
    span = (max(days).toordinal() + 3 - begin) * 24
    origin = int(datetime.combine(date.fromordinal(begin), datetime.min.time(), UTC).timestamp())
    found: dict[Key, list[int]] = defaultdict(lambda: [0, 0, 0])
    for branch in branches:
        for hour in range(origin // HOUR, origin // HOUR + span):
            day = local_day(datetime.fromtimestamp(hour * HOUR, UTC), branch)
            if day in days:
                for car_class in CLASSES:
                    found[day, branch, car_class][0] += company.supply(branch, car_class, hour)
        for rental in company.rentals:
            if rental.pickup_branch != branch or rental.status not in {
                "PENDING", "CONFIRMED", "CHECKED_OUT", "COMPLETED", "NO_SHOW",
            }:  # fmt: skip
                continue
            for hour in rental.hours:
                day = local_day(datetime.fromtimestamp(hour * HOUR, UTC), branch)
                if day in days:
                    found[day, branch, rental.car_class][1 + (rental.status == "PENDING")] += 1
    return {key: tuple(values) for key, values in found.items()}


def revenue(company: Company, days: set[date], branches: Iterable[str]) -> dict[Key, Key]:
    fees = {rental.rental_id: fee for rental, _, fee, _ in company.cancellations}
    found: dict[Key, list[int]] = defaultdict(lambda: [0, 0, 0, 0, 0, 0])
    for rental in company.rentals:
        day = local_day(rental.pickup_at, rental.pickup_branch)
        if day not in days or rental.pickup_branch not in branches:
            continue
        if rental.status == "NO_SHOW":
            price = company.no_shows[rental.rental_id]
            row = [1, price, 0, 0, 0, price]
        elif rental.status in {"CONFIRMED", "CHECKED_OUT", "COMPLETED"}:
            price, on_top = rental.total_minor, sum(company.on_top.get(rental.rental_id, []))
            row = [1, price, on_top, 0, 0, price + on_top]
        elif rental.status == "CANCELLED":
            row = [0, 0, 0, 1, fees[rental.rental_id], fees[rental.rental_id]]
        else:
            continue
        key = (day, rental.pickup_branch, rental.car_class, rental.currency)
        found[key] = [a + b for a, b in zip(found[key], row, strict=True)]
    return {key: tuple(values) for key, values in found.items()}


def manifest(company: Company, days: set[date], branches: Iterable[str]) -> list[Key]:
    found = []
    for rental in company.rentals:
        stops = (
            ("pickup", rental.pickup_branch, rental.pickup_at, {"CHECKED_OUT", "COMPLETED"},
             {"CONFIRMED", "NO_SHOW"}),
            ("return", rental.return_branch, rental.return_at, {"COMPLETED"},
             {"CONFIRMED", "CHECKED_OUT"}),
        )  # fmt: skip
        for kind, branch, at, done, ahead in stops:
            day = local_day(at, branch)
            if day in days and branch in branches and rental.status in done | ahead:
                found.append((day, branch, at, kind, rental.reference, rental.status in done))
    return sorted(found)


def payments(company: Company, days: set[date], branches: Iterable[str]) -> dict[Key, Key]:
    found: dict[Key, list[int]] = defaultdict(lambda: [0, 0, 0])
    for rental, at, purpose, method, captured, refunded in company.movements:
        branch = rental.pickup_branch
        day = local_day(at, branch)
        if day in days and branch in branches and (captured or refunded):
            key = (day, branch, purpose, method, rental.currency)
            row = [captured > 0, captured, refunded]
            found[key] = [a + b for a, b in zip(found[key], row, strict=True)]
    return {key: tuple(values) for key, values in found.items()}


def cancellations(company: Company, days: set[date], branches: Iterable[str]) -> dict[Key, Key]:
    found: dict[Key, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for rental, at, fee, refund in company.cancellations:
        branch = rental.pickup_branch
        day = local_day(at, branch)
        if day in days and branch in branches:
            key = (day, branch, rental.car_class, rental.currency)
            row = [1, fee == 0, fee, refund]
            found[key] = [a + b for a, b in zip(found[key], row, strict=True)]
    return {key: tuple(values) for key, values in found.items()}


EVERYWHERE = frozenset(ZONES)
