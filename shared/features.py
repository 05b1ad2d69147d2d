"""Feature flags: Azure App Configuration's, with a declared default for each.

Reading a flag never waits for the network once the first load is done or given up: requests read
a snapshot, which is refreshed in the background. Through an outage the last known flags stay; a
flag that App Configuration does not have, or a system without it, has its declared default.
"""

import asyncio
import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from shared.contracts.caller import GUEST, Caller
from shared.settings import Settings, get_settings

if TYPE_CHECKING:
    from azure.appconfiguration.provider.aio import AzureAppConfigurationProvider
    from azure.identity.aio import DefaultAzureCredential
    from featuremanagement.aio import FeatureManager

logger = logging.getLogger(__name__)

FIRST_LOAD_SECONDS = 2.0  # longest wait of the first readers; then the declared defaults serve
STALE_SECONDS = 30.0  # an idle worker's snapshot older than this is worth a short wait
STALE_WAIT_SECONDS = 0.5
CLOSE_SECONDS = 5.0
# Within it the provider retries by itself. It must exceed 5 s: a provider that fails earlier holds
# up the whole event loop with time.sleep (its _utils.delay_failure, seen in 2.5.0).
STARTUP_SECONDS = 60


class Flag(StrEnum):
    """Every flag that the code reads; the names are those in App Configuration."""

    BOOKINGS = "bookings"
    PAYMENTS = "payments"
    PIX = "pix"
    BOLETO = "boleto"
    INSTALMENTS = "instalments"
    EMAIL_SMTP = "email-smtp"
    OVERBOOKING = "overbooking"


@dataclass(frozen=True, slots=True)
class Declaration:
    """What a flag is for. ``expires_on`` None: a switch for operators that stays."""

    default: bool
    owner: str
    expires_on: date | None
    description: str


FLAGS: Mapping[Flag, Declaration] = MappingProxyType(
    {
        Flag.BOOKINGS: Declaration(True, "operations", None, "Off: no new booking is taken."),
        Flag.PAYMENTS: Declaration(
            True,
            "operations",
            None,
            "Off: nothing is charged online; the renter pays at the counter.",
        ),
        Flag.PIX: Declaration(True, "payments", None, "Pix is offered."),
        Flag.BOLETO: Declaration(True, "payments", None, "Boleto is offered."),
        Flag.INSTALMENTS: Declaration(
            False, "payments", date(2027, 12, 31), "Cards may pay in instalments."
        ),
        Flag.EMAIL_SMTP: Declaration(
            False, "operations", None, "On: e-mail leaves by SMTP instead of SendGrid."
        ),
        Flag.OVERBOOKING: Declaration(
            False,
            "revenue",
            None,
            "On: classes are sold beyond their cars, by the percentage that each is given.",
        ),
    }
)


async def is_enabled(flag: Flag, *, user_id: str = "", groups: Sequence[str] = ()) -> bool:
    """Tell whether ``flag`` is on, for a caller where it is targeted. Never raises.

    ``user_id`` must be stable and not personal: a rental's reference, an operator's subject.
    """
    features = _features.get(asyncio.get_running_loop()) or _start()
    if time.monotonic() >= features.refresh_at:
        await features.refresh()
    enabled = features.unconditional.get(flag)
    if enabled is None:
        return await features.evaluate(flag, user_id, groups)
    return enabled


async def is_offered(flag: Flag, caller: Caller) -> bool:
    """Tell whether ``flag`` is on for who asks: by role, and by subject for a percentage.

    Guests share one name to be drawn by: a percentage takes all of them or none.
    """
    return await is_enabled(flag, user_id=caller.actor, groups=sorted(caller.roles))


async def all_flags(caller: Caller = GUEST) -> dict[Flag, bool]:
    """Every flag at once, for the front end and the operator console."""
    return {flag: await is_offered(flag, caller) for flag in Flag}


async def close_features() -> None:
    """Close this loop's client and forget its flags: tests and short programs end with it."""
    features = _features.pop(asyncio.get_running_loop(), None)
    if features is not None:
        await features.close()


