"""A complete environment in which nothing can be reached: a test adds what it really needs."""

from collections.abc import Iterator

import pytest

from shared.settings import get_settings

NOWHERE = "http://127.0.0.1:9"  # the discard port: refused at once, so a stray call is seen
ENVIRONMENT = {
    "DATABASE_URL_RENT": "postgresql://rent@127.0.0.1:9/nowhere",
    "DATABASE_URL_PAYMENT": "postgresql://payment@127.0.0.1:9/nowhere",
    "DATABASE_URL_EMAIL": "postgresql://email@127.0.0.1:9/nowhere",
    "PUBLIC_BASE_URL": "http://localhost:7071",
    "OIDC_ISSUER": NOWHERE,
    "OIDC_AUDIENCE": "rentacar",
    "OIDC_WEB_CLIENT_ID": "rentacar-web",
    "STRIPE_API_BASE": NOWHERE,
    "STRIPE_JS_URL": f"{NOWHERE}/v3/",
    "STRIPE_PUBLISHABLE_KEY": "pk_test_rentacar",
    "SENDGRID_API_BASE": NOWHERE,
    "SMTP_HOST": "127.0.0.1",
    "SMTP_PORT": "9",
    "SMTP_TLS": "none",
    "EMAIL_FROM": "RentACar <no-reply@rentacar.example>",
    "TELEMETRY_BACKEND": "none",
    # Tests look at the outbox; those about sending switch the relay on.
    "OUTBOX_RELAY": "false",
    # Tests book as one renter with one card; those about limits set their own.
    "LIMIT_EMAIL_PER_HOUR": "0",
    "LIMIT_ADDRESS_PER_HOUR": "0",
    "LIMIT_CARD_PER_HOUR": "0",
    "STRIPE_API_KEY": "sk_test_rentacar",
    "STRIPE_WEBHOOK_SECRET": "whsec_test_rentacar",
    "SENDGRID_API_KEY": "SG.test-rentacar",
    "OFFER_SIGNING_KEY": "offer-signing-key-of-the-tests-0123456789",
    "MANAGE_TOKEN_KEY": "manage-token-key-of-the-tests-0123456789",
    "INTERNAL_FUNCTION_KEY": "internal-function-key-of-the-tests",
}


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Settings and secrets of a test; change them with the returned ``setenv``, before use."""
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    get_settings.cache_clear()
    yield monkeypatch
    get_settings.cache_clear()
