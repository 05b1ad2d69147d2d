"""The token that lets a guest manage one rental: derived, never stored.

RentProcess makes and verifies it; EmailNotification puts it into the link of an e-mail. Whoever
holds the key can do both, so a rotation of the key ends all links (docs/operations/secrets.md).
"""

import hmac
from base64 import urlsafe_b64encode
from hashlib import sha256


def derive(key: str, reference: str) -> str:
    """Return 43 URL-safe characters: HMAC-SHA256 over the reference."""
    digest = hmac.digest(key.encode(), b"manage:" + reference.encode(), sha256)
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


def is_valid(token: str, key: str, reference: str) -> bool:
    """Compare in constant time."""
    return hmac.compare_digest(token.encode(), derive(key, reference).encode())
