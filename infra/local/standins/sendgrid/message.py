"""Turns SendGrid's JSON into the MIME messages that its servers would send."""

import base64
import json
from collections.abc import Iterable
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, localtime
from typing import Any


@dataclass(frozen=True)
class Delivery:
    """One message and its envelope; recipients in bcc stand only there."""

    message: EmailMessage
    sender: str
    recipients: list[str]


def deliveries(mail: dict[str, Any], message_id: str) -> list[Delivery]:
    """One delivery for each personalization."""
    return [
        _delivery(mail, person, f"{message_id}.{number}" if number else message_id)
        for number, person in enumerate(mail["personalizations"])
    ]


def _delivery(mail: dict[str, Any], person: dict[str, Any], message_id: str) -> Delivery:
    sender = person.get("from") or mail["from"]
    message = EmailMessage()
    message["Date"] = format_datetime(localtime())
    message["Message-ID"] = f"<{message_id}@sendgrid.local>"
    message["From"] = _address(sender)
    message["To"] = _addresses(person["to"])
    if person.get("cc"):
        message["Cc"] = _addresses(person["cc"])
    if mail.get("reply_to"):
        message["Reply-To"] = _address(mail["reply_to"])
    message["Subject"] = person.get("subject") or mail.get("subject", "")
    for name, value in {**(mail.get("headers") or {}), **(person.get("headers") or {})}.items():
        del message[name]  # a Message-ID or Date of the sender's own replaces ours
        message[name] = str(value)
    if smtp_api := _smtp_api(mail, person):
        message["X-SMTPAPI"] = smtp_api
    _add_content(message, mail, person.get("substitutions") or {})
    recipients = [each["email"] for kind in ("to", "cc", "bcc") for each in person.get(kind) or ()]
    return Delivery(message, sender["email"], recipients)


def _smtp_api(mail: dict[str, Any], person: dict[str, Any]) -> str:
    """Custom arguments and categories in the header that SendGrid's own SMTP relay reads."""
    arguments = {**(mail.get("custom_args") or {}), **(person.get("custom_args") or {})}
    found = {"unique_args": arguments, "category": mail.get("categories")}
    kept = {name: value for name, value in found.items() if value}
    return json.dumps(kept) if kept else ""


def _add_content(message: EmailMessage, mail: dict[str, Any], changes: dict[str, str]) -> None:
    """Text and HTML as alternatives of each other, then the attachments."""
    for number, part in enumerate(mail.get("content") or [{"type": "text/plain", "value": ""}]):
        value = part["value"]
        for tag, replacement in changes.items():
            value = value.replace(tag, replacement)
        subtype = part["type"].partition("/")[2]
        if number == 0:
            message.set_content(value, subtype=subtype, cte="quoted-printable")
        else:
            message.add_alternative(value, subtype=subtype, cte="quoted-printable")
    for file in mail.get("attachments") or ():
        kind, _, subtype = (file.get("type") or "application/octet-stream").partition("/")
        message.add_attachment(
            base64.b64decode(file["content"]),
            maintype=kind,
            subtype=subtype or "octet-stream",
            filename=file["filename"],
            disposition=file.get("disposition") or "attachment",
            cid=f"<{file['content_id']}>" if file.get("content_id") else None,
        )


def _address(person: dict[str, Any]) -> Address:
    return Address(display_name=person.get("name") or "", addr_spec=person["email"])


def _addresses(people: Iterable[dict[str, Any]]) -> list[Address]:
    return [_address(each) for each in people]
