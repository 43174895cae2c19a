"""Several requests under way, as one after the other as far as anybody can see."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from contract.kit.drive.window import Window

WIDTHS = pytest.mark.parametrize("width", [1, 2, 3, 8, 16])


class Target:
    """Answers each call with its own name; `waits`: how long for, by name, in seconds."""

    def __init__(self, waits: Callable[[object], float] = lambda _: 0.0) -> None:
        self.most = 0
        self._waits = waits
        self._under_way = 0
        self._lock = threading.Lock()

    def answer(self, name: object) -> object:
        with self._lock:
            self._under_way += 1
            self.most = max(self.most, self._under_way)
        time.sleep(self._waits(name))
        with self._lock:
            self._under_way -= 1
        return name


def run(width: int, target: Target, count: int = 24, sends: int = 1) -> list[Any]:
    """What bodies of so many sends each see, in the order in which they run."""
    window, seen = Window(width), []

    def body(number: int) -> None:
        for turn in range(sends):
            seen.append(("sends", number, turn))
            window.under_way(partial(target.answer, (number, turn)))
            seen.append(("got", number, turn))

    for number in range(count):
        window.run(partial(body, number))
    window.drain()
    return seen


@WIDTHS
@pytest.mark.parametrize("sends", [1, 3])
def test_answers_are_taken_in_the_order_of_sending_whichever_comes_first(width: int, sends: int) -> None:
    seen = run(width, Target(lambda name: 0.004 * (hash(name) % 5)), sends=sends)
    sent = [step[1:] for step in seen if step[0] == "sends"]
    assert [step[1:] for step in seen if step[0] == "got"] == sent
    assert len(sent) == 24 * sends


@WIDTHS
def test_the_order_depends_on_no_time(width: int) -> None:
    slow = run(width, Target(lambda name: 0.003 * (hash(name) % 7)), sends=2)
    assert run(width, Target(), sends=2) == slow


@WIDTHS
def test_as_many_are_under_way_as_are_allowed(width: int) -> None:
    target = Target(lambda _: 0.2)
    run(width, target)
    assert target.most == width


def test_one_at_a_time_runs_a_body_where_it_is_handed_in() -> None:
    window, threads = Window(1), []
    window.run(lambda: threads.append(threading.current_thread()))
    assert threads == [threading.current_thread()]
    assert not window.crowded


def test_bodies_run_one_at_a_time() -> None:
    window, running = Window(8), []

    def body() -> None:
        for _ in range(3):
            running.append(1)
            assert len(running) == 1
            time.sleep(0.001)
            running.pop()
            window.under_way(lambda: time.sleep(0.002))

    for _ in range(20):
        window.run(body)
    window.drain()


def test_the_first_error_is_raised_once_what_is_under_way_has_ended() -> None:
    window, ended = Window(4), []

    def body(number: int) -> None:
        window.under_way(lambda: time.sleep(0.005))
        if number in (2, 3):
            raise ConnectionError(f"number {number}")
        ended.append(number)

    def run_all() -> None:
        for number in range(10):
            window.run(partial(body, number))

    with pytest.raises(ConnectionError, match="number 2"):
        run_all()
    assert ended == [0, 1, 4, 5]
    window.drain()


def test_what_is_no_exception_of_ours_is_raised_too() -> None:
    window = Window(4)
    with pytest.raises(pytest.skip.Exception):
        window.run(lambda: pytest.skip("read-only"))


def test_a_call_of_nobody_waits_for_what_is_under_way() -> None:
    window, order = Window(4), []

    def body() -> None:
        window.under_way(lambda: time.sleep(0.02))
        order.append("body")

    window.run(body)
    window.under_way(lambda: order.append("after"))
    assert order == ["body", "after"]


def test_a_call_by_itself_has_nothing_beside_it() -> None:
    target = Target(lambda _: 0.01)
    alone: list[int] = []
    window = Window(6)

    def body(number: int) -> None:
        window.under_way(lambda: target.answer(number))
        if number % 4 == 0:
            window.by_itself(lambda: alone.append(target._under_way))
            window.by_itself(lambda: window.under_way(lambda: alone.append(target._under_way)))

    for number in range(17):
        window.run(partial(body, number))
    window.drain()
    assert alone == [0] * 10


@WIDTHS
def test_a_body_that_stays_by_itself_has_nothing_beside_it_to_its_end(width: int) -> None:
    target = Target(lambda _: 0.003)
    beside: list[int] = []
    window, seen = Window(width), []

    def body(number: int) -> None:
        window.under_way(partial(target.answer, number))
        if number % 3 == 0:
            window.stay_by_itself()
            for _ in range(3):
                window.under_way(lambda: beside.append(target._under_way))
            window.by_itself(lambda: beside.append(target._under_way))
            window.stay_by_itself()
            window.under_way(lambda: beside.append(target._under_way))
        seen.append(number)

    for number in range(17):
        window.run(partial(body, number))
    window.drain()
    assert beside == [0] * 30
    assert sorted(seen) == list(range(17))
    assert target.most > 1 or width == 1


def test_what_was_under_way_beside_a_request_is_known() -> None:
    window, beside = Window(3), {}

    def body(name: str) -> None:
        window.under_way(lambda: None, (name,))
        beside[name] = "".join(name for (name,) in sorted(window.beside))

    for name in "abcde":
        window.run(partial(body, name))
    window.drain()
    assert beside == {"a": "bc", "b": "acd", "c": "abde", "d": "bce", "e": "cd"}


def test_a_target_that_does_not_keep_up_is_sent_less_at_a_time() -> None:
    window, target = Window(8), Target(lambda _: 0.005)
    for _ in range(4):
        window.narrow()
    assert (window.width, window.widest) == (1, 8)
    for _ in range(6):
        window.run(lambda: window.under_way(lambda: target.answer(0)))
    assert target.most == 1


def test_each_stretch_of_a_body_is_followed_by_what_is_to_follow_it() -> None:
    window, steps = Window(2), []

    def body(name: str) -> None:
        steps.append(name)
        window.under_way(lambda: None)
        steps.append(name)

    for name in "ab":
        window.run(partial(body, name), partial(steps.append, f"after {name}"))
    window.drain()
    assert steps == ["a", "after a", "b", "after b", "a", "after a", "b", "after b"]
