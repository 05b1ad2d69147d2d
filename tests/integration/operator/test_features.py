"""Operators turn flags in App Configuration, over the wire, through Microsoft's SDK."""

import asyncio
import threading
from collections.abc import AsyncIterator
from typing import Any

import pytest
from azure.appconfiguration import AzureAppConfigurationClient, ConfigurationSetting

from infra.local.standins.appconfiguration.app import CREDENTIAL, SECRET
from rent_process.switches import appconfiguration_gateway as gateway
from shared.features import FLAGS, Flag, close_features, is_enabled
from shared.settings import get_settings
from tests.plugins.market import Renter
from tests.plugins.operator import Operator
from tests.plugins.standins import Serve

PATH = "/features"


@pytest.fixture
async def connection_string(
    serve_standins: Serve, environment: pytest.MonkeyPatch
) -> AsyncIterator[str]:
    options = {"flags": {"boleto": False, "instalments": True}}
    url = serve_standins({"name": "appconfiguration", "options": options})["appconfiguration"]
    opened = f"Endpoint={url};Id={CREDENTIAL};Secret={SECRET}"
    environment.setenv("APP_CONFIGURATION_CONNECTION_STRING", opened)
    environment.setenv("FEATURE_REFRESH_SECONDS", "0.2")
    get_settings.cache_clear()
    yield opened
    await close_features()


async def features(operator: Operator) -> dict[str, dict[str, Any]]:
    found = await operator.get(PATH)
    assert found.status_code == 200, found.text
    return {each["name"]: each for each in found.json()["features"]}


async def until(flag: Flag, *, enabled: bool) -> None:
    async with asyncio.timeout(10):
        while await is_enabled(flag) is not enabled:  # noqa: ASYNC110 -- as callers read it
            await asyncio.sleep(0.05)


