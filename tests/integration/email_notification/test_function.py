"""The registered functions: what they do with a message, whatever it is."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import azure.functions as func
import psycopg
import pytest
from pydantic import ValidationError

from email_notification import function
from shared.contracts.messages import EmailRequestedV1, EmailTemplate
from tests.plugins.mailbox import Mailbox

Administrator = psycopg.Connection[dict[str, Any]]


def message(body: str) -> func.QueueMessage:
    return func.QueueMessage(id="m-1", body=body)


def handler(registered: Any) -> Callable[[func.QueueMessage], Awaitable[None]]:
    """What the host calls; the decorators leave a builder under the function's name."""
    user_function: Callable[[func.QueueMessage], Awaitable[None]]
    user_function = registered._function.get_user_function()
    return user_function


async def test_message_becomes_an_email(
    sendgrid: str, mailbox: Mailbox, rental_id: UUID, administrator: Administrator
) -> None:
    assert sendgrid
    sent = EmailRequestedV1(
        rental_id=rental_id,
        template=EmailTemplate.RENTAL_CONFIRMED,
        traceparent=f"00-{'ab' * 16}-{'cd' * 8}-01",
    )
    await handler(function.email_notification)(message(sent.model_dump_json()))
    assert len(mailbox.wait_for(1)) == 1
    [row] = administrator.execute("SELECT message_id, status FROM email.email").fetchall()
    assert row == {"message_id": sent.message_id, "status": "SENT"}


@pytest.mark.parametrize("body", ["", "{", "[]", "{}", '{"type": "email_requested.v9"}', "\0"])
async def test_message_that_is_none_of_ours_raises_and_becomes_poison(body: str) -> None:
    with pytest.raises(ValidationError):
        await handler(function.email_notification)(message(body))


async def test_poison_is_buried_under_its_queue(
    database: str, administrator: Administrator
) -> None:
    assert database
    await handler(function.email_notification_poison)(message("not json"))
    [row] = administrator.execute("SELECT * FROM email.dead_letter").fetchall()
    assert (row["queue"], row["queue_message_id"], row["body"]) == (
        "email-requests",
        "m-1",
        "not json",
    )
    assert row["resolution"] is None
