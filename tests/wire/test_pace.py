"""The pace: below a limit of the target, near it, and free where there is none. On a clock of its own."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest

from contract.kit.wire.pace import FIRST_PAUSE, LONE, SLOW, SLOWEST, Climb, Pace

Limiter = Callable[[float], float | bool | None]
"""Given the instant of a request: False where it is let through, else what Retry-After says (None: nothing)."""
WORK = 0.006
"""Seconds that a request takes by itself."""
ENDED = 60.0


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def sent(limiter: Limiter, requests: int = 2000, most: float | None = None) -> tuple[float, Pace, list[float]]:
    """Seconds that so many requests take, one after another; the pace; the instants of all tries."""
    clock = Clock()
    pace = Pace(most, clock, clock.sleep)
    began, tries = clock.now, []
    for _ in range(requests):
        while True:
            at = pace.wait()
            tries.append(at)
            said = limiter(at)
            if said is False:
                break
            clock.now += WORK / 3
            pace.refused(at, said)
        clock.now += WORK
        pace.accepted()
    return clock.now - began, pace, tries


def every(count: int, said: float | None) -> Limiter:
    seen = iter(range(1, 1_000_000))
    return lambda _: said if next(seen) % count == 0 else False


def window(most: int, seconds: float, said: float | None) -> Limiter:
    """So many in each window of a clock."""
    current, seen = -1, 0

    def limiter(at: float) -> float | bool | None:
        nonlocal current, seen
        if int(at / seconds) != current:
            current, seen = int(at / seconds), 0
        seen += 1
        return said if seen > most else False

    return limiter


def bucket(rate: float, size: float, said: float | None) -> Limiter:
    """Tokens that come back at a rate, as nginx counts."""
    tokens, last = size, 1000.0

    def limiter(at: float) -> float | bool | None:
        nonlocal tokens, last
        tokens, last = min(size, tokens + (at - last) * rate), at
        if tokens < 1:
            return said
        tokens -= 1
        return False

    return limiter


def free(_: float) -> bool:
    return False


@pytest.mark.parametrize("said", [None, 0.0])
def test_a_refusal_in_a_hundred_costs_little_and_is_no_limit(said: float | None) -> None:
    alone, _, _ = sent(free)
    took, pace, _ = sent(every(100, said))
    assert took < 1.15 * alone
    assert pace.refusals == 20
    assert pace.found is None


@pytest.mark.parametrize("count", [5, 9, 12, 23, 40])
def test_refusals_now_and_then_whatever_the_pace_are_no_limit(count: int) -> None:
    alone, _, _ = sent(free)
    took, pace, _ = sent(every(count, None))
    assert took < (2 if count > 5 else 5) * alone
    assert pace.found is None


def test_a_limit_beside_refusals_now_and_then_is_used() -> None:
    limit, by_chance = bucket(50, 5, None), every(23, None)
    took, _, _ = sent(lambda at: limit(at) if (said := by_chance(at)) is False else said)
    assert 2000 / took > 25


@pytest.mark.parametrize(
    "limiter",
    [
        lambda: window(50, 1, None),
        lambda: window(50, 1, 0.0),
        lambda: window(50, 1, 1.0),
        lambda: bucket(50, 5, None),
        lambda: bucket(50, 5, 0.0),
        lambda: bucket(50, 50, 1.0),
    ],
    ids=["window", "window, at once", "window, a second", "bucket", "bucket, at once", "bucket, a second"],
)
def test_a_limit_of_fifty_a_second_is_used_to_forty_at_least_and_found(limiter: Callable[[], Limiter]) -> None:
    took, pace, _ = sent(limiter())
    assert 2000 / took > 40
    assert pace.found is not None
    assert 40 < pace.found < 70


def test_a_limit_by_ten_seconds_without_a_time_is_used_up_and_not_hammered() -> None:
    took, _, tries = sent(window(300, 10, None))
    assert 2000 / took > 29
    assert len(tries) < 2100


def test_a_refusal_in_a_hundred_that_names_a_second_costs_that_second_and_little_more() -> None:
    alone, _, _ = sent(lambda _: False, 6000)
    seconds, pace, tries = sent(every(100, 1.0), 6000)
    refused = len(tries) - 6000
    assert seconds < 1.3 * (alone + refused)
    assert pace.found is None


def test_requests_that_were_under_way_when_one_was_refused_count_once() -> None:
    clock = Clock()
    pace = Pace(100, clock, clock.sleep)
    under_way = [pace.wait() for _ in range(8)]
    for at in under_way:
        clock.now += 0.001
        pace.refused(at, None)
    clock.now += ENDED
    assert pace.refusals == 8
    assert pace.found == pytest.approx(50, rel=0.5)
    paused = clock.now
    pace.wait()
    assert clock.now - paused < FIRST_PAUSE


def test_nothing_goes_out_before_the_time_that_was_asked_for() -> None:
    _, _, tries = sent(window(30, 1, 1.0), requests=40)
    gaps = [later - earlier for earlier, later in pairwise(tries)]
    assert max(gaps) >= 1.0


@pytest.mark.parametrize("most", [50, 200])
def test_the_pace_of_the_settings_holds_from_first_to_last(most: float) -> None:
    took, pace, _ = sent(free, 400, most)
    assert 400 / took == pytest.approx(min(most, 1 / WORK), rel=0.05)
    assert pace.found is None
    took, _, _ = sent(every(100, None), 400, most)
    assert 400 / took <= most * 1.01


def test_a_climb_is_half_the_ceiling_first_then_the_ceiling_then_more() -> None:
    climb = Climb(100, 10.0, SLOW)
    assert [climb.rate(at) for at in (9.0, 10.0, 20.0)] == [50, 50, 100]
    rates = [climb.rate(10 + step) for step in range(40)]
    assert rates == sorted(rates)
    assert rates[-1] > 1000
    assert Climb(SLOWEST, 0.0, SLOW).rate(0.0) == SLOWEST


def test_pauses_without_a_time_grow_and_end() -> None:
    clock = Clock()
    pace = Pace(None, clock, clock.sleep)
    pauses = [pace.refused(pace.wait(), None) for _ in range(12)]
    assert pauses[:4] == [FIRST_PAUSE, 2 * FIRST_PAUSE, 4 * FIRST_PAUSE, 8 * FIRST_PAUSE]
    assert pauses[-1] == pauses[-2] == 5.0
    pace.accepted()
    assert pace.refused(pace.wait(), None) == FIRST_PAUSE


def test_a_lone_refusal_is_one_after_many_that_were_let_through() -> None:
    for accepted, lone in ((LONE, True), (LONE - 1, False)):
        clock = Clock()
        pace = Pace(None, clock, clock.sleep)
        for _ in range(accepted):
            pace.wait()
            clock.now += WORK
            pace.accepted()
        pace.refused(pace.wait(), None)
        assert (pace.found is None) is lone
