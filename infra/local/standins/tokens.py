"""Access tokens as the managed identity stand-in issues them and the Azure stand-ins check them.

Microsoft Entra signs with a rotating RSA key and publishes it; here issuer and checkers share one
secret, which is enough to tell a right audience from a wrong one and a live token from an expired
one. Clients never look inside an access token.
"""

import time
from typing import Any

import jwt

TENANT_ID = "6f1e9c52-0d1f-4a5b-9a57-2f6a3c1b7d10"
CLIENT_ID = "0b8c4a1e-7f35-4d0c-8a67-5f4f6f0c9a21"
LIFETIME_SECONDS = 24 * 3600  # what App Service hands out
LOCAL_KEY = "local-stack-token-key-that-guards-nothing"


def issue(
    resource: str, *, key: str = LOCAL_KEY, lifetime_seconds: int = LIFETIME_SECONDS
) -> tuple[str, int]:
    """A token for one resource and the second at which it expires."""
    now = int(time.time())
    expires_on = now + lifetime_seconds
    claims = {
        "aud": resource,
        "iss": f"https://sts.windows.net/{TENANT_ID}/",
        "iat": now,
        "nbf": now,
        "exp": expires_on,
        "appid": CLIENT_ID,
        "idtyp": "app",
        "tid": TENANT_ID,
    }
    return jwt.encode(claims, key, algorithm="HS256"), expires_on


def fault(authorization: str, audience: str, *, key: str = LOCAL_KEY) -> str | None:
    """Why an Authorization header is no valid Bearer token for the audience; None when it is."""
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token:
        return "Request is missing a Bearer or PoP token."
    try:
        claims: dict[str, Any] = jwt.decode(
            token, key, algorithms=["HS256"], options={"verify_aud": False, "require": ["exp"]}
        )
    except jwt.ExpiredSignatureError:
        return "Error validating token: IDX10223: the token is expired."
    except jwt.InvalidTokenError:
        return "Error validating token: IDX10511: signature validation failed."
    if str(claims.get("aud")).rstrip("/") != audience.rstrip("/"):
        return f"Invalid audience. Expected {audience}, found: {claims.get('aud')}."
    return None
