"""What SendGrid refuses, in its own words.

Sources: the v3 mail send specification, and SendGrid's page of error messages
(www.twilio.com/docs/sendgrid/api-reference/mail-send/errors).
"""

import re
from collections.abc import Iterator
from typing import Any

HELP = "http://sendgrid.com/docs/API_Reference/Web_API_v3/Mail/errors.html#message."
MAXIMUM_PERSONALIZATIONS = 1000
MAXIMUM_CUSTOM_ARGS_BYTES = 10_000
ADDRESS = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;.]+|[^@\s<>,;]+@localhost")
CONTENT_ORDER = {"text/plain": 0, "text/x-amp-html": 1, "text/html": 2}
RESERVED_HEADERS = {
    "x-sg-id",
    "x-sg-eid",
    "received",
    "dkim-signature",
    "content-type",
    "content-transfer-encoding",
    "to",
    "from",
    "subject",
    "reply-to",
    "cc",
    "bcc",
}

Fault = dict[str, Any]


def fault(message: str, field: str | None = None, topic: str | None = None) -> Fault:
    return {"message": message, "field": field, "help": HELP + topic if topic else None}


def mail_faults(mail: Any) -> Iterator[Fault]:
    """Every reason to answer 400, in the order in which SendGrid lists them."""
    if not isinstance(mail, dict):
        yield fault("Bad Request")
        return
    yield from _sender_faults(mail)
    yield from _personalization_faults(mail)
    if not mail.get("template_id"):
        yield from _subject_faults(mail)
        yield from _content_faults(mail.get("content"))
    yield from _header_faults(mail.get("headers"), "headers")
    if len(str(mail.get("custom_args") or "")) > MAXIMUM_CUSTOM_ARGS_BYTES:
        yield fault("custom_args must be less than 10,000 bytes.", "custom_args", "custom_args")


def _is_address(person: Any) -> bool:
    return isinstance(person, dict) and bool(ADDRESS.fullmatch(str(person.get("email", ""))))


def _sender_faults(mail: dict[str, Any]) -> Iterator[Fault]:
    if not isinstance(mail.get("from"), dict) or not mail["from"].get("email"):
        yield fault(
            "The from object must be provided for every email send. It is an object that requires"
            " the email parameter, but may also contain a name parameter.",
            "from.email",
            "from",
        )
    elif not _is_address(mail["from"]):
        yield fault("The from email does not contain a valid address.", "from.email", "from")
    if mail.get("reply_to") and not _is_address(mail["reply_to"]):
        message = "The reply_to email does not contain a valid address."
        yield fault(message, "reply_to.email", "reply_to")


def _personalization_faults(mail: dict[str, Any]) -> Iterator[Fault]:
    people = mail.get("personalizations")
    if not isinstance(people, list) or not people:
        message = (
            "The personalizations field is required and must have at least one personalization."
        )
        yield fault(message, "personalizations", "personalizations")
        return
    if len(people) > MAXIMUM_PERSONALIZATIONS:
        message = "There are too many personalizations. The limit is 1000."
        yield fault(message, "personalizations", "personalizations")
    for number, person in enumerate(people):
        yield from _recipient_faults(person, f"personalizations.{number}")


def _recipient_faults(person: Any, place: str) -> Iterator[Fault]:
    if not isinstance(person, dict) or not person.get("to"):
        yield fault(
            "The to array is required for all personalization objects, and must have at least one"
            " email object with a valid email address.",
            f"{place}.to",
            "personalizations.to",
        )
        return
    seen: set[str] = set()
    for kind in ("to", "cc", "bcc"):
        for number, each in enumerate(person.get(kind) or ()):
            field = f"{place}.{kind}.{number}.email"
            if not _is_address(each):
                topic = f"personalizations.{kind}"
                yield fault("Does not contain a valid address.", field, topic)
                continue
            address = each["email"].lower()
            if address in seen:
                yield fault(
                    "Each email address in the personalization block should be unique between to,"
                    f" cc, and bcc. We found the first duplicate instance of [{each['email']}]"
                    f" in the {place}.{kind} field.",
                    "personalizations",
                )
            seen.add(address)
    yield from _header_faults(person.get("headers"), f"{place}.headers")


def _subject_faults(mail: dict[str, Any]) -> Iterator[Fault]:
    people = mail.get("personalizations") or [{}]
    if mail.get("subject") or all(isinstance(p, dict) and p.get("subject") for p in people):
        return
    yield fault(
        "The subject is required. You can get around this requirement if you use a template with a"
        " subject defined or if every personalization has a subject defined.",
        "subject",
        "subject",
    )


def _content_faults(content: Any) -> Iterator[Fault]:
    if not isinstance(content, list) or not content:
        yield fault(
            "Unless a valid template_id is provided, the content parameter is required. There must"
            " be at least one defined content block. We typically suggest both text/plain and"
            " text/html blocks are included, but only one block is required.",
            "content",
            "content",
        )
        return
    for number, part in enumerate(content):
        for name in ("type", "value"):
            if not isinstance(part, dict) or not part.get(name):
                message = f"The content {name} must be a string at least one character in length."
                yield fault(message, f"content.{number}.{name}", f"content.{name}")
    types = [str(part.get("type")) for part in content if isinstance(part, dict)]
    if types != sorted(types, key=lambda each: CONTENT_ORDER.get(each, 3)):
        yield fault(
            "If present, text/plain and text/html must come first, in this order: text/plain,"
            " text/x-amp-html, text/html.",
            "content",
            "content",
        )


def _header_faults(headers: Any, place: str) -> Iterator[Fault]:
    for name in headers or ():
        if name.lower() in RESERVED_HEADERS:
            yield fault(f"The header {name} is reserved.", f"{place}.{name}", "headers")
