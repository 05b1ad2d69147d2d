"""SMTP servers that have something against us, or take their time: the e-mail is not to blame."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from time import monotonic
from uuid import uuid4

import pytest

from email_notification import smtp_gateway
from email_notification.domain import Email
from shared.contracts.messages import EmailTemplate
from shared.errors import Rejected, Unavailable
from shared.settings import get_settings

EMAIL = Email(
    message_id=uuid4(),
    rental_id=uuid4(),
    template=EmailTemplate.RENTAL_CONFIRMED,
    locale="en",
    recipient_name="Ana",
    recipient_email="ana@example.com",
    subject="Confirmed",
    html="<p>Hello</p>",
    text="Hello",
    written_at=datetime.now(UTC),
)
ANSWERS = {b"EHLO": "250 hello", b"MAIL": "250 ok", b"RCPT": "250 ok", b"DATA": "354 go on"}
Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def server(
    environment: pytest.MonkeyPatch, refusals: dict[bytes, str], delay_seconds: float = 0
) -> AsyncIterator[None]:
    """Says yes but to ``refusals``; ``b""`` is the greeting, ``b"."`` the e-mail's end."""
    answers = ANSWERS | {b"": "220 ready", b".": "250 taken", b"QUIT": "221 bye"} | refusals

    tasks: list[asyncio.Task[None] | None] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tasks.append(asyncio.current_task())
        said, within = b"", False
        while said != b"QUIT":
            if not within or said == b".":
                await asyncio.sleep(delay_seconds)
                writer.write(f"{answers.get(said, '500 what?')}\r\n".encode())
                within = said == b"DATA" and answers[said].startswith("354")
            if said in refusals and said in {b"", b"HELO"}:
                break  # as servers do that want nothing to do with us
            line = await reader.readline()
            if not line:
                break
            said = line.strip() if within else line[:4].strip().upper()
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()

    listening = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with listening:
        environment.setenv("SMTP_PORT", str(listening.sockets[0].getsockname()[1]))
        environment.setenv("SMTP_TLS", "none")
        get_settings.cache_clear()
        yield
        await asyncio.wait([task for task in tasks if task is not None], timeout=2)


@pytest.mark.parametrize(
    "refusals",
    [
        {b"": "554 no service for your address"},
        {b"": "521 we take no mail"},
        {b"EHLO": "550 you are on a list", b"HELO": "550 you are on a list"},
        {b"MAIL": "550 we do not know this sender"},
        {b"RCPT": "530 sign in first"},
        {b"RCPT": "451 come again"},
        {b".": "452 no room"},
    ],
)
async def test_server_that_refuses_us_is_tried_again(
    environment: pytest.MonkeyPatch, refusals: dict[bytes, str]
) -> None:
    async with server(environment, refusals):
        with pytest.raises(Unavailable):
            await smtp_gateway.send(EMAIL)


@pytest.mark.parametrize(
    "refusals", [{b"RCPT": "550 nobody here"}, {b"DATA": "554 no"}, {b".": "554 not this text"}]
)
async def test_server_that_refuses_the_email_is_believed(
    environment: pytest.MonkeyPatch, refusals: dict[bytes, str]
) -> None:
    async with server(environment, refusals):
        with pytest.raises(Rejected):
            await smtp_gateway.send(EMAIL)


async def test_server_that_is_slow_at_each_command_is_given_up_in_time(
    environment: pytest.MonkeyPatch,
) -> None:
    environment.setattr(smtp_gateway, "TIMEOUT_SECONDS", 0.5)
    async with server(environment, {}, delay_seconds=0.3):
        began = monotonic()
        with pytest.raises(Unavailable):
            await smtp_gateway.send(EMAIL)
    assert monotonic() - began < 1.2


async def test_server_that_takes_it_has_it(environment: pytest.MonkeyPatch) -> None:
    async with server(environment, {}):
        assert str(EMAIL.message_id) in await smtp_gateway.send(EMAIL)