class _Features:
    """One event loop's snapshot: the SDK's connections belong to their loop."""

    def __init__(self, settings: Settings) -> None:
        now = time.monotonic()
        self._settings = settings
        self._task: asyncio.Task[None] | None = None
        self._provider: AzureAppConfigurationProvider | None = None
        self._credential: DefaultAzureCredential | None = None
        self._manager: FeatureManager | None = None
        self._attempted_at = now
        self._give_up_at = now + FIRST_LOAD_SECONDS
        self.refresh_at = now if _is_configured(settings) else float("inf")
        # None means conditional: ask the feature manager.
        self.unconditional: dict[Flag, bool | None] = {flag: FLAGS[flag].default for flag in Flag}

    async def refresh(self) -> None:
        """Refresh in the background; wait a little where there is no snapshot or an old one."""
        now = time.monotonic()
        idle_seconds = now - self._attempted_at
        if self._task is None or self._task.done():
            self._attempted_at = now
            self._task = asyncio.create_task(self._load(), name="features")
        if self._manager is None and now < self._give_up_at:
            await asyncio.wait({self._task}, timeout=self._give_up_at - now)
        elif self._manager is not None and idle_seconds > STALE_SECONDS:
            await asyncio.wait({self._task}, timeout=STALE_WAIT_SECONDS)

    async def evaluate(self, flag: Flag, user_id: str, groups: Sequence[str]) -> bool:
        """Ask the flag's filters: percentage, groups, time window."""
        from featuremanagement import TargetingContext  # noqa: PLC0415 -- import budget

        if self._manager is None:
            return FLAGS[flag].default
        context = TargetingContext(user_id=user_id, groups=list(groups))
        ask: Any = self._manager.is_enabled  # its type leaves out the context that it takes
        try:
            return bool(await ask(flag.value, context))
        except Exception:
            # Whatever was written into the flag, the request goes on.
            logger.exception("flag %s cannot be evaluated; its declared default serves", flag)
            return FLAGS[flag].default

    async def close(self) -> None:
        if self._task is not None:
            # A first load that is cancelled leaves a connection open which nobody can reach.
            await asyncio.wait({self._task}, timeout=CLOSE_SECONDS)
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        if self._provider is not None:
            await self._provider.close()
        if self._credential is not None:
            await self._credential.close()

    async def _load(self) -> None:
        try:
            if self._provider is None:
                self._provider = await self._new_provider()
            else:
                await self._provider.refresh()
            self._take_snapshot(self._provider)
        except Exception as error:  # noqa: BLE001 -- nothing that happens there may fail a request
            logger.warning(
                "App Configuration cannot be read (%s); the last known flags serve on",
                type(error).__name__,
            )
        finally:
            self.refresh_at = time.monotonic() + self._settings.feature_refresh_seconds

    async def _new_provider(self) -> "AzureAppConfigurationProvider":
        from azure.appconfiguration.provider.aio import load  # noqa: PLC0415 -- import budget

        options: dict[str, Any] = {
            "selects": [],  # flags only: settings come from the environment
            "feature_flag_enabled": True,
            "feature_flag_refresh_enabled": True,
            "refresh_interval": 1,  # the provider's least: feature_refresh_seconds decides
            "startup_timeout": STARTUP_SECONDS,
            "retry_total": 1,
            "connection_timeout": 3,
            "read_timeout": 3,
        }
        if self._settings.app_configuration_connection_string is not None:
            options["connection_string"] = self._settings.app_configuration_connection_string
        else:
            from azure.identity.aio import DefaultAzureCredential  # noqa: PLC0415 -- likewise

            self._credential = self._credential or DefaultAzureCredential()
            options["endpoint"] = self._settings.app_configuration_endpoint
            options["credential"] = self._credential
        return await load(**options)

    def _take_snapshot(self, provider: Mapping[str, Any]) -> None:
        from featuremanagement.aio import FeatureManager  # noqa: PLC0415 -- import budget

        management = provider.get("feature_management", {"feature_flags": []})
        self._manager = FeatureManager({"feature_management": management})
        written = {each["id"]: each for each in management["feature_flags"]}
        for flag in Flag:
            state = _unconditional(written[flag]) if flag in written else FLAGS[flag].default
            if state != self.unconditional[flag]:
                logger.info("flag %s is now %s", flag, _STATE_NAMES[state])
            self.unconditional[flag] = state


_STATE_NAMES = {True: "on", False: "off", None: "conditional"}
_features: "WeakKeyDictionary[asyncio.AbstractEventLoop, _Features]" = WeakKeyDictionary()


def _start() -> _Features:
    return _features.setdefault(asyncio.get_running_loop(), _Features(get_settings()))


def _is_configured(settings: Settings) -> bool:
    return bool(settings.app_configuration_connection_string or settings.app_configuration_endpoint)


def _unconditional(written: Mapping[str, Any]) -> bool | None:
    """The state of a flag that is the same for everyone, else None."""
    if not written.get("enabled", False):
        return False
    if (written.get("conditions") or {}).get("client_filters") or written.get("allocation"):
        return None
    return True
