"""SendGrid's API v3, through its SDK. The only importer of it.

The SDK blocks, so it runs in a thread; it sets no timeout, so ours is set.
"""

import asyncio
import logging
from email.utils import parseaddr
from typing import Any

from email_notification.domain import Email
from shared.errors import Rejected, Unavailable
from shared.secrets import get_secret
from shared.settings import Settings, get_settings

# At DEBUG the SDK's client logs the API key and the whole e-mail.
logging.getLogger("python_http_client").setLevel(logging.INFO)

# The e-mail itself is at fault: the same e-mail will be refused again.
REFUSED = frozenset({400, 404, 405, 406, 413, 415, 422})


async def send(email: Email) -> str:
    """Hand the e-mail over; returns SendGrid's ``X-Message-Id``.

    Raises:
        Rejected: SendGrid refuses this e-mail (``email_refused``).
        Unavailable: SendGrid is down, slow, limits the rate, or does not accept our key.
    """
    api_key = await get_secret("sendgrid-api-key")
    return await asyncio.to_thread(_send, email, api_key, get_settings())


def _send(email: Email, api_key: str, settings: Settings) -> str:
    from python_http_client.exceptions import HTTPError  # noqa: PLC0415 -- import budget
    from sendgrid import SendGridAPIClient  # noqa: PLC0415 -- likewise

    sdk = SendGridAPIClient(api_key, host=settings.sendgrid_api_base.rstrip("/"))
    sdk.client.timeout = settings.sendgrid_timeout_seconds
    try:
        response = sdk.send(_mail(email, settings.email_from))
    except HTTPError as error:
        if error.status_code in REFUSED:
            raise Rejected("email_refused", "SendGrid refuses this e-mail") from None
        raise Unavailable(f"SendGrid answered {error.status_code}") from None
    except OSError as error:  # URLError, time-outs, resets
        raise Unavailable("SendGrid cannot be reached") from error
    return str(response.headers.get("X-Message-Id", ""))


def _mail(email: Email, email_from: str) -> dict[str, Any]:
    """The body of ``POST /v3/mail/send``, which the SDK takes as it is."""
    name, address = parseaddr(email_from)
    return {
        "from": _person(name, address),
        "personalizations": [
            {
                "to": [_person(email.recipient_name, email.recipient_email)],
                "custom_args": {
                    "message_id": str(email.message_id),
                    "rental_id": str(email.rental_id),
                },
            }
        ],
        "subject": email.subject,
        "content": [
            {"type": "text/plain", "value": email.text},
            {"type": "text/html", "value": email.html},
        ],
        "categories": [email.template.value],
        "headers": {
            "Message-ID": email.header_message_id(address),
            "Auto-Submitted": "auto-generated",
        },
        # The link to the rental is a key to it: it does not pass through anybody's redirect.
        "tracking_settings": {
            "click_tracking": {"enable": False, "enable_text": False},
            "open_tracking": {"enable": False},
        },
    }


def _person(name: str, address: str) -> dict[str, str]:
    return {"email": address, "name": name} if name else {"email": address}
