"""``Stripe-Signature`` (https://docs.stripe.com/webhooks#verify-manually)."""

import hashlib
import hmac


def sign(body: str, secret: str, timestamp: int) -> str:
    digest = hmac.new(secret.encode(), f"{timestamp}.{body}".encode(), hashlib.sha256).hexdigest()
    return f"t={timestamp},v1={digest}"
