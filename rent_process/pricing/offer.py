"""The signed offer: what was shown is what is booked. A JSON Web Token (RFC 7519), HS256.

The renter's browser carries it; no search writes to the database. Nothing in it is secret.
Written and read here, not by PyJWT: there is one algorithm and nothing to negotiate, and PyJWT
looks at every letter of a token in Python, which a booking can feel.
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from shared.contracts.money import Money
from shared.contracts.renter import CancellationPolicy, CoverageOffer, ExtraOffer, PriceLine
from shared.errors import Rejected


class SignedExtra(ExtraOffer):
    purpose: Literal["Equipment", "AdditionalDriver"]


class SignedTax(BaseModel):
    """Taxes come last, on what the renter adds too: booking reckons them anew."""

    model_config = ConfigDict(frozen=True)

    basis_points: int
    description: str


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
    tax: SignedTax | None = None  # None: no taxes
    promo_code: str | None = None  # taken off in the lines; its use is counted at booking
    deposit: Money
    cancellation_policy: CancellationPolicy


class _Claims(BaseModel):
    aud: Literal["rentacar-offer"] = "rentacar-offer"
    exp: int
    terms: OfferTerms


def sign(terms: OfferTerms, key: str, expires_at: datetime) -> str:
    claims = _Claims(exp=int(expires_at.timestamp()), terms=terms)
    signed = b"%b.%b" % (_HEADER, _encode(claims.model_dump_json().encode()))
    return (b"%b.%b" % (signed, _signature(signed, key))).decode()


def verify(token: str, keys: tuple[str, ...], now: datetime) -> OfferTerms:
    """Read an offer of ours, signed with any of the keys.

    Raises:
        Rejected: ``offer_expired``, or ``offer_invalid`` when it was tampered with.
    """
    signed, _, signature = token.encode().rpartition(b".")
    header, _, payload = signed.partition(b".")
    genuine = any(hmac.compare_digest(_signature(signed, key), signature) for key in keys)
    if not genuine or header != _HEADER:
        raise Rejected("offer_invalid", "the offer is not one of ours")
    try:
        claims = _Claims.model_validate_json(_decode(payload))
    except ValidationError:  # signed by an earlier version of this code
        raise Rejected("offer_invalid", "the offer is not one of ours") from None
    if claims.exp <= now.timestamp():
        raise Rejected("offer_expired", "the offer has expired; search again")
    return claims.terms


def _signature(signed: bytes, key: str) -> bytes:
    return _encode(hmac.digest(key.encode(), signed, "sha256"))


def _encode(data: bytes) -> bytes:
    return urlsafe_b64encode(data).rstrip(b"=")


def _decode(text: bytes) -> bytes:
    return urlsafe_b64decode(text + b"=" * (-len(text) % 4))


_HEADER = _encode(b'{"alg":"HS256","typ":"JWT"}')
