"""The crash drill, small: three kills under load, then every store is held to account."""

import pytest

from infra.local.drills import crash

SMALL = ["--kills", "3", "--renters", "15", "--hold-seconds", "20"]


@pytest.mark.timeout(300)
def test_three_kills_under_load_lose_and_double_nothing(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code = crash.run(SMALL)
    told = capsys.readouterr().out
    assert code == 0, told
    assert "✓ no deviation" in told
