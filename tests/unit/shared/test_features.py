"""Flags without App Configuration, and what their table must say."""

from datetime import UTC, datetime

import pytest

from shared.features import FLAGS, Flag, all_flags, close_features, is_enabled


@pytest.fixture
async def nothing_configured(environment: pytest.MonkeyPatch) -> None:
    environment.delenv("APP_CONFIGURATION_ENDPOINT", raising=False)
    environment.delenv("APP_CONFIGURATION_CONNECTION_STRING", raising=False)
    await close_features()


@pytest.mark.parametrize("flag", list(Flag))
@pytest.mark.usefixtures("nothing_configured")
async def test_without_app_configuration_a_flag_has_its_declared_default(flag: Flag) -> None:
    assert await is_enabled(flag) is FLAGS[flag].default


@pytest.mark.usefixtures("nothing_configured")
async def test_all_flags_are_told_at_once() -> None:
    assert await all_flags() == {flag: FLAGS[flag].default for flag in Flag}


@pytest.mark.parametrize("flag", list(Flag))
def test_every_flag_is_declared_with_owner_description_and_a_future(flag: Flag) -> None:
    declaration = FLAGS[flag]
    assert declaration.owner
    assert declaration.description.endswith(".")
    today = datetime.now(UTC).date()
    assert declaration.expires_on is None or declaration.expires_on > today, "remove it, or extend"
