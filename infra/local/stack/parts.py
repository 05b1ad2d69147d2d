"""How each part is started. One function a part; what they share stands in ``Plan``."""

import json
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from infra.local.install.node import find_node
from infra.local.stack import generated_secrets, probes
from infra.local.stack.errors import StackError
from infra.local.stack.processes import Program
from infra.local.stack.settings import APPCONFIGURATION_CREDENTIAL, OIDC_AUDIENCE, Addresses
from shared.features import FLAGS

ROOT = Path(__file__).resolve().parents[3]
IDENTITY = ROOT / "infra" / "local" / "identity"
NODE_MODULES = ROOT / "infra" / "local" / "node_modules"
STANDINS = (
    "stripe",
    "sendgrid",
    "appconfiguration",
    "keyvault",
    "managed_identity",
    "appinsights",
)


@dataclass(frozen=True, slots=True)
class Plan:
    """What the parts of one stack must agree on."""

    addresses: Addresses
    data_dir: Path
    record: Path | None = None
    web: Path | None = None
    queue_lease_seconds: float = 600
    host_imports: tuple[str, ...] = ()
    standin_options: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def secrets(self) -> dict[str, str]:
        return generated_secrets.load_or_generate(self.data_dir)

    def folder(self, name: str) -> Path:
        path = self.data_dir / name
        path.mkdir(parents=True, exist_ok=True)
        return path


def queue_program(plan: Plan) -> Program:
    port = plan.addresses.ports.queue
    command = _node_program("azurite/dist/src/queue/main.js", "the queue (Azurite)")
    command += ["--queueHost", "127.0.0.1", "--queuePort", str(port)]
    # The SDK sends a newer API version than Azurite knows, and speaks it well enough.
    command += ["--location", str(plan.folder("queue")), "--skipApiVersionCheck"]
    command += ["--silent", "--disableTelemetry"]
    return Program("queue", command, probes.answers_http(port, "/", status=None))


def blob_program(plan: Plan) -> Program:
    port = plan.addresses.ports.blob
    command = _node_program("azurite/dist/src/blob/main.js", "the file storage (Azurite)")
    command += ["--blobHost", "127.0.0.1", "--blobPort", str(port)]
    command += ["--location", str(plan.folder("blob")), "--skipApiVersionCheck"]  # as above
    command += ["--silent", "--disableTelemetry"]
    return Program("blob", command, probes.answers_http(port, "/", status=None))


def mail_program(plan: Plan) -> Program:
    ports = plan.addresses.ports
    command = _node_program("maildev/dist/bin/maildev.js", "the mailbox (MailDev)")
    command += ["--smtp", str(ports.smtp), "--ip", "127.0.0.1"]
    command += ["--web", str(ports.mail), "--web-ip", "127.0.0.1"]
    command += ["--mail-directory", str(plan.folder("mail")), "--silent"]
    ready = probes.all_of(
        probes.answers_http(ports.mail, "/api/healthz"), probes.accepts_connections(ports.smtp)
    )
    return Program("mail", command, ready, folder=plan.data_dir)


def standins_program(plan: Plan) -> Program:
    config = plan.data_dir / "standins.json"
    config.touch(mode=0o600)  # it holds secrets
    servers = [_standin(plan, name) for name in STANDINS]
    record = str(plan.record) if plan.record else None
    config.write_text(json.dumps({"record": record, "servers": servers}, indent=2), "utf-8")
    ports = [getattr(plan.addresses.ports, name) for name in STANDINS]
    command = [sys.executable, "-m", "infra.local.standins", "--config", str(config)]
    return Program("standins", command, probes.accepts_connections(*ports), folder=ROOT)


def _standin(plan: Plan, name: str) -> dict[str, Any]:
    server: dict[str, Any] = {"name": name, "port": getattr(plan.addresses.ports, name)}
    if name == "keyvault":
        files = key_vault_certificate(plan.data_dir)
        server["tls"] = {"certificate": str(files.certificate), "key": str(files.key)}
    options = _standin_options(plan).get(name, {})
    server["options"] = {**options, **plan.standin_options.get(name, {})}
    return server


def key_vault_certificate(data_dir: Path) -> Any:
    from infra.local.standins.keyvault.certificate import (  # noqa: PLC0415 -- imports cryptography
        ensure_certificate,
    )

    return ensure_certificate(data_dir / "certificates")


def _standin_options(plan: Plan) -> dict[str, dict[str, Any]]:
    secrets, addresses = plan.secrets, plan.addresses
    return {
        "stripe": {
            "api_key": secrets["stripe-api-key"],
            "publishable_key": secrets["stripe-publishable-key"],
            "webhook_secret": secrets["stripe-webhook-secret"],
            "webhook_url": f"{addresses.api}/webhooks/stripe",
            # The database outlives a restart of the stack, so the vendor's ledger must too.
            "state_file": str(plan.folder("stripe") / "ledger.json"),
        },
        "sendgrid": {
            "api_keys": [secrets["sendgrid-api-key"]],
            "smtp_host": "127.0.0.1",
            "smtp_port": addresses.ports.smtp,
        },
        "appconfiguration": {
            "credential": APPCONFIGURATION_CREDENTIAL,
            "secret": secrets["appconfiguration-secret"],
            "flags": {
                flag.value: {"enabled": declared.default, "description": declared.description}
                for flag, declared in FLAGS.items()
            },
            "token_key": secrets["token-key"],
        },
        "keyvault": {
            "secrets": generated_secrets.vault_secrets(secrets),
            "token_key": secrets["token-key"],
        },
        "managed_identity": {
            "identity_header": secrets["identity-header"],
            "token_key": secrets["token-key"],
        },
    }


def identity_program(plan: Plan) -> Program:
    port = plan.addresses.ports.identity
    _require_packages("the sign-in")
    command = [*_node("the sign-in"), str(IDENTITY / "server.mjs"), "--port", str(port)]
    command += ["--audience", OIDC_AUDIENCE, "--web-origin", plan.addresses.web]
    command += ["--state-dir", str(plan.folder("identity"))]
    ready = probes.answers_http(port, "/.well-known/openid-configuration")
    return Program("identity", command, ready, folder=ROOT)


def functions_program(
    plan: Plan,
    environment: dict[str, str],
    *,
    name: str = "functions",
    code: Path = ROOT,
    port: int | None = None,
) -> Program:
    """``code``: another tree's functions, run by its own host, beside this one's."""
    port = port or plan.addresses.ports.web
    command = [sys.executable, "-m", "infra.local.host", "--port", str(port)]
    command += ["--state-dir", str(plan.folder(name))]
    command += ["--queue-lease-seconds", f"{plan.queue_lease_seconds:g}"]
    for module in plan.host_imports:
        command += ["--import", module]
    if plan.web:
        command += ["--static", str(plan.web)]
    ready = probes.answers_http(port, "/api/health")
    return Program(name, command, ready, environment=environment, folder=code)


def _node_program(script: str, what: str) -> list[str]:
    _require_packages(what)
    return [*_node(what), str(NODE_MODULES / script)]


def _node(what: str) -> list[str]:
    node = find_node()
    if node is None:
        raise StackError(
            f"Node.js 20 or later is missing, and {what} needs it",
            "install Node.js 20+, or remove .venv and start again (it brings one along)",
        )
    return [str(node.executable)]


def _require_packages(what: str) -> None:
    if not NODE_MODULES.exists():
        raise StackError(f"{what} is not installed", "run it through: python3 dev.py up")
