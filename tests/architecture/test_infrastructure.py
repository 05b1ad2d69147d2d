"""What the code reads and what Bicep makes are the same, both ways.

There is no Bicep compiler here: these files are written so plainly that a regular expression reads
them. Exemptions are written down, each with its reason, and one that is no longer needed fails.
"""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from infra.delivery.create_roles import SCHEMAS
from shared.blobs import CONTAINERS
from shared.contracts.messages import QUEUES
from shared.database import POOL_SIZE
from shared.features import FLAGS
from shared.secrets import SECRET_NAMES, environment_name
from shared.settings import Settings

ROOT = Path(__file__).parents[2]
INFRA = ROOT / "infra"
RUNBOOKS = ROOT / "docs" / "operations" / "alerts"
PROFILES = {path.stem: json.loads(path.read_text()) for path in (INFRA / "profiles").glob("*.json")}

NOT_IN_BICEP = {
    "RentalQueue": "an account key; in Azure an identity signs in",
    "BLOB_CONNECTION_STRING": "likewise",
    "RENT_PROCESS_URL": "one app: called in process (docs/adr/0009)",
    "PAYMENT_PROCESS_URL": "likewise",
    "KEY_VAULT_CA_FILE": "the vault's certificate is a public one",
    "APP_CONFIGURATION_CONNECTION_STRING": "an access key; in Azure an identity signs in",
}
READ_BY_THE_HOST_OR_AN_SDK = {
    "AzureWebJobsStorage__accountName",
    "AzureWebJobsStorage__credential",
    "AzureWebJobsStorage__clientId",
    "RentalQueue__credential",
    "RentalQueue__clientId",
    "AZURE_CLIENT_ID",
}
READ_BY_THE_HOST_OR_AN_SDK_LOCALLY = {
    "FUNCTIONS_WORKER_RUNTIME",
    "AzureWebJobsStorage",
    "IDENTITY_ENDPOINT",
    "IDENTITY_HEADER",
    "APPLICATIONINSIGHTS_STATSBEAT_DISABLED_ALL",
}
# The plan refuses the deployment, or ignores it in silence.
FORBIDDEN_ON_FLEX = re.compile(
    r"FUNCTIONS_(EXTENSION_VERSION|WORKER_\w+|MAX_HTTP_CONCURRENCY)|ENABLE_ORYX_BUILD"
    r"|SCM_DO_BUILD_DURING_DEPLOYMENT|WEBSITE_(RUN_FROM_PACKAGE|CONTENT\w*|TIME_ZONE)"
)
# The user connections that Azure grants each size (docs/operations/capacity.md).
USER_CONNECTIONS = {"Standard_B2s": 414, "Standard_D4ds_v5": 1703}
MOST_POOLED_CLIENTS = 2000


def bicep(name: str) -> str:
    """A file without its comments."""
    text = (INFRA / name).read_text(encoding="utf-8")
    return re.sub(r"(?m)(^|\s)//.*$", "", text)


def all_bicep() -> dict[str, str]:
    return {path.relative_to(INFRA).as_posix(): bicep(path.relative_to(INFRA).as_posix())
            for path in INFRA.rglob("*.bicep")}  # fmt: skip


def app_settings() -> dict[str, str]:
    block = bicep("app/functions.bicep").partition("name: 'appsettings'")[2]
    block = block.partition("properties: {")[2].partition("\n    }")[0]
    return dict(re.findall(r"^\s+(\w+): (.+)$", block, re.MULTILINE))


def local_settings() -> dict[str, Any]:
    text = (ROOT / "local.settings.example.json").read_text(encoding="utf-8")
    values: dict[str, Any] = json.loads(text)["Values"]
    return values


def declared_settings() -> set[str]:
    return {field.alias or name for name, field in Settings.model_fields.items()}


def names_in(variable: str, text: str) -> list[str]:
    block = text.partition(f"var {variable} = [")[2].partition("\n]")[0]
    return re.findall(r"name: '([^']+)'", block) or re.findall(
        r"^\s+'([^']+)'$", block, re.MULTILINE
    )


