"""Dead letters: what a consumer could not handle, kept where an operator can see and replay it.

A storage queue shows only 32 messages and deletes by receipt only, so a function on each poison
queue moves them into a table of the consumer's schema.
"""

from datetime import datetime, timedelta

import azure.functions as func

from shared.database import Schema, connect
from shared.telemetry import event

INSERT = """
INSERT INTO dead_letter (queue, queue_message_id, body)
VALUES (%(queue)s, %(queue_message_id)s, %(body)s)
ON CONFLICT (queue, queue_message_id) DO NOTHING
"""
# What was resolved is looked up for a quarter, as when an incident is gone over; then the audit
# says enough. What nobody has resolved is never deleted.
RESOLVED_KEPT = timedelta(days=90)
AT_ONCE = 1000
FORGET = """
DELETE FROM dead_letter WHERE dead_letter_id IN (
    SELECT dead_letter_id FROM dead_letter WHERE resolved_at < %(before)s
    ORDER BY resolved_at LIMIT %(limit)s)
"""


async def store(schema: Schema, queue: str, message: func.QueueMessage) -> None:
    """Keep one poison message of ``queue``; delivered twice, it is kept once.

    Raises:
        Unavailable: the database is down; the message stays on the poison queue.
    """
    body = (
        message.get_body().decode("utf-8", "replace").replace("\x00", "\N{REPLACEMENT CHARACTER}")
    )
    parameters = {"queue": queue, "queue_message_id": message.id, "body": body}
    async with connect(schema) as connection:
        await connection.execute(INSERT, parameters)
    event("dead_letter_stored", {"queue": queue})


async def forget_resolved(schema: Schema, now: datetime) -> int:
    """Delete what was resolved long ago; returns how many. The next run takes the rest.

    Raises:
        Unavailable: the database is down.
    """
    parameters = {"before": now - RESOLVED_KEPT, "limit": AT_ONCE}
    async with connect(schema) as connection:
        return (await connection.execute(FORGET, parameters)).rowcount
