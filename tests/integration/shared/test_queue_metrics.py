"""Depth and age of the queues, as the alerts read them."""

import base64
from typing import Any

import pytest
from azure.storage.queue import QueueServiceClient

from shared import queues
from shared.contracts.messages import EMAIL_REQUESTS, QUEUES
from tests.plugins.azurite import Azurite


async def test_every_queue_and_poison_queue_is_measured(
    azurite: Azurite, environment: pytest.MonkeyPatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment.setenv("RentalQueue", azurite.connection_string)
    emitted: dict[tuple[str, str], float] = {}

    def note(name: str, value: float, attributes: dict[str, Any]) -> None:
        emitted[name, attributes["queue"]] = value

    monkeypatch.setattr(queues, "metric", note)
    with QueueServiceClient.from_connection_string(azurite.connection_string) as service:
        for name in QUEUES:
            service.create_queue(name)
        try:
            body = base64.b64encode(b"{}").decode()
            for _ in range(3):
                service.get_queue_client(EMAIL_REQUESTS).send_message(body)
            await queues.measure()
        finally:
            await queues.close_queues()
            for name in QUEUES:
                service.delete_queue(name)
    assert len(emitted) == 2 * 2 * len(QUEUES)
    assert emitted["queue_depth", EMAIL_REQUESTS] == 3
    assert emitted["queue_age_seconds", EMAIL_REQUESTS] >= 0
    assert emitted["queue_depth", f"{EMAIL_REQUESTS}-poison"] == 0
