"""Workflows ask for little, and run what was looked at: actions are pinned by commit."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
PINNED = re.compile(r"uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+|uses: \$/\.github/[\w./-]+\.yml")


def name_of(path: Path) -> str:
    return path.name


def read(path: Path) -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return document


def test_there_are_workflows() -> None:
    assert {path.stem for path in WORKFLOWS} >= {"ci", "infra", "deploy", "nightly"}


@pytest.mark.parametrize("path", WORKFLOWS, ids=name_of)
def test_every_action_is_pinned_by_commit_and_says_its_version(path: Path) -> None:
    used = [line.strip(" -") for line in path.read_text(encoding="utf-8").splitlines()
            if "uses:" in line]  # fmt: skip
    assert used
    assert not [line for line in used if not PINNED.fullmatch(line)]


def test_one_action_has_one_version_everywhere() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in WORKFLOWS)
    pins = set(re.findall(r"uses: ([\w./-]+)@(\w+)", text))
    assert len(pins) == len({action for action, _ in pins})


@pytest.mark.parametrize("path", WORKFLOWS, ids=name_of)
def test_workflow_may_read_and_nothing_else(path: Path) -> None:
    document = read(path)
    assert document["permissions"] in ({}, {"contents": "read"})
    for name, job in document["jobs"].items():
        granted = job.get("permissions", {})
        assert set(granted.items()) <= {("contents", "read"), ("id-token", "write")}, name
        assert "uses" in job or job["timeout-minutes"] <= 60, name


def test_ci_runs_what_a_developer_runs_on_every_python_that_is_promised() -> None:
    job = read(ROOT / ".github" / "workflows" / "ci.yml")["jobs"]["test"]
    assert job["strategy"]["matrix"]["python"] == ["3.11", "3.12", "3.13"]
    assert [step["run"] for step in job["steps"] if "run" in step] == ["python3 dev.py test"]


def test_night_has_the_commit_that_rolling_runs_beside_this_one() -> None:
    steps = read(ROOT / ".github" / "workflows" / "nightly.yml")["jobs"]["drills"]["steps"]
    assert steps[0]["with"]["fetch-depth"] == 2


def test_night_plays_more_lives_than_the_suite() -> None:
    lives = read(ROOT / ".github" / "workflows" / "nightly.yml")["jobs"]["lives"]
    [step] = [step for step in lives["steps"] if "run" in step]
    assert int(step["env"]["LIFE_RUNS"]) >= 100
    for life in lives["strategy"]["matrix"]["life"]:
        assert (ROOT / "tests" / "integration" / life).is_dir()


def test_deployment_gives_bicep_every_variable_that_it_reads() -> None:
    parameters = (ROOT / "infra" / "main.bicepparam").read_text(encoding="utf-8")
    asked = set(re.findall(r"readEnvironmentVariable\('(\w+)'", parameters))
    workflow = read(ROOT / ".github" / "workflows" / "deploy-environment.yml")
    given = set(workflow["jobs"]["deploy"]["env"])
    assert asked - given == {"DEPLOYER_TYPE"}, "a pipeline is a service principal, the default"
    assert given - asked == {"AZURE_SUBSCRIPTION_ID"}, "azd's own"
    guide = (ROOT / "docs" / "operations" / "deploy.md").read_text(encoding="utf-8")
    told = set(re.findall(r"`([A-Z_]+)`", guide))
    assert given - told == {"AZURE_ENV_NAME", "RUNBOOKS_URL"}, "made from the workflow itself"


def test_hooks_of_azd_are_modules_that_exist() -> None:
    text = (ROOT / "azure.yaml").read_text(encoding="utf-8")
    modules = re.findall(r"python -m ([\w.]+)", text)
    assert len(modules) == 4
    assert all((ROOT / Path(*name.split("."))).with_suffix(".py").exists() for name in modules)
