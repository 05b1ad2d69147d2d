"""Microsoft's App Configuration SDK, driven against the stand-in."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from azure.appconfiguration import (
    AzureAppConfigurationClient,
    ConfigurationSetting,
    FeatureFlagConfigurationSetting,
    ResourceReadOnlyError,
)
from azure.appconfiguration.aio import AzureAppConfigurationClient as AsyncClient
from azure.core import MatchConditions
from azure.core.exceptions import (
    ClientAuthenticationError,
    ResourceExistsError,
    ResourceModifiedError,
    ResourceNotFoundError,
)

from infra.local.standins import tokens
from infra.local.standins.appconfiguration.app import AUDIENCE, CREDENTIAL, SECRET
from infra.local.standins.appconfiguration.store import FLAG_PREFIX
from tests.integration.standins.vendor_check import assert_true_to_vendor
from tests.plugins.standins import Serve

FLAGS = {"bookings-open": True, "boleto": {"enabled": False, "description": "Pay by boleto"}}


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    return tmp_path / "exchanges.jsonl"


@pytest.fixture
def url(serve_standins: Serve, recording: Path) -> str:
    options = {"flags": FLAGS, "page_size": 2}
    server = {"name": "appconfiguration", "options": options}
    return serve_standins(server, record=recording)["appconfiguration"]


def connection_string(url: str, secret: str = SECRET) -> str:
    return f"Endpoint={url};Id={CREDENTIAL};Secret={secret}"


@pytest.fixture
def client(url: str) -> Iterator[AzureAppConfigurationClient]:
    with AzureAppConfigurationClient.from_connection_string(
        connection_string(url), retry_total=0
    ) as made:
        yield made


def test_seeded_flags_are_feature_flags_to_the_sdk(client: AzureAppConfigurationClient) -> None:
    flag = client.get_configuration_setting(f"{FLAG_PREFIX}boleto")
    assert isinstance(flag, FeatureFlagConfigurationSetting)
    assert (flag.feature_id, flag.enabled) == ("boleto", False)


def test_a_toggled_flag_gets_a_new_etag_and_is_read_back(
    client: AzureAppConfigurationClient, recording: Path
) -> None:
    flag = client.get_configuration_setting(f"{FLAG_PREFIX}boleto")
    assert isinstance(flag, FeatureFlagConfigurationSetting)
    flag.enabled = True
    written = client.set_configuration_setting(
        flag, match_condition=MatchConditions.IfNotModified, etag=flag.etag
    )
    assert written.etag != flag.etag
    read = client.get_configuration_setting(f"{FLAG_PREFIX}boleto")
    assert isinstance(read, FeatureFlagConfigurationSetting)
    assert read.enabled is True
    assert_true_to_vendor(recording, exchanges=3)


def test_a_write_against_an_old_version_is_refused(client: AzureAppConfigurationClient) -> None:
    first = client.set_configuration_setting(ConfigurationSetting(key="limit", value="1"))
    client.set_configuration_setting(ConfigurationSetting(key="limit", value="2"))
    first.value = "3"
    with pytest.raises(ResourceModifiedError):
        client.set_configuration_setting(first, match_condition=MatchConditions.IfNotModified)
    with pytest.raises(ResourceExistsError):
        client.add_configuration_setting(ConfigurationSetting(key="limit", value="4"))
    found = client.get_configuration_setting("limit")
    assert found is not None
    assert found.value == "2"


def test_an_unchanged_setting_is_not_sent_again(
    client: AzureAppConfigurationClient, recording: Path
) -> None:
    setting = client.get_configuration_setting(f"{FLAG_PREFIX}boleto")
    assert setting is not None
    again = client.get_configuration_setting(
        setting.key, etag=setting.etag, match_condition=MatchConditions.IfModified
    )
    assert again is None
    assert '"status":304' in recording.read_text()
    assert_true_to_vendor(recording, exchanges=2)


def test_lists_come_page_by_page_and_by_key_label_and_tags(
    client: AzureAppConfigurationClient, recording: Path
) -> None:
    for number in range(5):
        client.set_configuration_setting(
            ConfigurationSetting(
                key=f"fleet/{number}",
                label="prod" if number % 2 else None,
                value=str(number),
                tags={"owner": "fleet" if number < 3 else "desk"},
            )
        )
    listed = client.list_configuration_settings
    assert [each.key for each in listed(key_filter="fleet/*")] == [f"fleet/{n}" for n in range(5)]
    assert [each.value for each in listed(label_filter="prod")] == ["1", "3"]
    assert [each.value for each in listed(key_filter="fleet/*", label_filter="\0")] == list("024")
    found = listed(key_filter="fleet/1,fleet/4", fields=["key", "value"])
    assert [each.value for each in found] == ["1", "4"]
    assert [each.value for each in listed(tags_filter=["owner=desk"])] == ["3", "4"]
    assert [each.name for each in client.list_labels()] == [None, "prod"]
    assert_true_to_vendor(recording, exchanges=12)


def test_deleted_settings_are_gone_and_locked_ones_stay(
    client: AzureAppConfigurationClient, recording: Path
) -> None:
    setting = client.set_configuration_setting(ConfigurationSetting(key="rate", value="1"))
    client.set_read_only(setting)
    with pytest.raises(ResourceReadOnlyError):
        client.delete_configuration_setting("rate")
    client.set_read_only(setting, read_only=False)
    assert client.delete_configuration_setting("rate") is not None
    assert client.delete_configuration_setting("rate") is None
    with pytest.raises(ResourceNotFoundError):
        client.get_configuration_setting("rate")
    assert_true_to_vendor(recording, exchanges=7)


def test_a_wrong_secret_is_refused(url: str, recording: Path) -> None:
    wrong = connection_string(url, secret="d3Jvbmc=")
    with (
        AzureAppConfigurationClient.from_connection_string(wrong, retry_total=0) as client,
        pytest.raises(ClientAuthenticationError),
    ):
        client.get_configuration_setting("anything")
    assert_true_to_vendor(recording, exchanges=1)


async def test_async_client_signs_keys_with_odd_characters(url: str, recording: Path) -> None:
    key = "desk/São Paulo?&=+%"
    async with AsyncClient.from_connection_string(connection_string(url), retry_total=0) as client:
        await client.set_configuration_setting(ConfigurationSetting(key=key, value="open"))
        read = await client.get_configuration_setting(key)
        found = [each.key async for each in client.list_configuration_settings(key_filter="*")]
    assert read is not None
    assert read.value == "open"
    assert key in found
    assert_true_to_vendor(recording, exchanges=4)


def test_a_managed_identity_token_opens_it_and_another_audience_does_not(url: str) -> None:
    query = f"{url}/kv?api-version=2026-04-01"
    right, _ = tokens.issue(AUDIENCE)
    wrong, _ = tokens.issue("https://vault.azure.net")
    assert httpx.get(query, headers={"Authorization": f"Bearer {right}"}).status_code == 200
    refused = httpx.get(query, headers={"Authorization": f"Bearer {wrong}"})
    assert refused.status_code == 401
    assert "invalid_token" in refused.headers["WWW-Authenticate"]
