"""Sends accepted mail on by SMTP, behind the caller's back as SendGrid does.

An SMTP server that is down or slow delays the mail, never the answer: SendGrid has accepted it.
"""

import asyncio
import sys
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any, Literal

import aiosmtplib

from infra.local.standins.sendgrid.message import Delivery

KEPT_MESSAGES = 1000
ATTEMPTS = 6
FIRST_PAUSE_SECONDS = 0.2  # doubled each time: about 6 s until a mail is given up
SMTP_TIMEOUT_SECONDS = 10


@dataclass
class Accepted:
    """One accepted request and what became of its messages."""

    message_id: str
    mail: dict[str, Any]
    accepted_at: float = field(default_factory=time.time)
    state: Literal["accepted", "relayed", "failed"] = "accepted"
    fault: str | None = None


class Relay:
    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port
        self._tasks: set[asyncio.Task[None]] = set()
        self.messages: deque[Accepted] = deque(maxlen=KEPT_MESSAGES)

    def accept(self, accepted: Accepted, deliveries: list[Delivery]) -> None:
        self.messages.append(accepted)
        task = asyncio.create_task(self._send_all(accepted, deliveries))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def finish(self) -> None:
        """Give what is under way a moment when the server stops."""
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=1)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _send_all(self, accepted: Accepted, deliveries: list[Delivery]) -> None:
        try:
            for each in deliveries:
                await self._send(each)
        except (aiosmtplib.SMTPException, OSError) as error:
            accepted.state, accepted.fault = "failed", str(error)
            print(
                f"SendGrid stand-in: mail {accepted.message_id} not relayed: {error}",
                file=sys.stderr,
            )
        else:
            accepted.state = "relayed"

    async def _send(self, delivery: Delivery) -> None:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                await aiosmtplib.send(
                    delivery.message,
                    sender=delivery.sender,
                    recipients=delivery.recipients,
                    hostname=self._host,
                    port=self._port,
                    timeout=SMTP_TIMEOUT_SECONDS,
                    start_tls=False,
                )
            except (aiosmtplib.SMTPException, OSError):
                if attempt == ATTEMPTS:
                    raise
                await asyncio.sleep(FIRST_PAUSE_SECONDS * 2 ** (attempt - 1))
            else:
                return