def test_every_setting_that_the_code_reads_is_set_and_no_other() -> None:
    assert (
        set(app_settings())
        == (declared_settings() - set(NOT_IN_BICEP)) | READ_BY_THE_HOST_OR_AN_SDK
    )


def test_every_exemption_is_of_a_setting_that_exists() -> None:
    assert set(NOT_IN_BICEP) <= declared_settings()


def test_bicep_says_the_declared_default_where_it_repeats_one() -> None:
    values = app_settings()
    for name, field in Settings.model_fields.items():
        written = values.get(name.upper(), "").strip("'")
        if name != "database_auth" and written and isinstance(field.default, int | float):
            assert json.loads(written) == field.default, name


def test_example_of_local_settings_has_every_setting_without_a_default_and_no_stranger() -> None:
    required = {
        name.upper() for name, field in Settings.model_fields.items() if field.is_required()
    }
    secrets = {environment_name(name) for name in SECRET_NAMES}
    assert required <= set(local_settings())
    assert set(local_settings()) <= (
        declared_settings() | secrets | READ_BY_THE_HOST_OR_AN_SDK_LOCALLY
    )


def test_nothing_is_set_that_the_plan_forbids() -> None:
    assert not [name for name in app_settings() if FORBIDDEN_ON_FLEX.fullmatch(name)]


def test_every_queue_and_its_poison_queue_exist_and_no_other() -> None:
    made = names_in("queueNames", bicep("app/storage_queues.bicep"))
    assert sorted(made) == sorted(each + end for each in QUEUES for end in ("", "-poison"))


def test_every_container_of_files_exists_and_no_other() -> None:
    assert names_in("containerNames", bicep("app/storage_blobs.bicep")) == list(CONTAINERS)


def test_files_are_no_ones_but_the_apps_and_reached_by_its_network() -> None:
    storage, roles = bicep("app/storage_blobs.bicep"), bicep("app/roles.bicep")
    assert "allowBlobPublicAccess: false" in storage
    assert "allowSharedKeyAccess: false" in storage
    assert "publicAccess: 'None'" in storage
    files = roles.partition("resource files ")[2].partition("\n]")[0]
    assert "scope: containers[i]" in files, "on each container, not on the account"
    assert "'roleDefinitions', blobDataContributor" in files.replace("Microsoft.Authorization/", "")
    assert "id: blobStorageId, part: 'blob'" in bicep("app/private_endpoints.bicep")


def test_every_flag_is_declared_with_its_default_and_its_words() -> None:
    block = bicep("app/app_configuration.bicep").partition("var flags = [")[2].partition("\n]")[0]
    pattern = r"name: '([\w-]+)'[,\s]+enabled: (true|false)[,\s]+description: '([^']+)'"
    made = {name: (on == "true", words) for name, on, words in re.findall(pattern, block)}
    assert made == {
        flag.value: (declaration.default, declaration.description)
        for flag, declaration in FLAGS.items()
    }


def test_every_secret_is_in_the_operators_list_and_none_is_a_parameter() -> None:
    table = (ROOT / "docs" / "operations" / "secrets.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `([\w-]+)` \|", table, re.MULTILINE)) == set(SECRET_NAMES)
    for name, text in all_bicep().items():
        assert "@secure" not in text, name
        assert not re.search(r"listKeys|listSecrets|\.list\w*\(", text), name
        for declared in re.findall(r"^(?:param|output) (\w+)", text, re.MULTILINE):
            assert not re.search(r"(?i)password|secret|apikey|token$|sas$", declared), name


def test_every_database_role_has_an_identity_of_its_own() -> None:
    assert set(SCHEMAS) == set(POOL_SIZE)
    values = app_settings()
    for schema in SCHEMAS:
        assert f"postgresql://{schema}$" in values[f"DATABASE_URL_{schema.upper()}"]
        client_id = values[f"DATABASE_CLIENT_ID_{schema.upper()}"]
        assert client_id == f"identities.{schema}ClientId"
        assert f"{schema}PrincipalId: {schema}.properties" in bicep("app/identities.bicep")
        assert f"output {schema.upper()}_PRINCIPAL_ID " in bicep("main.bicep")