class Worker:
    """Another worker: a thread with an event loop, and so a snapshot, of its own."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever)
        self.thread.start()

    async def until(self, flag: Flag, *, enabled: bool) -> None:
        waiting = asyncio.run_coroutine_threadsafe(until(flag, enabled=enabled), self.loop)
        await asyncio.wrap_future(waiting)

    async def stop(self) -> None:
        closing = asyncio.run_coroutine_threadsafe(close_features(), self.loop)
        await asyncio.wrap_future(closing)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()


async def test_every_flag_is_listed_as_it_is_written(
    connection_string: str, operator: Operator
) -> None:
    found = await features(operator)
    assert set(found) == {flag.value for flag in Flag}
    assert found["boleto"]["enabled"] is False
    assert found["instalments"]["enabled"] is True
    assert found["pix"]["enabled"] is FLAGS[Flag.PIX].default


async def test_turned_flag_reaches_every_worker_and_the_audit(
    connection_string: str, operator: Operator
) -> None:
    other = Worker()
    try:
        for enabled in (False, True):
            await other.until(Flag.PIX, enabled=not enabled)
            answer = await operator.send("PUT", f"{PATH}/pix", {"enabled": enabled})
            assert answer.status_code == 200, answer.text
            assert answer.json()["enabled"] is enabled
            await until(Flag.PIX, enabled=enabled)
            await other.until(Flag.PIX, enabled=enabled)
    finally:
        await other.stop()
    entries = [each for each in await operator.audit() if each["action"] == "feature_changed"]
    assert [each["target"] for each in entries] == ["pix", "pix"]
    assert entries[0]["before"] == {"enabled": False}
    assert entries[0]["after"] == {"enabled": True}


async def test_turning_keeps_what_others_wrote_into_the_flag(
    connection_string: str, operator: Operator
) -> None:
    rich = (
        '{"id": "boleto", "enabled": false, "allocation": {"default_when_enabled": "a"},'
        ' "variants": [{"name": "a"}], "conditions": {"requirement_type": "All",'
        ' "client_filters": [{"name": "Made.Up"}]}}'
    )
    setting = ConfigurationSetting(
        key=f"{gateway.PREFIX}boleto", value=rich, content_type=gateway.CONTENT_TYPE
    )
    with AzureAppConfigurationClient.from_connection_string(connection_string) as client:
        client.set_configuration_setting(setting)
    answer = await operator.send("PUT", f"{PATH}/boleto", {"enabled": True})
    assert answer.json()["conditional"] is True
    written = await gateway.read("boleto")
    assert written is not None
    assert written.enabled
    assert written.value["variants"] == [{"name": "a"}]
    assert written.value["conditions"]["requirement_type"] == "All"


async def test_a_feature_can_be_tried_by_operators_first(
    connection_string: str, operator: Operator, renter: Renter
) -> None:
    groups = '[{"Name": "operator", "RolloutPercentage": 100}]'
    value = (
        '{"id": "pix", "enabled": true, "conditions": {"client_filters": [{"name":'
        ' "Microsoft.Targeting", "parameters": {"Audience": {"Users": [], "Groups":'
        f' {groups}, "DefaultRolloutPercentage": 0}}}}}}]}}}}'
    )
    setting = ConfigurationSetting(
        key=f"{gateway.PREFIX}pix", value=value, content_type=gateway.CONTENT_TYPE
    )
    with AzureAppConfigurationClient.from_connection_string(connection_string) as client:
        client.set_configuration_setting(setting)
    await until(Flag.PIX, enabled=False)

    async def told(headers: dict[str, str]) -> bool:
        found = await operator.client.get("/api/features", headers=headers)
        assert found.headers["vary"] == "Authorization"
        return bool(found.json()["flags"]["pix"])

    assert (await told({}), await told(operator.headers)) == (False, True)
    offer = await renter.offer()
    refused = await renter.book(offer, payment={"method": "pix"})
    assert refused.json()["code"] == "payment_method_unavailable"
    renter.client.headers.update(operator.headers)
    assert (await renter.book(offer, payment={"method": "pix"})).status_code == 202


async def test_concurrent_edits_are_not_lost(
    connection_string: str, operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = gateway.read
    raced: list[str] = []

    async def read_and_be_overtaken(name: str) -> gateway.WrittenFlag | None:
        found = await read(name)
        if not raced and found is not None:
            raced.append(name)
            await gateway.write(name, found.value | {"description": "edited meanwhile"}, found)
        return found

    monkeypatch.setattr(gateway, "read", read_and_be_overtaken)
    answer = await operator.send("PUT", f"{PATH}/boleto", {"enabled": True})
    assert answer.status_code == 200, answer.text
    written = await read("boleto")
    assert raced
    assert written is not None
    assert (written.enabled, written.value["description"]) == (True, "edited meanwhile")


async def test_flag_that_two_create_at_once_is_created_once(connection_string: str) -> None:
    await gateway.write("pix", {"id": "pix", "enabled": True}, None)
    with pytest.raises(gateway.Edited):
        await gateway.write("pix", {"id": "pix", "enabled": False}, None)


async def test_unknown_flags_and_bad_bodies_are_refused(
    connection_string: str, operator: Operator
) -> None:
    unknown = await operator.send("PUT", f"{PATH}/no-such-flag", {"enabled": True})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "not_found")
    bodies: list[Any] = [{}, {"enabled": "yes"}, {"enabled": None}, {"enabled": True, "x": 1}, []]
    for body in bodies:
        assert (await operator.send("PUT", f"{PATH}/pix", body)).status_code == 422
    assert await operator.audit() == []


async def test_unreachable_store_is_answered_503(
    operator: Operator, environment: pytest.MonkeyPatch
) -> None:
    assert (await operator.get(PATH)).status_code == 503
    nowhere = "Endpoint=http://127.0.0.1:9;Id=a;Secret=YQ=="
    environment.setenv("APP_CONFIGURATION_CONNECTION_STRING", nowhere)
    get_settings.cache_clear()
    answer = await operator.send("PUT", f"{PATH}/pix", {"enabled": False})
    assert (answer.status_code, answer.json()["code"]) == (503, "service_unavailable")
    [entry] = await operator.audit()
    assert entry["action"] == "feature_change_requested"


async def test_operator_of_one_branch_turns_nothing(operator_of_gig: Operator) -> None:
    answer = await operator_of_gig.send("PUT", f"{PATH}/pix", {"enabled": False})
    assert answer.status_code == 403
