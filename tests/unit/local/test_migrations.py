"""Reading migration files: names and numbers are refused before anything runs."""

from pathlib import Path

import pytest

from infra.migrate import MigrationError, read_migrations


def write(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).write_text("SELECT 1;", "utf-8")


def test_files_are_read_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    write(tmp_path, "0002_second.sql", "0001_first.sql")
    assert [each.name for each in read_migrations(tmp_path)] == [
        "0001_first.sql",
        "0002_second.sql",
    ]


def test_a_gap_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "0001_first.sql", "0003_third.sql")
    with pytest.raises(MigrationError, match="number 0002 was expected"):
        read_migrations(tmp_path)


def test_a_number_taken_twice_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "0001_first.sql", "0001_other.sql")
    with pytest.raises(MigrationError, match="0001_other"):
        read_migrations(tmp_path)


@pytest.mark.parametrize("name", ["1_short.sql", "0001-dash.sql", "0001_Upper.sql"])
def test_a_name_of_another_form_is_refused(tmp_path: Path, name: str) -> None:
    write(tmp_path, name)
    with pytest.raises(MigrationError, match="NNNN_lower_case_words"):
        read_migrations(tmp_path)


def test_the_projects_own_migrations_are_in_order() -> None:
    assert read_migrations()
