"""The wait between two polls of an idle queue: RandomizedExponentialBackoffStrategy.cs."""

from infra.local.host.queue_backoff import Backoff


def test_first_wait_is_a_hundred_milliseconds() -> None:
    assert Backoff(60).next_delay(found_message=False) == 0.1


def test_nth_wait_doubles_with_a_spread_of_a_fifth() -> None:
    backoff = Backoff(60)
    backoff.next_delay(found_message=False)
    for exponent in range(8):
        delay = backoff.next_delay(found_message=False)
        ideal = 2**exponent * 0.1
        assert 0.1 + 0.8 * ideal <= delay <= 0.1 + 1.2 * ideal


def test_wait_never_exceeds_the_longest_polling_interval() -> None:
    backoff = Backoff(2)
    delays = [backoff.next_delay(found_message=False) for _ in range(20)]
    assert max(delays) == 2
    assert delays[-1] == 2


def test_any_message_starts_over() -> None:
    backoff = Backoff(2)
    for _ in range(20):
        backoff.next_delay(found_message=False)
    assert backoff.next_delay(found_message=True) == 0.1
    assert 0.18 <= backoff.next_delay(found_message=False) <= 0.22
