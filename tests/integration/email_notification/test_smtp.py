"""The SMTP gateway, chosen by its flag, against a real SMTP server."""

from email.message import EmailMessage
from uuid import UUID

import pytest

from email_notification import service
from email_notification.domain import Outcome
from email_notification.service import Gateway
from email_notification.smtp_gateway import send
from shared.contracts.messages import EmailRequestedV1, EmailTemplate
from shared.errors import Unavailable
from shared.settings import get_settings
from tests.plugins.mailbox import Mailbox


@pytest.fixture
def smtp(
    database: str, mailbox: Mailbox, environment: pytest.MonkeyPatch
) -> tuple[Mailbox, pytest.MonkeyPatch]:
    assert database
    environment.setenv("SMTP_PORT", str(mailbox.port))
    get_settings.cache_clear()
    return mailbox, environment


async def choose() -> Gateway:
    return Gateway("smtp", send)


def request(rental_id: UUID) -> EmailRequestedV1:
    return EmailRequestedV1(rental_id=rental_id, template=EmailTemplate.RENTAL_CONFIRMED)


async def test_mail_has_both_bodies_and_a_stable_message_id(
    smtp: tuple[Mailbox, pytest.MonkeyPatch], rental_id: UUID
) -> None:
    message = request(rental_id)
    assert await service.notify(message, choose) is Outcome.SENT
    [mail] = smtp[0].mails
    assert mail["From"] == "RentACar <no-reply@rentacar.example>"
    assert mail["To"] == "Ana <ana@example.com>"
    assert mail["Message-ID"] == f"<{message.message_id}@rentacar.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert isinstance(text, EmailMessage)
    assert isinstance(html, EmailMessage)
    assert "R$\xa01.234,50" in text.get_content()
    assert '<html lang="pt-BR"' in html.get_content()


async def test_refused_recipient_is_final(
    smtp: tuple[Mailbox, pytest.MonkeyPatch], rental_id: UUID
) -> None:
    smtp[0].refusals["ana@example.com"] = "550 5.1.1 no such user"
    assert await service.notify(request(rental_id), choose) is Outcome.FAILED


async def test_greylisted_recipient_is_tried_again(
    smtp: tuple[Mailbox, pytest.MonkeyPatch], rental_id: UUID
) -> None:
    message = request(rental_id)
    smtp[0].refusals["ana@example.com"] = "451 4.7.1 try again later"
    with pytest.raises(Unavailable):
        await service.notify(message, choose)
    smtp[0].refusals.clear()
    assert await service.notify(message, choose) is Outcome.SENT


async def test_server_that_is_down_is_tried_again(
    smtp: tuple[Mailbox, pytest.MonkeyPatch], rental_id: UUID
) -> None:
    smtp[1].setenv("SMTP_PORT", "9")
    get_settings.cache_clear()
    with pytest.raises(Unavailable):
        await service.notify(request(rental_id), choose)
    assert smtp[0].mails == []


async def test_missing_starttls_is_not_sent_in_the_clear(
    smtp: tuple[Mailbox, pytest.MonkeyPatch], rental_id: UUID
) -> None:
    smtp[1].setenv("SMTP_TLS", "starttls")
    get_settings.cache_clear()
    with pytest.raises(Unavailable):
        await service.notify(request(rental_id), choose)
    assert smtp[0].mails == []
