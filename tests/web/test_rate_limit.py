"""Facts about slowing down guesses."""

from survey_app.web.rate_limit import DAY_SECONDS, MOST_ADDRESSES, RateLimit


class Clock:
    """Stands still until told."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def failed(limit: RateLimit, address: str, times: int) -> RateLimit:
    for _ in range(times):
        limit.count_failure(address)
    return limit


def test_an_address_waits_after_too_many_failures():
    assert failed(RateLimit(failures=3, seconds=60), "192.0.2.1", 3).is_reached("192.0.2.1")


def test_one_failure_fewer_is_let_through():
    assert not failed(RateLimit(failures=3, seconds=60), "192.0.2.1", 2).is_reached("192.0.2.1")


def test_other_addresses_do_not_wait():
    assert not failed(RateLimit(failures=3, seconds=60), "192.0.2.1", 3).is_reached("192.0.2.2")


def test_waiting_ends():
    clock = Clock()
    limit = failed(RateLimit(failures=3, seconds=60, clock=clock), "192.0.2.1", 3)

    clock.now = 60

    assert not limit.is_reached("192.0.2.1")


def test_the_key_and_all_counts_are_thrown_away_every_day():
    clock = Clock()
    limit = failed(RateLimit(failures=3, seconds=10 * DAY_SECONDS, clock=clock), "192.0.2.1", 3)
    key = limit._key

    clock.now = DAY_SECONDS

    assert not limit.is_reached("192.0.2.1")
    assert limit._key != key


def test_no_address_is_kept_as_it_is():
    limit = failed(RateLimit(failures=3, seconds=60), "192.0.2.1", 3)

    assert b"192.0.2.1" not in b"".join(limit._failed)
    assert "192.0.2.1" not in repr(limit)


def test_memory_has_an_end():
    limit = RateLimit(failures=1, seconds=60)
    for number in range(MOST_ADDRESSES + 10):
        limit.count_failure(str(number))

    assert len(limit._failed) == MOST_ADDRESSES
