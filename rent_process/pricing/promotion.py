"""Whether a promo code counts for a search. A code that does not never spoils the search."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from rent_process.pricing.charges import Promotion
from shared.contracts.renter import PromoAnswer, PromoRefusal


@dataclass(frozen=True, slots=True)
class PromoCode:
    """A code as it stands; ``None`` means without limit. ``uses``: rentals that count."""

    promotion: Promotion
    currency: str | None
    valid_from: datetime
    valid_until: datetime
    pickup_from: date | None
    pickup_until: date | None
    minimum_days: int
    usage_limit: int | None
    uses: int
    class_codes: frozenset[str] | None
    branch_codes: frozenset[str] | None

    @classmethod
    def from_row(cls, row: dict[str, Any]) -> "PromoCode":
        def day(name: str) -> date | None:
            return date.fromisoformat(row[name]) if row[name] else None

        def codes(name: str) -> frozenset[str] | None:
            return None if row[name] is None else frozenset(row[name])

        return cls(
            promotion=Promotion(row["promo_code"], row["basis_points"], row["amount_minor"]),
            currency=row["currency"],
            valid_from=datetime.fromisoformat(row["valid_from"]),
            valid_until=datetime.fromisoformat(row["valid_until"]),
            pickup_from=day("pickup_from"),
            pickup_until=day("pickup_until"),
            minimum_days=row["minimum_days"],
            usage_limit=row["usage_limit"],
            uses=row["uses"],
            class_codes=codes("class_codes"),
            branch_codes=codes("branch_codes"),
        )

    @property
    def is_used_up(self) -> bool:
        return self.usage_limit is not None and self.uses >= self.usage_limit

    def covers(self, class_code: str) -> bool:
        return self.class_codes is None or class_code in self.class_codes


@dataclass(frozen=True, slots=True)
class Occasion:
    """What a code is held against."""

    branch: str
    currency: str
    pickup_day: date
    days: int
    classes: tuple[str, ...]
    now: datetime


def refusal_of(code: PromoCode | None, occasion: Occasion) -> PromoRefusal | None:
    """Why the code takes nothing off here, or None. The reason nearest to the code comes first."""
    if code is None:
        return "unknown"
    pickup_from, pickup_until = code.pickup_from, code.pickup_until
    day = occasion.pickup_day
    reasons: tuple[tuple[PromoRefusal, bool], ...] = (
        ("not_yet_valid", occasion.now < code.valid_from),
        ("expired", occasion.now >= code.valid_until),
        ("used_up", code.is_used_up),
        ("not_for_branch", code.branch_codes is not None
         and occasion.branch not in code.branch_codes),
        ("not_for_branch", code.currency not in {None, occasion.currency}),
        ("not_for_dates", (pickup_from is not None and day < pickup_from)
         or (pickup_until is not None and day > pickup_until)),
        ("too_short", occasion.days < code.minimum_days),
        ("not_for_class", not any(code.covers(each) for each in occasion.classes)),
    )  # fmt: skip
    return next((reason for reason, applies in reasons if applies), None)


def answer(asked: str, code: PromoCode | None, refusal: PromoRefusal | None) -> PromoAnswer:
    classes = None if code is None or code.class_codes is None else sorted(code.class_codes)
    return PromoAnswer(
        code=asked.upper(),
        applied=refusal is None,
        reason=refusal,
        classes=classes if refusal in {None, "not_for_class"} else None,
    )
