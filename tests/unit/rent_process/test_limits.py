"""Who is counted as one, and for how long."""

from datetime import UTC, datetime, timedelta

import pytest

from rent_process.limits.domain import count_one, names_of, too_often, window_end
from shared.contracts.limits import HOUR_SECONDS, TRIES

NOW = datetime(2026, 11, 22, 10, 59, 58, tzinfo=UTC)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Ana@Example.com", "ana@example.com"), ("ana+cars@example.com", "ana@example.com ")],
)
def test_one_mailbox_is_one_whatever_it_is_written_as(one: str, other: str) -> None:
    assert names_of(one, None) == names_of(other, None)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("203.0.113.7", "203.0.113.7", True),
        ("203.0.113.7", "203.0.113.8", False),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:203.0.113.7", "203.0.113.7", True),
    ],
)
def test_one_place_is_one_address_or_one_network_of_version_six(
    one: str, other: str, *, same: bool
) -> None:
    assert (names_of("a@b.c", one) == names_of("a@b.c", other)) is same


def test_without_a_trusted_address_only_the_mailbox_counts() -> None:
    assert set(names_of("ana@example.com", None)) == {"email"}


def test_windows_end_on_the_hour() -> None:
    assert window_end(NOW, HOUR_SECONDS) == datetime(2026, 11, 22, 11, tzinfo=UTC)
    on_the_hour = datetime(2026, 11, 22, 11, tzinfo=UTC)
    assert window_end(on_the_hour, HOUR_SECONDS) == on_the_hour + timedelta(hours=1)


def test_a_hash_is_another_in_the_next_hour_and_for_another_kind() -> None:
    now = count_one("key", TRIES["email"], "ana@example.com", 10, NOW)
    later = count_one("key", TRIES["email"], "ana@example.com", 10, NOW + timedelta(seconds=2))
    assert len({now.subject, later.subject}) == 2
    assert now == count_one("key", TRIES["email"], "ana@example.com", 10, NOW)
    assert now.subject != count_one("key", TRIES["address"], "ana@example.com", 10, NOW).subject
    assert now.subject != count_one("yek", TRIES["email"], "ana@example.com", 10, NOW).subject


def test_the_refusal_says_when_to_come_again() -> None:
    refusal = too_often(window_end(NOW, HOUR_SECONDS), NOW)
    assert (refusal.code, refusal.retry_after_seconds) == ("rate_limited", 3)
