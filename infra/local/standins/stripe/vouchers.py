"""Pix codes and boletos: issued at confirmation, paid or expired later by somebody else."""

import secrets
from datetime import datetime, timedelta, timezone

from infra.local.standins.stripe import charges
from infra.local.standins.stripe.card_payment import fail
from infra.local.standins.stripe.errors import Json, StripeError, invalid
from infra.local.standins.stripe.ledger import Attempt, now
from infra.local.standins.stripe.vendor import Stripe

PIX_SECONDS = (10, 14 * 86_400)  # https://docs.stripe.com/payments/pix
BRASILIA = timezone(timedelta(hours=-3))  # no summer time since 2019
BOLETO_EPOCH = datetime(1997, 10, 7, tzinfo=BRASILIA)  # day 0 of the due-date factor
EXPIRED = "The payment was not made before the code or voucher expired."


def check_pix_options(options: Json, sent: Json) -> None:
    param = "payment_method_options[pix][expires_at]"
    if "expires_at" in sent and "expires_after_seconds" in sent:
        message = "You may only specify one of expires_at and expires_after_seconds."
        raise invalid(message, param, "parameters_exclusive")
    if "expires_at" in sent:
        if not PIX_SECONDS[0] <= sent["expires_at"] - now() <= PIX_SECONDS[1]:
            raise invalid("expires_at must be between 10 seconds and 14 days from now.", param)
        options["expires_after_seconds"] = None
    elif "expires_after_seconds" in sent:
        options["expires_at"] = None


def issue(stripe: Stripe, intent: Json, method: Json, attempt: Attempt) -> None:
    attempt.challenge = secrets.token_hex(16)
    kind = method["type"]
    base = f"{stripe.options.base_url}/{kind}/{intent['id']}/{attempt.challenge}"
    options = intent["payment_method_options"][kind]
    if kind == "pix":
        ends_at = options["expires_at"] or now() + options["expires_after_seconds"]
        shown = {
            "data": pix_code(base, intent),
            "expires_at": ends_at,
            "hosted_instructions_url": base,
            "image_url_png": f"{base}/code.png",
            "image_url_svg": f"{base}/code.svg",
        }
        action: Json = {"type": "pix_display_qr_code", "pix_display_qr_code": shown}
    else:
        ends_at = _end_of_day(options["expires_after_days"])
        number = boleto_number(intent["amount"], ends_at)
        shown = {"expires_at": ends_at, "hosted_voucher_url": base, "number": number}
        action = {
            "type": "boleto_display_details",
            "boleto_display_details": {**shown, "pdf": f"{base}/boleto.pdf"},
        }
    intent.update(status="requires_action", next_action=action, latest_charge=None)
    stripe.emit("payment_intent.requires_action", intent)
    stripe.later(max(0, ends_at - now()), expire, stripe, intent, attempt.challenge)


def expires_at(intent: Json) -> int | None:
    """When the code or voucher that the intent shows becomes void."""
    action = intent["next_action"] or {}
    moment: int | None = action.get(action.get("type"), {}).get("expires_at")
    return moment


def is_open(stripe: Stripe, intent: Json, challenge: str) -> bool:
    return (
        intent["status"] == "requires_action"
        and stripe.ledger.attempt(intent).challenge == challenge
    )


def pay(stripe: Stripe, intent: Json, challenge: str) -> None:
    """The payer's bank has sent the money: ``processing``, then ``succeeded``."""
    if not is_open(stripe, intent, challenge):
        return
    stripe.ledger.attempt(intent).challenge = None
    charge = charges.add(stripe, intent, stripe.ledger.method(intent["payment_method"]))
    intent.update(status="processing", next_action=None, latest_charge=charge["id"])
    stripe.emit("charge.pending", charge)
    stripe.emit("payment_intent.processing", intent)
    stripe.later(stripe.options.settle_seconds, arrive, stripe, intent, charge)


def arrive(stripe: Stripe, intent: Json, charge: Json) -> None:
    stripe.ledger.used_up.add(intent["payment_method"])
    intent.update(status="succeeded", amount_received=intent["amount"])
    charges.succeed(stripe, charge, capture=True, at_once=True)
    stripe.emit("payment_intent.succeeded", intent)


def expire(stripe: Stripe, intent: Json, challenge: str) -> None:
    if not is_open(stripe, intent, challenge):
        return
    method = stripe.ledger.method(intent["payment_method"])
    code = "payment_intent_payment_attempt_expired"
    fail(stripe, intent, StripeError(402, EXPIRED, code=code, payment_method=dict(method)))


def _end_of_day(days: int) -> int:
    """A boleto is valid until the end of its last day in Brasília."""
    last = datetime.now(BRASILIA) + timedelta(days=days)
    return int(last.replace(hour=23, minute=59, second=59, microsecond=0).timestamp())


def pix_code(url: str, intent: Json) -> str:
    """A BR Code (EMV merchant-presented QR) as Banco Central do Brasil lays it out."""
    account = _field("00", "br.gov.bcb.pix") + _field("25", url.partition("://")[2][:77])
    code = (
        _field("00", "01")
        + _field("26", account)
        + _field("52", "0000")
        + _field("53", "986")
        + _field("54", f"{intent['amount'] / 100:.2f}")
        + _field("58", "BR")
        + _field("59", "RENTACAR")
        + _field("60", "SAO PAULO")
        + _field("62", _field("05", "***"))
        + "6304"
    )
    return f"{code}{crc16(code.encode()):04X}"


def _field(tag: str, value: str) -> str:
    return f"{tag}{len(value):02d}{value}"


def crc16(data: bytes) -> int:
    """CRC-16/CCITT-FALSE, the check of a BR Code."""
    register = 0xFFFF
    for byte in data:
        register ^= byte << 8
        for _ in range(8):
            register = (register << 1) ^ (0x1021 if register & 0x8000 else 0)
            register &= 0xFFFF
    return register


def boleto_number(amount: int, ends_at: int) -> str:
    """The 47 digits that a payer types (linha digitável), check digits right."""
    days = (datetime.fromtimestamp(ends_at, BRASILIA) - BOLETO_EPOCH).days
    factor = (days - 1000) % 9000 + 1000  # it starts again at 1000 after 9999
    free = f"{secrets.randbelow(10**25):025d}"
    tail = f"{factor:04d}{amount:010d}"
    check = _modulo_11(f"0019{tail}{free}")
    fields = (f"0019{free[:5]}", free[5:15], free[15:])
    return "".join(f"{field}{_modulo_10(field)}" for field in fields) + f"{check}{tail}"


def _modulo_10(digits: str) -> int:
    products = (int(d) * (2 if i % 2 == 0 else 1) for i, d in enumerate(reversed(digits)))
    return -sum(sum(divmod(product, 10)) for product in products) % 10


def _modulo_11(digits: str) -> int:
    rest = 11 - sum(int(d) * (i % 8 + 2) for i, d in enumerate(reversed(digits))) % 11
    return rest if 1 < rest < 10 else 1  # noqa: PLR2004 - FEBRABAN's rule
