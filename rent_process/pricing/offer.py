"""The signed offer: what was shown is what is booked. A JSON Web Token (RFC 7519), HS256.

The renter's browser carries it; no search writes to the database. Nothing in it is secret.
"""

from datetime import datetime
from typing import Literal

import jwt
from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from shared.contracts.money import Money
from shared.contracts.renter import CancellationPolicy, CoverageOffer, ExtraOffer, PriceLine
from shared.errors import Rejected

_ALGORITHM = "HS256"
_AUDIENCE = "rentacar-offer"


class SignedExtra(ExtraOffer):
    purpose: Literal["Equipment", "AdditionalDriver"]


class OfferTerms(BaseModel):
    """Everything that booking needs, so that booking looks nothing up."""

    model_config = ConfigDict(frozen=True)

    pickup_branch: str
    return_branch: str
    class_code: str
    pickup_at: AwareDatetime
    return_at: AwareDatetime
    timezone: str
    from_hour: int  # the calendar slice: hours since 1970 UTC, [from_hour, to_hour)
    to_hour: int
    age_from: int  # the driver's ages at pick-up that pay this price
    age_to: int
    charged_days: int
    currency: str
    lines: list[PriceLine]
    extras: list[SignedExtra]
    coverages: list[CoverageOffer]
    deposit: Money
    cancellation_policy: CancellationPolicy


def sign(terms: OfferTerms, key: str, expires_at: datetime) -> str:
    claims = {"aud": _AUDIENCE, "exp": expires_at, "terms": terms.model_dump(mode="json")}
    return jwt.encode(claims, key, _ALGORITHM)


def verify(token: str, key: str) -> OfferTerms:
    """Read an offer of ours.

    Raises:
        Rejected: ``offer_expired``, or ``offer_invalid`` when it was tampered with.
    """
    try:
        claims = jwt.decode(
            token, key, [_ALGORITHM], audience=_AUDIENCE, options={"require": ["exp", "aud"]}
        )
        return OfferTerms.model_validate(claims["terms"])
    except jwt.ExpiredSignatureError:
        raise Rejected("offer_expired", "the offer has expired; search again") from None
    except (jwt.InvalidTokenError, KeyError, ValidationError):
        raise Rejected("offer_invalid", "the offer is not one of ours") from None