def test_pipeline_may_grant_exactly_the_roles_that_are_granted() -> None:
    identifier = r"'([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})'"
    granted = set(re.findall(identifier, bicep("app/roles.bicep")))
    block = bicep("bootstrap.bicep").partition("var grantable")[2].partition("', '")[0]
    assert granted == set(re.findall(identifier, block))
    unused = [
        name
        for name in re.findall(
            r"^var (\w+) = '[0-9a-f-]{36}'", bicep("app/roles.bicep"), re.MULTILINE
        )
        if bicep("app/roles.bicep").count(name) < 3
    ]
    assert not unused


def test_extensions_that_the_migrations_make_are_allowed() -> None:
    migrations = "".join(
        path.read_text(encoding="utf-8") for path in (INFRA / "migrations").glob("*.sql")
    )
    made = re.findall(r"CREATE EXTENSION (?:IF NOT EXISTS )?(\w+)", migrations)
    allowed = re.search(r"'azure.extensions', value: '([\w,]+)'", bicep("app/postgres.bicep"))
    assert allowed
    assert {name.upper() for name in made} == set(allowed[1].split(","))


def test_profiles_say_the_same_things_and_prod_is_closed() -> None:
    assert set(PROFILES) == {"dev", "prod"}
    dev, prod = PROFILES["dev"], PROFILES["prod"]
    assert set(dev) == set(prod)
    assert set(dev["postgres"]) == set(prod["postgres"])
    assert prod["privateNetwork"]
    assert prod["postgres"]["highAvailability"] == "ZoneRedundant"


@pytest.mark.parametrize("profile", PROFILES)
def test_database_takes_the_connections_of_every_instance(profile: str) -> None:
    sizes = PROFILES[profile]
    wanted = sizes["maximumInstances"] * sum(POOL_SIZE.values())
    pooled = sizes["postgres"]["pgBouncer"]
    assert f"max_client_conn', value: '{MOST_POOLED_CLIENTS}'" in bicep("app/postgres.bicep")
    most = MOST_POOLED_CLIENTS if pooled else USER_CONNECTIONS[sizes["postgres"]["sku"]]
    assert wanted <= most
    assert not pooled or sizes["postgres"]["tier"] != "Burstable", "no pooler there"


@pytest.mark.parametrize("profile", PROFILES)
def test_always_ready_instances_are_of_functions_that_exist(profile: str) -> None:
    known = {
        name
        for path in ROOT.glob("*/function.py")
        for name in re.findall(r'function_name\("(\w+)"\)', path.read_text(encoding="utf-8"))
    }
    for each in PROFILES[profile]["alwaysReady"]:
        kind, _, name = each["name"].partition(":")
        assert kind == "http" or (kind == "function" and name in known), each


def test_only_stripes_webhook_itself_is_left_out_of_the_rate_limit() -> None:
    found = re.search(r"negateCondition: true\s+matchValue: \['([^']+)'\]", bicep("app/waf.bicep"))
    assert found
    left_out = re.compile(found[1])
    for begin in ("", "https://rent.example.com"):
        assert left_out.search(f"{begin}/api/webhooks/stripe")
        for other in ("rentals?x=/api/webhooks/stripe", "rentals#/api/webhooks/stripe",
                      "webhooks/stripe/more", "x/api/webhooks/stripe"):  # fmt: skip
            assert not left_out.search(f"{begin}/api/{other}"), other


def test_server_log_holds_no_values_of_a_statement_and_no_refused_row() -> None:
    postgres = bicep("app/postgres.bicep")
    assert "'log_parameter_max_length', value: '0'" in postgres
    assert "'log_error_verbosity', value: 'terse'" in postgres


