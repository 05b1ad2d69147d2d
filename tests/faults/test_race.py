"""The race drill, small: bookings of the last cars, judged by a sweep in SQL."""

import pytest

from infra.local.drills import race


def test_race_for_the_last_cars_oversells_nothing_and_refuses_nothing_in_vain(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code = race.run(["--requests", "120", "--cars", "2", "--seed", "3", "--seconds", "4"])
    told = capsys.readouterr().out
    assert code == 0, told
    assert "✓ no deviation" in told
