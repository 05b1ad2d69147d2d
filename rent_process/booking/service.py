"""Book a rental: hold a car and ask for its payment, in one commit."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

from rent_process import outgoing
from rent_process.booking import domain, repository
from rent_process.booking.domain import Event
from rent_process.limits import repository as counts
from rent_process.limits import service as limits
from rent_process.limits.domain import Try, check_amount
from rent_process.payer import domain as payer
from rent_process.pricing.offer import OfferTerms, verify
from rent_process.promotions import service as promotions
from rent_process.promotions.repository import record_use
from shared import outbox
from shared.contracts.caller import Caller
from shared.contracts.messages import EmailTemplate
from shared.contracts.money import Money
from shared.contracts.renter import PaymentChoice, RentalRequest, RentalStatus
from shared.database import ConstraintViolation, LockTimeout, connect, transaction
from shared.errors import FieldError, Rejected, Unavailable
from shared.features import Flag, is_offered
from shared.outbox import Envelope
from shared.secrets import get_keys
from shared.settings import Settings, get_settings
from shared.telemetry import about, event

# A hot class makes bookings wait for each other (2 s, set on the role): three waits, then 503.
TRIES = 3


@dataclass(frozen=True, slots=True)
class Accepted:
    """A booking that stands, new or found by its key."""

    rental_id: UUID
    reference: str
    status: RentalStatus
    total: Money
    expires_at: datetime | None
    replayed: bool


@dataclass(frozen=True, slots=True)
class _Booking:
    """A request that passed every rule, ready for the one statement that books it."""

    request: RentalRequest
    request_hash: bytes
    key: str
    caller: Caller
    terms: OfferTerms
    chosen: domain.Chosen
    driver_age: int
    expires_at: datetime | None  # None: paid at the counter, confirmed at once
    tries: list[Try]

    @property
    def status(self) -> RentalStatus:
        return RentalStatus.CONFIRMED if self.expires_at is None else RentalStatus.PENDING


async def book(request: RentalRequest, key: str, caller: Caller, now: datetime) -> Accepted:
    """Book, or find what the key has booked before, also when the offer has expired since.

    Raises:
        Rejected: a rule refuses; ``car_unavailable``; ``idempotency_key_reused``;
            ``request_in_progress``; ``rate_limited``.
        Unavailable: a dependency is down.
    """
    request_hash = sha256(request.model_dump_json().encode()).digest()
    try:
        booking = await _check(request, request_hash, key, caller, now)
        async with limits.refusing(booking.tries, now):
            return await _book(booking)
    except Rejected:
        # Only acceptances are stored: a refusal gives way to an earlier acceptance of the key.
        async with connect("rent") as connection:
            known = await repository.find_by_key(connection, caller.scope, key)
        if known is None:
            raise
    if known.request_hash != request_hash:
        detail = "this Idempotency-Key was used for another request"
        raise Rejected("idempotency_key_reused", detail)
    total = Money(amount=known.total_minor, currency=known.currency)
    return Accepted(
        known.rental_id, known.reference, known.status, total, known.expires_at, replayed=True
    )


async def check_method(payment: PaymentChoice, caller: Caller) -> None:
    """Hold a payment method against its flags, which may be on for some callers only.

    Raises:
        Rejected: ``payment_method_unavailable``.
    """
    flags = {
        "card": (Flag.PAYMENTS,),
        "pix": (Flag.PAYMENTS, Flag.PIX),
        "boleto": (Flag.PAYMENTS, Flag.BOLETO),
        "counter": (),
    }
    for flag in flags[payment.method]:
        if not await is_offered(flag, caller):
            detail = f"paying by {payment.method} is not possible at the moment"
            fault = FieldError("/payment/method", detail)
            raise Rejected("payment_method_unavailable", detail, (fault,))


def check_currency(payment: PaymentChoice, currency: str) -> None:
    """Pix and boleto are Brazil's, and pay in its currency only.

    Raises:
        Rejected: ``payment_method_unavailable``.
    """
    if payment.method in {"pix", "boleto"} and currency != "BRL":
        detail = f"{payment.method} does not pay in {currency}"
        raise Rejected(
            "payment_method_unavailable", detail, (FieldError("/payment/method", detail),)
        )


async def _check(
    request: RentalRequest, request_hash: bytes, key: str, caller: Caller, now: datetime
) -> _Booking:
    """Apply every rule that needs no lock."""
    if not await is_offered(Flag.BOOKINGS, caller):
        raise Rejected("bookings_closed", "no new bookings are taken at the moment")
    await check_method(request.payment, caller)
    terms = verify(request.offer, await get_keys("offer-signing-key"), now)
    check_currency(request.payment, terms.currency)
    if terms.pickup_at <= now:
        raise Rejected("too_soon", "the pick-up time has passed")
    at_counter = request.payment.method == "counter"
    hold_ends = now + hold_of(request.payment, get_settings())
    chosen = domain.price_choice(request, terms)
    check_amount(request.payment.method, chosen.price.total)
    if payer.is_boleto(request.payment):
        payer.check_document(request.driver.document.type)
        payer.check_time(terms.pickup_at, hold_ends)
    return _Booking(
        request=request,
        request_hash=request_hash,
        key=key,
        caller=caller,
        terms=terms,
        chosen=chosen,
        driver_age=domain.check_driver(request, terms),
        # A hold never outlives the pick-up.
        expires_at=None if at_counter else min(hold_ends, terms.pickup_at),
        tries=await limits.tries_of(request.driver.email, caller, now),
    )


def hold_of(payment: PaymentChoice, settings: Settings) -> timedelta:
    """How long a car is held for this way of paying."""
    seconds = {
        "card": settings.hold_card_seconds,
        "pix": settings.hold_pix_seconds,
        "boleto": settings.hold_boleto_seconds,
        "counter": 0,
    }
    return timedelta(seconds=seconds[payment.method])


async def _book(booking: _Booking) -> Accepted:
    for _ in range(TRIES):
        rental_id, reference = uuid4(), domain.new_reference()
        envelopes = _first_messages(booking, rental_id, reference)
        parameters = _parameters(booking, rental_id, reference, envelopes)
        try:
            result = await _write(booking, rental_id, parameters)
        except LockTimeout as timeout:
            if timeout.relation in {"class_calendar", "promo_code", "recent_try"}:
                continue
            detail = "the first request with this Idempotency-Key is still running"
            raise Rejected("request_in_progress", detail) from timeout
        except ConstraintViolation as violation:
            if violation.constraint != "rental_reference_key":
                raise
            continue  # two references of 40 random bits met: draw again
        if not result.booked:
            # Sold out, or the key is taken: the caller looks the key up before it refuses.
            raise Rejected("car_unavailable", "the class is sold out for that period")
        about(rental_id)
        outbox.relay("rent", envelopes)
        event("rental_booked", {"status": booking.status})
        return Accepted(
            rental_id,
            reference,
            booking.status,
            booking.chosen.price.total,
            booking.expires_at,
            replayed=False,
        )
    raise Unavailable("too many bookings of this class at once; try again")


async def _write(
    booking: _Booking, rental_id: UUID, parameters: dict[str, Any]
) -> repository.BookingResult:
    """Book in one statement; a promo code's use is counted in the same commit."""
    code = booking.terms.promo_code
    if code is None:
        async with connect("rent") as connection:
            return await repository.book(connection, parameters)
    async with transaction("rent") as connection:
        await promotions.reserve(connection, code)
        result = await repository.book(connection, parameters)
        if result.booked:
            await record_use(connection, rental_id, code)
    return result


