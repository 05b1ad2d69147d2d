"""Show every flag, and turn one: audited before and after, because two stores share no commit."""

import asyncio

from rent_process.audit import service as audit
from rent_process.switches import appconfiguration_gateway as store
from rent_process.switches.appconfiguration_gateway import Edited, WrittenFlag
from shared.contracts.caller import Caller
from shared.contracts.operator import Switch, Switches
from shared.database import transaction
from shared.errors import Rejected, Unavailable
from shared.features import FLAGS, Flag
from shared.settings import get_settings
from shared.telemetry import event

RACES = 5  # lost to other editors in a row before the caller is asked to try again


async def list_switches() -> Switches:
    """Read every flag as it is written.

    Raises:
        Unavailable: App Configuration cannot be reached.
    """
    written = await asyncio.gather(*(store.read(flag) for flag in Flag))
    return Switches(
        features=[_switch(flag, found) for flag, found in zip(Flag, written, strict=True)],
        effective_within_seconds=get_settings().feature_refresh_seconds,
    )


async def turn(name: str, *, enabled: bool, caller: Caller) -> Switch:
    """Turn one flag and leave its conditions as they are.

    The request is in the audit before anything changes, the change after it: an end in between
    leaves a request whose outcome App Configuration's own history tells.

    Raises:
        Rejected: ``not_found``: the code reads no such flag.
        Unavailable: App Configuration or the database is down, or others keep editing the flag.
    """
    try:
        flag = Flag(name)
    except ValueError:
        raise Rejected("not_found", "there is no such feature") from None
    await _note(caller, flag, "feature_change_requested", before=None, after=enabled)
    for _ in range(RACES):
        before = await store.read(flag)
        if before is not None and before.enabled is enabled:
            return _switch(flag, before)
        value = _value(flag) if before is None else before.value
        try:
            await store.write(flag, value | {"enabled": enabled}, before)
        except Edited:
            continue
        was = FLAGS[flag].default if before is None else before.enabled
        await _note(caller, flag, "feature_changed", before=was, after=enabled)
        event("feature_changed", {"flag": flag.value, "enabled": enabled})
        return _switch(flag, await store.read(flag))
    raise Unavailable("this feature is being edited by somebody else; try again")


async def _note(
    caller: Caller, flag: Flag, action: str, *, before: bool | None, after: bool
) -> None:
    async with transaction("rent") as connection:
        await audit.record(
            connection,
            caller,
            action,
            target=flag.value,
            before=None if before is None else {"enabled": before},
            after={"enabled": after},
        )


def _value(flag: Flag) -> dict[str, object]:
    return {
        "id": flag.value,
        "description": FLAGS[flag].description,
        "enabled": FLAGS[flag].default,
        "conditions": {"client_filters": []},
    }


def _switch(flag: Flag, written: WrittenFlag | None) -> Switch:
    declared = FLAGS[flag]
    return Switch(
        name=flag.value,
        enabled=declared.default if written is None else written.enabled,
        conditional=written is not None and written.is_conditional,
        default=declared.default,
        description=declared.description,
        owner=declared.owner,
        expires_on=declared.expires_on,
    )
