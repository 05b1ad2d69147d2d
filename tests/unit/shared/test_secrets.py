"""Secrets without a Key Vault."""

import pytest

from shared.secrets import SECRET_NAMES, environment_name, get_keys, get_secret
from shared.settings import SettingsError


async def test_without_key_vault_the_environment_serves(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("OFFER_SIGNING_KEY", " key ")
    assert await get_secret("offer-signing-key") == "key"


async def test_secret_that_is_rotated_holds_its_old_key_behind_the_new(
    environment: pytest.MonkeyPatch,
) -> None:
    environment.setenv("OFFER_SIGNING_KEY", " new  old\n")
    assert await get_keys("offer-signing-key") == ("new", "old")


@pytest.mark.parametrize("value", [None, "", "  "])
async def test_missing_secret_is_named_with_its_remedy(
    environment: pytest.MonkeyPatch, value: str | None
) -> None:
    if value is None:
        environment.delenv("SMTP_PASSWORD", raising=False)
    else:
        environment.setenv("SMTP_PASSWORD", value)
    with pytest.raises(SettingsError, match="smtp-password is missing: set SMTP_PASSWORD"):
        await get_secret("smtp-password")


def test_environment_names_are_distinct() -> None:
    assert len({environment_name(name) for name in SECRET_NAMES}) == len(SECRET_NAMES) == 7
