"""E-mails through the real SendGrid SDK and the real database."""

import asyncio
import re
from collections.abc import Callable
from email.message import EmailMessage
from typing import Any
from uuid import UUID

import httpx
import psycopg
import pytest

from email_notification import service
from email_notification.domain import Email, Outcome
from email_notification.service import Gateway
from shared.contracts import manage_token
from shared.contracts.messages import EmailRequestedV1, EmailTemplate
from shared.errors import Unavailable
from tests.plugins.environment import ENVIRONMENT
from tests.plugins.mailbox import Mailbox

Administrator = psycopg.Connection[dict[str, Any]]
Accepted = Callable[[], list[dict[str, Any]]]
MANAGE_KEY = ENVIRONMENT["MANAGE_TOKEN_KEY"]
PERSONAL = ("ana@example.com", "Ana")


def request(rental_id: UUID) -> EmailRequestedV1:
    return EmailRequestedV1(rental_id=rental_id, template=EmailTemplate.RENTAL_CONFIRMED)


def stored(administrator: Administrator) -> dict[str, Any]:
    [row] = administrator.execute("SELECT * FROM email.email").fetchall()
    return row


def set_fault(url: str, **fault: Any) -> None:
    assert httpx.post(f"{url}/_control/faults", json=fault).status_code == 200


async def test_confirmation_arrives_in_the_renters_mailbox(
    sendgrid: str, mailbox: Mailbox, rental_id: UUID, administrator: Administrator
) -> None:
    message = request(rental_id)
    assert sendgrid
    assert await service.notify(message) is Outcome.SENT
    [mail] = mailbox.wait_for(1)
    assert "ana@example.com" in mail["To"]
    assert mail["Subject"] == "Reserva 7K3MZQ2A confirmada: Econômico"
    assert str(message.message_id) in mail["Message-ID"]
    text = mail.get_body(("plain",))
    assert isinstance(text, EmailMessage)
    [token] = re.findall(r"/rentals/7K3MZQ2A#token=(\S+)", text.get_content())
    assert manage_token.is_valid(token, (MANAGE_KEY,), "7K3MZQ2A")
    row = stored(administrator)
    assert (row["status"], row["provider"], row["attempts"]) == ("SENT", "sendgrid", 1)
    assert row["provider_message_id"]
    assert row["sent_at"] is not None


async def test_second_delivery_of_same_message_sends_once(
    rental_id: UUID, accepted: Accepted
) -> None:
    message = request(rental_id)
    assert await service.notify(message) is Outcome.SENT
    assert await service.notify(message) is Outcome.DUPLICATE
    assert len(accepted()) == 1


async def test_concurrent_deliveries_of_same_message_send_once(
    sendgrid: str, rental_id: UUID, accepted: Accepted
) -> None:
    set_fault(sendgrid, kind="delay", seconds=0.3)
    message = request(rental_id)
    deliveries = (service.notify(message) for _ in range(8))
    outcomes = await asyncio.gather(*deliveries, return_exceptions=True)
    assert outcomes.count(Outcome.SENT) == 1
    assert sum(isinstance(each, Unavailable) for each in outcomes) == 7
    assert len(accepted()) == 1


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_failing_provider_is_tried_again_with_the_next_delivery(
    sendgrid: str, rental_id: UUID, accepted: Accepted, administrator: Administrator, status: int
) -> None:
    set_fault(sendgrid, kind="status", status=status)
    message = request(rental_id)
    with pytest.raises(Unavailable):
        await service.notify(message)
    row = stored(administrator)
    assert (row["status"], row["failure"]) == ("QUEUED", "unavailable")
    assert await service.notify(message) is Outcome.SENT
    assert len(accepted()) == 1
    assert stored(administrator)["attempts"] == 2


async def test_silent_provider_is_given_up_after_its_timeout(
    sendgrid: str, rental_id: UUID, administrator: Administrator
) -> None:
    set_fault(sendgrid, kind="delay", seconds=5)
    started = asyncio.get_running_loop().time()
    with pytest.raises(Unavailable):
        await service.notify(request(rental_id))
    assert asyncio.get_running_loop().time() - started < 3
    assert stored(administrator)["status"] == "QUEUED"


