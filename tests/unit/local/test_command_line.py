"""The command line: every command explains itself and has a body."""

import importlib.util
import sys
from pathlib import Path

import pytest

from infra.local import cli
from infra.local.commands import bench, demo, named
from infra.local.stack import running
from infra.local.stack.errors import StackError
from infra.local.stack.place import data_dir_of
from infra.local.stack.ports import Ports


@pytest.mark.parametrize("command", cli.COMMANDS)
def test_every_command_has_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.build_parser().parse_args([command, "--help"])
    assert ended.value.code == 0
    assert cli.COMMANDS[command].summary in capsys.readouterr().out


@pytest.mark.parametrize("command", cli.COMMANDS)
def test_every_command_has_a_body(command: str) -> None:
    assert importlib.util.find_spec(f"infra.local.commands.{command}")


def test_two_port_bases_have_two_data_folders() -> None:
    parse = cli.build_parser().parse_args
    folders = {
        data_dir_of(parse(["up", *more])) for more in ([], ["--port-base", "1"], ["--port-base=2"])
    }
    assert len(folders) == 3


@pytest.mark.parametrize("number", ["0", "-1", "nan", "inf", "many"])
def test_cost_of_no_number_of_rentals_is_refused(number: str) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.build_parser().parse_args(["cost", f"--rentals={number}"])
    assert ended.value.code == 2


@pytest.mark.parametrize("seconds", ["-5", "1.5", "soon"])
def test_grace_that_is_no_number_of_seconds_is_refused_before_anybody_is_asked(
    seconds: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.build_parser().parse_args(["reconcile", f"--grace-seconds={seconds}"])
    assert ended.value.code == 2
    assert "is not a whole number" in capsys.readouterr().err


def test_demo_of_another_api_needs_no_stack_here(capsys: pytest.CaptureFixture[str]) -> None:
    url = f"http://127.0.0.1:{Ports.free().web}/api"
    assert demo.run(cli.build_parser().parse_args(["demo", "--url", url])) == 1
    assert "no running stack" not in capsys.readouterr().err


def test_data_folder_that_cannot_be_written_to_is_named(tmp_path: Path) -> None:
    (tmp_path / running.LOCK_FILE).mkdir()
    with pytest.raises(StackError, match="cannot be written to"):
        running.lock(tmp_path)


def test_words_after_a_name_are_passed_on() -> None:
    parsed = cli.build_parser().parse_args(["drill", "race", "--requests", "50", "--help"])
    assert (parsed.name, parsed.options) == ("race", ["--requests", "50", "--help"])


def test_an_unknown_bench_is_named_with_the_known_ones(capsys: pytest.CaptureFixture[str]) -> None:
    assert bench.run(cli.build_parser().parse_args(["bench", "nothing"])) == 2
    assert "no bench 'nothing'" in capsys.readouterr().err


def test_a_named_command_lists_and_runs_modules(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    package = tmp_path / "named_examples"
    package.mkdir()
    (package / "__init__.py").write_text("", "utf-8")
    body = '"""Counts words.\n\nMore."""\ndef run(options):\n    return len(options)\n'
    (package / "counts.py").write_text(body, "utf-8")
    (package / "shared_by_them.py").write_text('"""No run function: not listed."""', "utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    parse = cli.build_parser().parse_args
    assert named.run_named("bench", package.name, parse(["bench", "--list"])) == 0
    listed = capsys.readouterr().out
    assert "Counts words." in listed
    assert "shared_by_them" not in listed
    assert named.run_named("bench", package.name, parse(["bench", "counts", "a", "b"])) == 2
    for name in [name for name in sys.modules if name.startswith(package.name)]:
        del sys.modules[name]


def test_an_up_without_pages_does_not_build_them() -> None:
    parse = cli.build_parser().parse_args
    without, usual = cli.needs_of(parse(["up", "--no-web"])), cli.needs_of(parse(["up"]))
    assert without
    assert usual
    assert (without.web, usual.web) == (False, True)
