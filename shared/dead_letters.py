"""Dead letters: what a consumer could not handle, kept where an operator can see and replay it.

A storage queue shows only 32 messages and deletes by receipt only, so a function on each poison
queue moves them into a table of the consumer's schema.
"""

import azure.functions as func

from shared.database import Schema, connect
from shared.telemetry import event

INSERT = """
INSERT INTO dead_letter (queue, queue_message_id, body)
VALUES (%(queue)s, %(queue_message_id)s, %(body)s)
ON CONFLICT (queue, queue_message_id) DO NOTHING
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
