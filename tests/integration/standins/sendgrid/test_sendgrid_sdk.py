"""SendGrid's own SDK against the stand-in, and a real SMTP server behind it."""

import asyncio
import gzip
import json
import time
from collections.abc import Callable, Iterator
from email.message import Message
from email.parser import BytesParser
from email.policy import default
from pathlib import Path
from typing import Any

import httpx
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from python_http_client.exceptions import BadRequestsError, UnauthorizedError
from sendgrid import SendGridAPIClient
from sendgrid.helpers.mail import (
    Attachment,
    Bcc,
    CustomArg,
    FileContent,
    FileName,
    FileType,
    Header,
    Mail,
    ReplyTo,
)

from tests.integration.standins.vendor_check import assert_true_to_vendor
from tests.plugins.standins import Serve

PATIENCE_SECONDS = 10


class Mailbox:
    """Takes what the stand-in relays; the first ``refusals`` mails meet a greylisting server."""

    def __init__(self) -> None:
        self.refusals = 0
        self.mails: list[tuple[list[str], Message]] = []

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        if self.refusals:
            self.refusals -= 1
            return "451 Greylisted, try again later"
        assert isinstance(envelope.content, bytes)
        message = BytesParser(policy=default).parsebytes(envelope.content)
        self.mails.append((envelope.rcpt_tos, message))
        return "250 OK"


class MailServer(Controller):
    """An SMTP server on a free port, which aiosmtpd by itself cannot find again."""

    def _trigger_server(self) -> None:
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call] # aiosmtpd has no types here


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def smtp_port(mailbox: Mailbox) -> Iterator[int]:
    server = MailServer(mailbox, hostname="127.0.0.1", port=0)
    server.start()
    yield server.port
    server.stop()


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    return tmp_path / "exchanges.jsonl"


@pytest.fixture
def url(serve_standins: Serve, recording: Path, smtp_port: int) -> str:
    options = {"smtp_host": "127.0.0.1", "smtp_port": smtp_port, "api_key": "SG.local"}
    server = {"name": "sendgrid", "options": options}
    return serve_standins(server, record=recording)["sendgrid"]


@pytest.fixture
def client(url: str) -> SendGridAPIClient:
    return SendGridAPIClient(api_key="SG.local", host=url)


def confirmation() -> Mail:
    mail = Mail(
        from_email=("aluguel@rentacar.example", "RentACar"),
        to_emails=[("ana@example.com", "Ana São João")],
        subject="Sua reserva está confirmada",
        plain_text_content="Olá, Ana. R$ 450,00",
        html_content="<p>Olá, <b>Ana</b>. R$ 450,00</p>",
    )
    mail.custom_arg = CustomArg("rental_id", "r-1")
    mail.header = Header("X-Rental", "ABC123")
    return mail


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "the mail did not arrive"
        time.sleep(0.02)


def test_an_accepted_mail_arrives_with_text_html_headers_and_custom_args(
    client: SendGridAPIClient, mailbox: Mailbox, url: str, recording: Path
) -> None:
    answer = client.send(confirmation())
    assert answer.status_code == 202
    assert answer.body == b""
    message_id = answer.headers["X-Message-Id"]
    wait_for(lambda: bool(mailbox.mails))
    [(recipients, message)] = mailbox.mails
    assert recipients == ["ana@example.com"]
    assert message["Subject"] == "Sua reserva está confirmada"
    assert message["To"] == "Ana São João <ana@example.com>"
    assert message["Message-ID"] == f"<{message_id}@sendgrid.local>"
    assert message["X-Rental"] == "ABC123"
    assert json.loads(message["X-SMTPAPI"]) == {"unique_args": {"rental_id": "r-1"}}
    parts = {part.get_content_type(): part for part in message.walk()}
    assert "Olá, Ana. R$ 450,00" in parts["text/plain"].get_content()  # type: ignore[attr-defined] # an EmailMessage
    assert "<b>Ana</b>" in parts["text/html"].get_content()  # type: ignore[attr-defined] # an EmailMessage
    wait_for(lambda: state_of(url) == "relayed")
    assert_true_to_vendor(recording, exchanges=1)


def state_of(url: str) -> str:
    [message] = httpx.get(f"{url}/_control/messages").json()["messages"]
    return str(message["state"])