async def test_refused_key_is_not_the_emails_fault(
    sendgrid: str, rental_id: UUID, environment: pytest.MonkeyPatch, administrator: Administrator
) -> None:
    assert sendgrid
    environment.setenv("SENDGRID_API_KEY", "SG.revoked")
    with pytest.raises(Unavailable):
        await service.notify(request(rental_id))
    assert stored(administrator)["status"] == "QUEUED"


async def test_refused_address_is_recorded_and_acknowledged(
    rental_id: UUID, accepted: Accepted, administrator: Administrator
) -> None:
    administrator.execute(
        """UPDATE rent.rental SET driver = '{"given_name": "Ana", "email": "not-an-address"}'"""
    )
    assert await service.notify(request(rental_id)) is Outcome.FAILED
    row = stored(administrator)
    assert (row["status"], row["failure"]) == ("FAILED", "email_refused")
    assert accepted() == []


async def test_erased_renter_is_recorded_and_acknowledged(
    rental_id: UUID, accepted: Accepted, administrator: Administrator
) -> None:
    administrator.execute("UPDATE rent.rental SET driver = '{}'")
    assert await service.notify(request(rental_id)) is Outcome.FAILED
    assert stored(administrator)["failure"] == "recipient_missing"
    assert accepted() == []


async def test_unknown_rental_is_recorded_and_acknowledged(
    sendgrid: str, administrator: Administrator
) -> None:
    assert sendgrid
    message = EmailRequestedV1(rental_id=UUID(int=1), template=EmailTemplate.RENTAL_CONFIRMED)
    assert await service.notify(message) is Outcome.FAILED
    assert await service.notify(message) is Outcome.DUPLICATE
    assert stored(administrator)["failure"] == "recipient_missing"


async def test_sender_that_died_is_replaced_when_its_lease_ends(
    rental_id: UUID, accepted: Accepted, administrator: Administrator
) -> None:
    message = request(rental_id)

    async def die(_email: Email) -> str:
        raise KeyboardInterrupt

    async def choose() -> Gateway:
        return Gateway("sendgrid", die)

    with pytest.raises(KeyboardInterrupt):
        await service.notify(message, choose)
    with pytest.raises(Unavailable):
        await service.notify(message)
    administrator.execute("UPDATE email.email SET claimed_until = now() - interval '1 second'")
    assert await service.notify(message) is Outcome.SENT
    assert len(accepted()) == 1


async def test_database_away_after_sending_is_asked_again_and_nothing_is_sent_twice(
    rental_id: UUID, accepted: Accepted, administrator: Administrator
) -> None:
    message = request(rental_id)
    real = await service.choose_gateway()

    async def send_and_cut(email: Email) -> str:
        answer = await real.send(email)
        administrator.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'email'"
        )
        return answer

    async def choose() -> Gateway:
        return Gateway("sendgrid", send_and_cut)

    assert await service.notify(message, choose) is Outcome.SENT
    assert await service.notify(message) is Outcome.DUPLICATE
    assert len(accepted()) == 1


async def test_nothing_personal_is_stored(
    rental_id: UUID, sendgrid: str, administrator: Administrator
) -> None:
    assert sendgrid
    await service.notify(request(rental_id))
    for table in ("email", "outbox", "dead_letter"):
        rows = administrator.execute(f"SELECT t::text AS text FROM email.{table} AS t").fetchall()  # noqa: S608 -- our names
        assert not any(word in row["text"] for row in rows for word in PERSONAL)


VOUCHER = """
INSERT INTO payment.payment (payment_id, rental_id, purpose, sequence, status, attempt,
    amount_minor, currency, method, expires_at, intent_id, cause, next_action)
VALUES (gen_random_uuid(), %s, 'PREPAY', 1, 'REQUIRES_ACTION', 1, 123450, 'BRL', 'boleto', now(),
    'pi_1', 'queue', '{"type": "boleto_display_details", "boleto_display_details": {
        "number": "0010499", "hosted_voucher_url": "https://pay.example/voucher",
        "pdf": "https://pay.example/voucher.pdf", "expires_at": 1801796399}}')
"""