def _first_messages(booking: _Booking, rental_id: UUID, reference: str) -> list[Envelope]:
    """What follows from a booking: the payment, or at the counter the confirmation."""
    if booking.expires_at is None:
        return [
            outgoing.email_requested(rental_id, EmailTemplate.RENTAL_CONFIRMED),
            outgoing.documents_requested(rental_id),
        ]
    return [
        outgoing.payment_requested(
            rental_id,
            reference,
            attempt=1,
            amount=booking.chosen.price.total,
            payment=booking.request.payment,
            expires_at=booking.expires_at,
        )
    ]


def _driver(request: RentalRequest) -> dict[str, Any]:
    """The payer's address stands with the driver: what erases one erases the other."""
    driver = request.driver.model_dump(mode="json", exclude_none=True)
    address = request.payment.billing_address
    if address is not None:
        driver["billing_address"] = address.model_dump(exclude_none=True)
    return driver


def _parameters(
    booking: _Booking, rental_id: UUID, reference: str, envelopes: list[Envelope]
) -> dict[str, Any]:
    request, terms, chosen = booking.request, booking.terms, booking.chosen
    at_counter = booking.expires_at is None
    follows = Event.CONFIRMED if at_counter else Event.PAYMENT_REQUESTED
    return {
        "rental_id": rental_id,
        "reference": reference,
        "status": booking.status,
        "idempotency_scope": booking.caller.scope,
        "idempotency_key": booking.key,
        "request_hash": booking.request_hash,
        "subject": booking.caller.subject,
        "pickup_branch": terms.pickup_branch,
        "return_branch": terms.return_branch,
        "class_code": terms.class_code,
        "pickup_at": terms.pickup_at,
        "return_at": terms.return_at,
        "from_hour": terms.from_hour,
        "to_hour": terms.to_hour,
        "driver": json.dumps(_driver(request)),
        "driver_age": booking.driver_age,
        "price": chosen.price.model_dump_json(),
        "total_minor": chosen.price.total.amount,
        "currency": chosen.price.total.currency,
        "deposit_minor": terms.deposit.amount,
        "cancellation_policy": terms.cancellation_policy.model_dump_json(),
        "extras": json.dumps(chosen.extras),
        "coverages": json.dumps(chosen.coverages),
        "payment_method": request.payment.method,
        "attempt": 0 if at_counter else 1,
        "locale": request.locale,
        "expires_at": booking.expires_at,
        "actor": booking.caller.actor,
        "events": [Event.BOOKED, follows],
        **counts.parameters(booking.tries),
        **outbox.parameters(envelopes),
    }