def test_alert_looks_back_further_than_to_its_last_look() -> None:
    """What arrives minutes after it happened would be missed between two windows otherwise."""
    unit = {"M": 1, "H": 60, "D": 1440}
    pattern = r"every: 'PT?(\d+)(\w)'\s+window: 'PT?(\d+)(\w)'"
    pairs = re.findall(pattern, bicep("app/alerts.bicep"))
    assert len(pairs) == len(alert_names())
    for every, its_unit, window, other_unit in pairs:
        assert int(every) * unit[its_unit] < int(window) * unit[other_unit]


def alert_names() -> list[str]:
    return re.findall(r"^    name: '([\w-]+)'", bicep("app/alerts.bicep"), re.MULTILINE)


def test_every_alert_has_its_query_and_every_query_its_alert() -> None:
    loaded = re.findall(r"queries/([\w-]+)\.kql", bicep("app/alerts.bicep"))
    there = {path.stem for path in (INFRA / "observability" / "queries").glob("*.kql")}
    assert loaded == alert_names()
    assert set(loaded) == there


def test_every_timer_is_missed_when_it_is_silent() -> None:
    query = (INFRA / "observability" / "queries" / "silent-timers.kql").read_text(encoding="utf-8")
    timers = {
        name
        for path in ROOT.glob("*/function.py")
        for name in re.findall(
            r'function_name\("(\w+)"\)\s+@blueprint\.timer_trigger',
            path.read_text(encoding="utf-8"),
        )
    }
    assert len(timers) >= 3
    assert timers == set(re.findall(r'"(\w+Timer)"', query))


@pytest.mark.parametrize("name", alert_names())
def test_runbook_shows_the_very_query_that_woke_somebody_up(name: str) -> None:
    query = (INFRA / "observability" / "queries" / f"{name}.kql").read_text(encoding="utf-8")
    assert f"```kusto\n{query}```" in (RUNBOOKS / f"{name}.md").read_text(encoding="utf-8")


def test_every_alert_names_a_runbook_that_exists_and_every_runbook_is_named() -> None:
    text = bicep("app/alerts.bicep")
    named = set(re.findall(r"\}/([\w-]+)\.md'", text)) | set(alert_names())
    assert {path.stem for path in RUNBOOKS.glob("*.md")} == named | {"README"}
    for path in RUNBOOKS.glob("*.md"):
        runbook = path.read_text(encoding="utf-8")
        assert path.stem == "README" or {"## Likely causes", "## What to do"} <= set(
            runbook.splitlines()
        ), path.name


def kusto_of_dashboards() -> dict[str, list[str]]:
    workbook = json.loads((INFRA / "observability" / "workbook.json").read_text(encoding="utf-8"))
    grafana = json.loads((INFRA / "observability" / "grafana.json").read_text(encoding="utf-8"))
    return {
        "workbook": [
            item["content"]["query"] for item in workbook["items"] if "query" in item["content"]
        ],
        "grafana": [
            target["azureLogAnalytics"]["query"]
            for panel in grafana["panels"]
            for target in panel.get("targets", [])
        ],
    }


@pytest.mark.parametrize("dashboard", ["workbook", "grafana"])
def test_dashboards_count_our_own_requests_and_not_the_hosts_rows_again(dashboard: str) -> None:
    queries = kusto_of_dashboards()[dashboard]
    assert len(queries) >= 6
    alerts = [path.read_text() for path in (INFRA / "observability" / "queries").glob("*.kql")]
    for query in [*queries, *alerts]:
        assert "AppRequests" not in query or 'Properties.emitter == "rentacar"' in query, query


def test_queries_ask_for_events_and_metrics_that_the_code_emits() -> None:
    code = "".join(
        path.read_text(encoding="utf-8")
        for folder in ("bff", "rent_process", "payment_process", "email_notification", "shared")
        for path in (ROOT / folder).rglob("*.py")
        if path.parent.name != "telemetry"  # its own examples are no emitters
    )
    emitted = set(re.findall(r'(?:event|metric)\(\s*"(\w+)"', code))
    queries = "".join(
        path.read_text(encoding="utf-8")
        for path in (INFRA / "observability" / "queries").glob("*.kql")
    )
    asked = set(re.findall(r'Name == "(\w+)"', queries))
    assert asked <= emitted, "an alert asks for a metric that nothing emits"