@pytest.mark.usefixtures("sendgrid")
async def test_the_boleto_is_in_the_mail_that_asks_to_pay_it(
    mailbox: Mailbox, rental_id: UUID, administrator: Administrator
) -> None:
    administrator.execute(VOUCHER, [rental_id])
    template = EmailTemplate.PAYMENT_ACTION_REQUIRED
    await service.notify(EmailRequestedV1(rental_id=rental_id, template=template))
    [mail] = mailbox.wait_for(1)
    text = mail.get_body(("plain",))
    assert isinstance(text, EmailMessage)
    assert "0010499" in text.get_content()
    assert "https://pay.example/voucher.pdf" in text.get_content()


@pytest.mark.parametrize(
    ("template", "status"),
    [
        (EmailTemplate.PICKUP_REMINDER, "CANCELLED"),
        (EmailTemplate.PICKUP_REMINDER, "CHECKED_OUT"),
        (EmailTemplate.RENTAL_CONFIRMED, "CANCELLED"),
        (EmailTemplate.RENTAL_MODIFIED, "CANCELLED"),
        (EmailTemplate.RENTAL_EXPIRED, "CONFIRMED"),  # paid late, and the car was still free
        (EmailTemplate.PAYMENT_ACTION_REQUIRED, "CONFIRMED"),  # paid: no code is left to pay by
        (EmailTemplate.PAYMENT_ACTION_REQUIRED, "EXPIRED"),
    ],
)
async def test_email_that_its_rental_has_overtaken_is_not_sent(
    rental_id: UUID,
    accepted: Accepted,
    administrator: Administrator,
    template: EmailTemplate,
    status: str,
) -> None:
    message = EmailRequestedV1(rental_id=rental_id, template=template)
    administrator.execute("UPDATE rent.rental SET status = %s", [status])
    assert await service.notify(message) is Outcome.FAILED
    assert stored(administrator)["failure"] == "no_longer_due"
    assert accepted() == []


async def test_reminder_that_is_still_due_is_sent(rental_id: UUID, accepted: Accepted) -> None:
    message = EmailRequestedV1(rental_id=rental_id, template=EmailTemplate.PICKUP_REMINDER)
    assert await service.notify(message) is Outcome.SENT
    assert len(accepted()) == 1


@pytest.fixture
def branch_message_id(rental_id: UUID, administrator: Administrator) -> UUID:
    [row] = administrator.execute(
        "INSERT INTO rent.rental_message (rental_id, author, actor, body)"
        " VALUES (%s, 'branch', 'operator-1', %s) RETURNING message_id",
        [rental_id, "Sim, pode.\n<b>Traga</b> a manta."],
    ).fetchall()
    message_id: UUID = row["message_id"]
    return message_id


async def test_answer_of_the_branch_is_read_where_it_is_kept(
    sendgrid: str, mailbox: Mailbox, rental_id: UUID, branch_message_id: UUID
) -> None:
    assert sendgrid
    message = EmailRequestedV1(
        rental_id=rental_id,
        template=EmailTemplate.BRANCH_MESSAGE,
        branch_message_id=branch_message_id,
    )
    assert await service.notify(message) is Outcome.SENT
    [mail] = mailbox.wait_for(1)
    bodies = [mail.get_body((kind,)) for kind in ("plain", "html")]
    text, html = (body.get_content() for body in bodies if isinstance(body, EmailMessage))
    assert "> Sim, pode.\n> <b>Traga</b> a manta.\n" in text.replace("\r\n", "\n")
    assert "Sim, pode.<br>&lt;b&gt;Traga&lt;/b&gt; a manta." in html


async def test_answer_that_was_erased_is_recorded_and_acknowledged(
    rental_id: UUID, branch_message_id: UUID, accepted: Accepted, administrator: Administrator
) -> None:
    administrator.execute("UPDATE rent.rental_message SET body = NULL")
    message = EmailRequestedV1(
        rental_id=rental_id,
        template=EmailTemplate.BRANCH_MESSAGE,
        branch_message_id=branch_message_id,
    )
    assert await service.notify(message) is Outcome.FAILED
    assert stored(administrator)["failure"] == "message_missing"
    assert accepted() == []
