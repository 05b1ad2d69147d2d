"""Secrets: random per data folder, kept, private."""

import os
import stat
from pathlib import Path

import pytest

from infra.local.stack.generated_secrets import FILE_NAME, load_or_generate, vault_secrets


def test_each_data_folder_has_secrets_of_its_own(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    first, second = load_or_generate(tmp_path / "a"), load_or_generate(tmp_path / "b")
    assert not set(first.values()) & set(second.values())


def test_secrets_stay_the_same_at_the_next_start(tmp_path: Path) -> None:
    assert load_or_generate(tmp_path) == load_or_generate(tmp_path)


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps rights in the folder's access list")
def test_only_the_owner_can_read_them(tmp_path: Path) -> None:
    load_or_generate(tmp_path)
    assert stat.S_IMODE((tmp_path / FILE_NAME).stat().st_mode) == 0o600


def test_a_secret_that_a_newer_version_needs_is_added(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text('{"offer-signing-key": "kept"}', "utf-8")
    known = load_or_generate(tmp_path)
    assert known["offer-signing-key"] == "kept"
    assert known["stripe-api-key"].startswith("sk_test_")


def test_the_vault_holds_exactly_what_the_product_reads_from_it(tmp_path: Path) -> None:
    assert sorted(vault_secrets(load_or_generate(tmp_path))) == [
        "internal-function-key",
        "manage-token-key",
        "offer-signing-key",
        "sendgrid-api-key",
        "smtp-password",
        "stripe-api-key",
        "stripe-webhook-secret",
    ]
