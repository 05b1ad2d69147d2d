"""``dev.py cost``: what a month of rentals costs in Azure, and how near each limit its peak is.

The model and the source of its figures: infra/delivery/cost.py; how to read it:
docs/operations/capacity.md.
"""

import argparse
import json
from pathlib import Path

from infra.delivery.cost import Line, estimate_costs, estimate_limits

PROFILES = Path(__file__).parents[2] / "profiles"
# PgBouncer's clients in prod (infra/app/postgres.bicep), user connections of a B2s in dev.
CONNECTIONS = {"prod": 2000, "dev": 414}


def run(arguments: argparse.Namespace) -> int:
    path = PROFILES / f"{arguments.profile}.json"
    profile = json.loads(path.read_text(encoding="utf-8"))
    lines = estimate_costs(arguments.rentals, profile)
    print(f"{arguments.rentals:,.0f} rentals a month, profile {arguments.profile}\n")
    print(f"{'':<18}{'quantity':>16} {'':<14}{'USD, from':>12}{'to':>12}")
    for line in lines:
        print(
            f"{line.name:<18}{line.quantity:>16,.0f} {line.unit:<14}"
            f"{line.least_usd:>12,.2f}{line.most_usd:>12,.2f}"
        )
    least, most = (sum(amounts) for amounts in zip(*_amounts(lines), strict=True))
    print(f"{'together':<49}{least:>12,.2f}{most:>12,.2f}\n")
    print("the busiest second, tightest first:")
    for limit in estimate_limits(arguments.rentals, profile, CONNECTIONS[arguments.profile]):
        print(
            f"{limit.name:<34}{limit.needed:>12,.1f} of {limit.available:>8,.0f}"
            f"  {limit.share:>6.0%}{'  TOO MUCH' if limit.share > 1 else ''}"
        )
    return 0


def _amounts(lines: list[Line]) -> list[tuple[float, float]]:
    return [(line.least_usd, line.most_usd) for line in lines]
