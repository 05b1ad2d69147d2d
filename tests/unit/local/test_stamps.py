"""Stamps: a step is done again exactly when its inputs changed."""

from pathlib import Path

import pytest

from infra.local.install.stamps import Stamp, fingerprint


@pytest.fixture
def requirements(tmp_path: Path) -> Path:
    path = tmp_path / "requirements.txt"
    path.write_text("psycopg==3.3.9\n", "utf-8")
    return path


def test_a_step_that_was_done_for_these_inputs_is_current(
    tmp_path: Path, requirements: Path
) -> None:
    Stamp(tmp_path / "stamp", fingerprint([requirements], "3.11")).set()
    assert Stamp(tmp_path / "stamp", fingerprint([requirements], "3.11")).is_current()


def test_a_changed_file_makes_it_stale(tmp_path: Path, requirements: Path) -> None:
    Stamp(tmp_path / "stamp", fingerprint([requirements])).set()
    requirements.write_text("psycopg==3.4.0\n", "utf-8")
    assert not Stamp(tmp_path / "stamp", fingerprint([requirements])).is_current()


def test_another_python_makes_it_stale(tmp_path: Path, requirements: Path) -> None:
    Stamp(tmp_path / "stamp", fingerprint([requirements], "3.11.7")).set()
    assert not Stamp(tmp_path / "stamp", fingerprint([requirements], "3.13.0")).is_current()


def test_a_cleared_stamp_is_not_current(tmp_path: Path, requirements: Path) -> None:
    stamp = Stamp(tmp_path / "stamp", fingerprint([requirements]))
    stamp.set()
    stamp.clear()
    assert not stamp.is_current()


def test_line_ends_of_a_checkout_do_not_matter(requirements: Path) -> None:
    before = fingerprint([requirements])
    requirements.write_bytes(b"psycopg==3.3.9\r\n")
    assert fingerprint([requirements]) == before


def test_a_removed_file_makes_a_difference(requirements: Path) -> None:
    before = fingerprint([requirements])
    requirements.unlink()
    assert fingerprint([requirements]) != before
