"""One call over Stripe's SDK: its key, its errors in our words, its connections.

Beside ``stripe_gateway``, which says what is called, the only module that imports the SDK.
"""

import asyncio
import functools
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from payment_process.domain import SpentKey, UnknownOutcome
from shared.errors import Unavailable
from shared.secrets import get_secret
from shared.settings import get_settings
from shared.telemetry import dependency

if TYPE_CHECKING:
    from stripe import HTTPXClient, RequestOptions, StripeClient, StripeError

_http_clients: "WeakKeyDictionary[asyncio.AbstractEventLoop, HTTPXClient]" = WeakKeyDictionary()

BAD_REQUEST = 400
SERVER_ERROR = 500


class StripeTransport:
    """Sends, under an idempotency key where there is one."""

    async def _post(
        self,
        name: str,
        key: str,
        spent: int,
        send: "Callable[[StripeClient, RequestOptions], Awaitable[Any]]",
        *,
        moves_money: bool = False,
    ) -> Mapping[str, Any]:
        """Send under the idempotency key of that name, after those of it that are spent.

        Raises:
            SpentKey: Stripe keeps its own failures too and replays them for a day
                (docs.stripe.com/api/idempotent_requests); or it has done something else under
                this key, which is over.
        """
        import stripe as sdk  # noqa: PLC0415 -- import budget

        options: RequestOptions = {"idempotency_key": f"{key}:{spent}" if spent else key}
        try:
            return await self._send(
                name, functools.partial(_with, send, options), moves_money=moves_money
            )
        except (Unavailable, UnknownOutcome) as error:
            cause = error.__cause__
            if isinstance(cause, sdk.StripeError) and _is_spent(cause):
                raise SpentKey(options["idempotency_key"]) from cause
            raise

    async def _send(
        self,
        name: str,
        send: "Callable[[StripeClient], Awaitable[Any]]",
        *,
        moves_money: bool = False,
    ) -> Mapping[str, Any]:
        import stripe as sdk  # noqa: PLC0415 -- import budget

        client = await _client()
        with dependency("stripe", name):
            try:
                answer = await send(client)
            except (sdk.CardError, sdk.InvalidRequestError):
                raise
            except sdk.StripeError as error:
                raise _translated(error, moves_money=moves_money) from error
        data: Mapping[str, Any] = answer.to_dict()
        return data


def _with(
    send: "Callable[[StripeClient, RequestOptions], Awaitable[Any]]",
    options: "RequestOptions",
    client: "StripeClient",
) -> Awaitable[Any]:
    return send(client, options)


def _is_spent(error: "StripeError") -> bool:
    import stripe as sdk  # noqa: PLC0415 -- import budget

    status = error.http_status or 0
    if isinstance(error, sdk.IdempotencyError):
        return status == BAD_REQUEST  # other parameters; 409 is the same request, on its way
    replayed = (error.headers or {}).get("idempotent-replayed") == "true"
    return replayed and status >= SERVER_ERROR


def _translated(error: "StripeError", *, moves_money: bool) -> Exception:
    """Unknown only where the request may have reached Stripe and moves money."""
    import httpx  # noqa: PLC0415 -- import budget
    import stripe as sdk  # noqa: PLC0415 -- likewise

    not_done = isinstance(
        error.__cause__, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout
    ) or isinstance(error, sdk.RateLimitError | sdk.AuthenticationError | sdk.PermissionError)
    if moves_money and not not_done:
        return UnknownOutcome(f"stripe: {type(error).__name__} {error.http_status}")
    return Unavailable("the payment provider does not answer", retry_after_seconds=5)


async def _client() -> "StripeClient":
    import stripe as sdk  # noqa: PLC0415 -- import budget

    settings = get_settings()
    return sdk.StripeClient(
        await get_secret("stripe-api-key"),
        base_addresses={"api": settings.stripe_api_base},
        http_client=_http_client(settings.stripe_timeout_seconds),
        # A confirmation's repeat must come after a look; the queue repeats all else.
        max_network_retries=0,
    )


def _http_client(timeout_seconds: float) -> "HTTPXClient":
    """Connections belong to their event loop and are kept alive for it."""
    import stripe as sdk  # noqa: PLC0415 -- import budget

    loop = asyncio.get_running_loop()
    if loop not in _http_clients:
        # At INFO it writes two lines a call; the dependency's span says as much.
        logging.getLogger("stripe").setLevel(logging.WARNING)
        _http_clients[loop] = sdk.HTTPXClient(timeout=timeout_seconds)
    return _http_clients[loop]


async def close_stripe() -> None:
    """Close this loop's connections: tests and short programs end cleanly with it."""
    client = _http_clients.pop(asyncio.get_running_loop(), None)
    if client is not None:
        await client.close_async()  # type: ignore[no-untyped-call]  # the SDK's own gap
