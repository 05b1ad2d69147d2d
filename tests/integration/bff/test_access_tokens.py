"""Access tokens that were made up, and an OpenID provider that does not answer."""

import asyncio
import json
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator
from contextlib import suppress
from time import monotonic

import pytest

from bff import identity_gateway
from bff.identity_gateway import verify_token
from shared.errors import Rejected, Unavailable
from shared.settings import get_settings
from tests.plugins.sign_in import KEY_ID, SignIn


def made_up(header: object, payload: object) -> str:
    def part(content: bytes) -> str:
        return urlsafe_b64encode(content).rstrip(b"=").decode()

    parts = (json.dumps(header).encode(), json.dumps(payload).encode(), b"x" * 64)
    return ".".join(part(each) for each in parts)


@pytest.mark.parametrize("algorithm", ["ES256", "PS256", "HS256", "none", "", None, 5, ["RS256"]])
async def test_token_of_another_algorithm_than_its_keys_is_refused(
    sign_in: SignIn, algorithm: object
) -> None:
    assert (await verify_token(sign_in.token())).subject == "operator-1"
    with pytest.raises(Rejected) as refusal:
        await verify_token(made_up({"alg": algorithm, "kid": KEY_ID}, {}))
    assert refusal.value.code == "unauthenticated"


@pytest.fixture
async def silent(environment: pytest.MonkeyPatch) -> AsyncIterator[list[int]]:
    """A provider that takes connections and says nothing; holds one item for each."""
    calls: list[int] = []
    tasks: list[asyncio.Task[None] | None] = []

    async def keep_silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        calls.append(1)
        tasks.append(asyncio.current_task())
        with suppress(ConnectionError):
            await reader.read()
            writer.close()
            await writer.wait_closed()

    server = await asyncio.start_server(keep_silent, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        environment.setenv("OIDC_ISSUER", f"http://127.0.0.1:{port}")
        environment.setattr(identity_gateway, "TIMEOUT_SECONDS", 0.3)
        get_settings.cache_clear()
        yield calls
        await asyncio.wait([task for task in tasks if task is not None], timeout=2)


async def test_callers_do_not_wait_one_after_the_other_for_a_silent_provider(
    silent: list[int], signing_key: object
) -> None:
    token = made_up({"alg": "RS256", "kid": KEY_ID}, {})
    began = monotonic()
    answers = await asyncio.gather(
        *(verify_token(token) for _ in range(20)), return_exceptions=True
    )
    assert {type(each) for each in answers} == {Unavailable}
    assert monotonic() - began < 2
    assert len(silent) == 1
    with pytest.raises(Unavailable):  # and the next one is told at once
        await verify_token(token)
    assert len(silent) == 1


async def test_provider_that_is_back_is_asked_again(
    silent: list[int], environment: pytest.MonkeyPatch
) -> None:
    token = made_up({"alg": "RS256", "kid": KEY_ID}, {})
    environment.setattr(identity_gateway, "RETRY_AFTER_SECONDS", 0.1)
    for asked in (1, 2):
        with pytest.raises(Unavailable):
            await verify_token(token)
        assert len(silent) == asked
        await asyncio.sleep(0.15)
