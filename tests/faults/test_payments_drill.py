"""The payments drill, small: a dozen steps died at, the worst faults, and the judge's eyes."""

import pytest

from infra.local.drills import payments


@pytest.mark.timeout(400)
def test_dying_at_any_step_of_a_payment_charges_once_or_not_at_all(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code = payments.run(["--quick"])
    told = capsys.readouterr().out
    assert code == 0, told
    assert "✓ no deviation" in told
