"""The token that lets a guest manage one rental: derived, never stored.

RentProcess makes and verifies it; EmailNotification puts it into the link of an e-mail. Whoever
holds a key can do both. While a key is rotated the old one stands behind the new one: links of
before go on (docs/operations/secrets.md).
"""

import hmac
from base64 import urlsafe_b64encode
from hashlib import sha256


def derive(key: str, reference: str) -> str:
    """Return 43 URL-safe characters: HMAC-SHA256 over the reference."""
    digest = hmac.digest(key.encode(), b"manage:" + reference.encode(), sha256)
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


def is_valid(token: str, keys: tuple[str, ...], reference: str) -> bool:
    """Whether any of the keys made it; compared in constant time."""
    return any(hmac.compare_digest(token.encode(), derive(k, reference).encode()) for k in keys)
