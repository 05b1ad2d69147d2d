"""Any SMTP server, through aiosmtplib. The only importer of it."""

import asyncio
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from typing import Any

from email_notification.domain import Email
from shared.errors import Rejected, Unavailable
from shared.secrets import get_secret
from shared.settings import Settings, get_settings

TIMEOUT_SECONDS = 10.0
PERMANENT = range(500, 600)  # RFC 5321, 4.2.1
# Permanent by number, yet a fault of ours and not of the e-mail: worth another try.
SIGN_IN = frozenset({530, 534, 535, 538})


async def send(email: Email) -> str:
    """Hand the e-mail over; returns its ``Message-ID``, since SMTP names it no other way.

    Raises:
        Rejected: the server refuses this e-mail for good (``email_refused``).
        Unavailable: the server is down, slow, busy, or does not accept our credentials.
    """
    import aiosmtplib  # noqa: PLC0415 -- import budget

    settings = get_settings()
    message = _message(email, settings.email_from)
    options = await _options(settings)
    try:
        # Its own timeout is each command's: a server that is slow at all of them would outlast
        # the claim, and another delivery would send a second copy.
        async with asyncio.timeout(TIMEOUT_SECONDS):
            await aiosmtplib.send(message, **options)
    except aiosmtplib.SMTPRecipientsRefused as error:
        _raise_for(error.recipients[0].code)
    except aiosmtplib.SMTPDataError as error:
        _raise_for(error.code)
    except aiosmtplib.SMTPResponseException as error:
        # At the greeting, the sign-in, the sender: whatever the number, it is not about the e-mail.
        raise Unavailable(f"the SMTP server refuses us: {error.code}") from None
    except (aiosmtplib.SMTPException, OSError) as error:
        raise Unavailable("the SMTP server cannot be reached") from error
    return str(message["Message-ID"])


async def _options(settings: Settings) -> dict[str, Any]:
    options: dict[str, Any] = {
        "hostname": settings.smtp_host,
        "port": settings.smtp_port,
        "timeout": TIMEOUT_SECONDS,
        "use_tls": settings.smtp_tls == "tls",
        "start_tls": settings.smtp_tls == "starttls",
    }
    if settings.smtp_username is not None:
        options["username"] = settings.smtp_username
        options["password"] = await get_secret("smtp-password")
    return options


def _raise_for(code: int) -> None:
    if code in PERMANENT and code not in SIGN_IN:
        raise Rejected("email_refused", "the SMTP server refuses this e-mail") from None
    raise Unavailable(f"the SMTP server answered {code}") from None


def _message(email: Email, email_from: str) -> EmailMessage:
    name, address = parseaddr(email_from)
    message = EmailMessage()
    message["Subject"] = email.subject
    message["From"] = Address(name, addr_spec=address)
    message["To"] = Address(email.recipient_name, addr_spec=email.recipient_email)
    message["Date"] = format_datetime(email.written_at)
    message["Message-ID"] = email.header_message_id(address)
    message["Content-Language"] = email.locale
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(email.text)
    message.add_alternative(email.html, subtype="html")
    return message
