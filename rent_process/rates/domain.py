"""What makes a card whole, and how two cards differ. No I/O; the clock is an argument."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.contracts.rates import (
    CardLine,
    ClassTerms,
    CoverageRate,
    ExtraRate,
    Fees,
    LengthTier,
    OneWayFee,
    RateChange,
    SeasonRate,
)
from shared.errors import FieldError, Rejected


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What a card of one branch group may name."""

    currencies: frozenset[str]  # of the group's branches; none: there is no such group
    classes: frozenset[str]
    extras: frozenset[str]
    coverages: frozenset[str]
    pairs: frozenset[tuple[str, str]]  # one-way pairs that begin in the group


def key_of(line: CardLine) -> tuple[str, ...]:
    """What a line is about: no card says two things of one."""
    match line:
        case Fees():
            return (line.item,)
        case ClassTerms():
            return line.item, line.car_class
        case SeasonRate():
            return line.item, line.car_class, str(line.first_day), str(line.last_day)
        case LengthTier():
            return line.item, str(line.from_days)
        case ExtraRate() | CoverageRate():
            return line.item, line.code
        case OneWayFee():
            return line.item, line.origin, line.destination


def check_instant(effective_at: datetime | None, now: datetime) -> datetime:
    """Return from when on a card counts.

    Raises:
        Rejected: ``validation_failed``: what was searched for yesterday was priced yesterday.
    """
    if effective_at is None:
        return now
    if effective_at < now:
        raise _invalid("/effective_at", "lies in the past; leave it out for at once")
    return effective_at


def check_currency(currency: str, catalogue: Catalogue) -> None:
    """Hold a card's currency against its branches.

    Raises:
        Rejected: ``validation_failed``.
    """
    if not catalogue.currencies:
        raise _invalid("/branch_group", "no branch is of this group")
    if catalogue.currencies != {currency}:
        known = ", ".join(sorted(catalogue.currencies))
        raise _invalid("/currency", f"the branches of this group charge in {known}")


def faults_of(lines: Sequence[CardLine], catalogue: Catalogue) -> list[tuple[int | None, str]]:
    """What keeps the lines from being a card: the line's index (None: what is missing), and why."""
    faults: list[tuple[int | None, str]] = []
    seen: dict[tuple[str, ...], int] = {}
    for index, line in enumerate(lines):
        unknown = _unknown_name(line, catalogue)
        if unknown:
            faults.append((index, unknown))
        if key_of(line) in seen:
            faults.append((index, f"{' '.join(key_of(line))} stands twice"))
        seen.setdefault(key_of(line), index)
    if ("fees",) not in seen:
        faults.append((None, "there is no line of fees"))
    return faults + _unpaired_classes(lines)


def _unknown_name(line: CardLine, catalogue: Catalogue) -> str | None:
    match line:
        case ClassTerms() | SeasonRate() if line.car_class not in catalogue.classes:
            return f"there is no class {line.car_class}"
        case ExtraRate() if line.code not in catalogue.extras:
            return f"there is no extra {line.code}"
        case CoverageRate() if line.code not in catalogue.coverages:
            return f"there is no coverage {line.code}"
        case OneWayFee() if (line.origin, line.destination) not in catalogue.pairs:
            return f"no branch of this group lets cars go from {line.origin} to {line.destination}"
    return None


def _unpaired_classes(lines: Sequence[CardLine]) -> list[tuple[int | None, str]]:
    """A class needs its terms and a rate: with one alone it would not be offered, unnoticed."""
    terms = {line.car_class: i for i, line in enumerate(lines) if isinstance(line, ClassTerms)}
    rates = {line.car_class: i for i, line in enumerate(lines) if isinstance(line, SeasonRate)}
    return [
        *((i, f"{code} has a class line but no rate") for code, i in terms.items()
          if code not in rates),
        *((i, f"{code} has a rate but no class line") for code, i in rates.items()
          if code not in terms),
    ]  # fmt: skip


def changes_between(before: Iterable[CardLine], after: Iterable[CardLine]) -> list[RateChange]:
    """Every line that is new, gone or has other values; in the order of the new card."""
    old = {key_of(line): _values(line) for line in before}
    new = {key_of(line): _values(line) for line in after}
    keys = [*new, *(key for key in old if key not in new)]
    return [
        _change(key, old.get(key), new.get(key)) for key in keys if old.get(key) != new.get(key)
    ]


def _change(
    key: tuple[str, ...], before: dict[str, Any] | None, after: dict[str, Any] | None
) -> RateChange:
    """Of a line that stays only what differs is told."""
    if before is not None and after is not None:
        differs = {name for name in after if before[name] != after[name]}
        before = {name: before[name] for name in sorted(differs)}
        after = {name: after[name] for name in sorted(differs)}
    return RateChange(line=" ".join(key), before=before, after=after)


def _values(line: CardLine) -> dict[str, Any]:
    return line.model_dump(mode="json", by_alias=True, exclude={"item"})


def _invalid(pointer: str, message: str) -> Rejected:
    return Rejected("validation_failed", message, (FieldError(pointer, message),))
