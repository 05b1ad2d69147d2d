"""The composed environment, the example file and the settings model say the same names."""

import json
from pathlib import Path
from typing import Any

import pytest

from infra.local.stack import generated_secrets
from infra.local.stack.ports import Ports
from infra.local.stack.settings import Addresses, compose_environment, example_settings
from shared.settings import Settings

ROOT = Path(__file__).parents[3]
# Read by the host, the Azure SDKs or the telemetry exporter, not by our settings model.
READ_BY_OTHERS = {
    "FUNCTIONS_WORKER_RUNTIME",
    "AzureWebJobsStorage",
    "IDENTITY_ENDPOINT",
    "IDENTITY_HEADER",
    "APPLICATIONINSIGHTS_STATSBEAT_DISABLED_ALL",
    "INTERNAL_FUNCTION_KEY",
}


def compose(folder: Path, server: str) -> dict[str, str]:
    return compose_environment(
        Addresses(Ports.counted_from(21_000)),
        generated_secrets.load_or_generate(folder),
        database_server=server,
        database_name="rentacar",
        key_vault_ca_file="ca.pem",
    )


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return compose(tmp_path, "postgresql://postgres@127.0.0.1:21004/postgres")


def known_names() -> set[str]:
    return {field.alias or name for name, field in Settings.model_fields.items()}


def test_the_composed_environment_satisfies_the_model(environment: dict[str, str]) -> None:
    settings = Settings.model_validate(environment)
    assert settings.public_base_url == "http://127.0.0.1:21000"
    assert settings.smtp_port == Ports.counted_from(21_000).smtp


def test_every_composed_name_is_read_by_somebody(environment: dict[str, str]) -> None:
    assert set(environment) - known_names() == READ_BY_OTHERS


def test_every_required_setting_is_composed(environment: dict[str, str]) -> None:
    fields = Settings.model_fields.items()
    required = {field.alias or name for name, field in fields if field.is_required()}
    assert required <= set(environment)


def test_the_example_file_is_what_the_stack_composes() -> None:
    example: Any = json.loads((ROOT / "local.settings.example.json").read_text("utf-8"))
    assert example == example_settings()


def test_the_example_file_holds_no_generated_secret() -> None:
    text = (ROOT / "local.settings.example.json").read_text("utf-8")
    assert "sk_test_" not in text
    assert "<identity-header>" in text


def test_roles_have_no_password_where_the_administrator_has_none(
    environment: dict[str, str],
) -> None:
    assert environment["DATABASE_URL_RENT"] == "postgresql://rent@127.0.0.1:21004/rentacar"


def test_roles_of_a_foreign_server_get_passwords_that_every_stack_derives_alike(
    tmp_path: Path,
) -> None:
    server = "postgresql://admin:s3cret@db.example:5433/postgres?sslmode=require"
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    first, second = compose(tmp_path / "a", server), compose(tmp_path / "b", server)
    assert first["DATABASE_URL_RENT"] == second["DATABASE_URL_RENT"]
    assert "s3cret" not in first["DATABASE_URL_RENT"]
    assert first["DATABASE_URL_RENT"].endswith("@db.example:5433/rentacar?sslmode=require")