def test_blind_copies_attachments_and_reply_to(
    client: SendGridAPIClient, mailbox: Mailbox, recording: Path
) -> None:
    mail = confirmation()
    mail.add_bcc(Bcc("archive@rentacar.example"))
    mail.reply_to = ReplyTo("desk@rentacar.example")
    mail.attachment = Attachment(
        FileContent("JVBERi0="), FileName("agreement.pdf"), FileType("application/pdf")
    )
    client.send(mail)
    wait_for(lambda: bool(mailbox.mails))
    [(recipients, message)] = mailbox.mails
    assert recipients == ["ana@example.com", "archive@rentacar.example"]
    assert message["Bcc"] is None
    assert message["Reply-To"] == "desk@rentacar.example"
    [attached] = [part for part in message.walk() if part.get_filename() == "agreement.pdf"]
    assert attached.get_payload(decode=True) == b"%PDF-"
    assert_true_to_vendor(recording, exchanges=1)


def test_a_mail_server_that_says_later_delays_the_mail_and_not_the_answer(
    client: SendGridAPIClient, mailbox: Mailbox
) -> None:
    mailbox.refusals = 2
    assert client.send(confirmation()).status_code == 202
    wait_for(lambda: len(mailbox.mails) == 1)


def test_a_wrong_key_is_refused(url: str, recording: Path) -> None:
    with pytest.raises(UnauthorizedError) as refused:
        SendGridAPIClient(api_key="SG.wrong", host=url).send(confirmation())
    [fault] = refused.value.to_dict["errors"]
    assert "authorization grant is invalid" in fault["message"]
    assert_true_to_vendor(recording, exchanges=1)


def test_keys_can_be_rolled(url: str, client: SendGridAPIClient) -> None:
    assert client.send(confirmation()).status_code == 202
    httpx.post(f"{url}/_control/keys", json={"api_keys": ["SG.new"]}).raise_for_status()
    with pytest.raises(UnauthorizedError):
        client.send(confirmation())
    assert SendGridAPIClient(api_key="SG.new", host=url).send(confirmation()).status_code == 202


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"from": None}, "from.email"),
        ({"from": {"email": "nobody"}}, "from.email"),
        ({"personalizations": []}, "personalizations"),
        ({"personalizations": [{"to": []}]}, "personalizations.0.to"),
        ({"personalizations": [{"to": [{"email": "x"}]}]}, "personalizations.0.to.0.email"),
        (
            {"personalizations": [{"to": [{"email": "a@b.co"}], "cc": [{"email": "A@b.co"}]}]},
            "personalizations",
        ),
        ({"subject": ""}, "subject"),
        ({"content": []}, "content"),
        ({"content": [{"type": "text/plain", "value": ""}]}, "content.0.value"),
        (
            {
                "content": [
                    {"type": "text/html", "value": "x"},
                    {"type": "text/plain", "value": "x"},
                ]
            },
            "content",
        ),
        ({"headers": {"Subject": "x"}}, "headers.Subject"),
    ],
)
def test_a_faulty_mail_is_refused_and_the_field_named(
    url: str, recording: Path, mailbox: Mailbox, change: dict[str, Any], field: str
) -> None:
    answer = httpx.post(
        f"{url}/v3/mail/send",
        json={**confirmation().get(), **change},
        headers={"Authorization": "Bearer SG.local"},
    )
    assert answer.status_code == 400
    assert field in [fault["field"] for fault in answer.json()["errors"]]
    assert not mailbox.mails
    assert_true_to_vendor(recording, exchanges=1, only="response")


def test_the_sdk_raises_for_a_refusal(client: SendGridAPIClient) -> None:
    with pytest.raises(BadRequestsError):
        client.client.mail.send.post(request_body={"subject": "nothing else"})


def test_bodies_may_be_gzipped_and_must_be_json(url: str, mailbox: Mailbox) -> None:
    headers = {"Authorization": "Bearer SG.local", "Content-Type": "application/json"}
    body = gzip.compress(json.dumps(confirmation().get()).encode())
    packed = {**headers, "Content-Encoding": "gzip"}
    assert httpx.post(f"{url}/v3/mail/send", content=body, headers=packed).status_code == 202
    wait_for(lambda: len(mailbox.mails) == 1)
    broken = httpx.post(f"{url}/v3/mail/send", content=b"{", headers=headers)
    assert broken.status_code == 400


def test_an_injected_fault_speaks_as_sendgrid_does(url: str, recording: Path) -> None:
    httpx.post(f"{url}/_control/faults", json={"kind": "status", "status": 429})
    answer = httpx.post(
        f"{url}/v3/mail/send",
        json=confirmation().get(),
        headers={"Authorization": "Bearer SG.local"},
    )
    assert answer.status_code == 429
    assert_true_to_vendor(recording, exchanges=1)
