"""A target that does not keep up with several requests at a time is not blamed for it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from types import SimpleNamespace
from typing import Any, cast

import pytest

from contract.kit.description import load
from contract.kit.drive import Client, Sending, Window
from contract.kit.exchange import Exchange, Expect, Secrets, TroubleKind
from contract.kit.target import Estate, Guard, Pair
from contract.kit.target.credentials import Session
from contract.kit.wire import Wire
from tests.judge.build import failed, granted, troubled

Answer = Callable[[int], Exchange]
"""What comes where so many requests are under way."""


class Target:
    """Stands for wire, estate, guard and renewal. Answers by how many requests are under way."""

    def __init__(self, answer: Answer) -> None:
        self.most = 0
        self._answer = answer
        self._under_way = 0
        self._lock = threading.Lock()
        self.recorded: list[Exchange] = []

    def send(self, *_: object, expect: Expect, number: int, **__: object) -> Exchange:
        with self._lock:
            self._under_way += 1
            now = self._under_way
        time.sleep(0.01)
        with self._lock:
            self.most = max(self.most, self._under_way)
            now = max(now, self._under_way)
            self._under_way -= 1
        return replace(self._answer(now), expect=expect, number=number)

    def client(self, window: Window) -> Client:
        access = SimpleNamespace(
            credential=Session("0" * 32, "Authorization", "OAuth"), token="0" * 32, answers=lambda: False
        )
        renewal = SimpleNamespace(session=lambda: "0" * 32, learn=lambda _: None, ended=lambda *_: False)
        return Client(
            load(),
            cast(Wire, self),
            cast(Estate, SimpleNamespace(access=access, used=lambda _: None)),
            Secrets(),
            cast(Any, renewal),
            cast(Guard, SimpleNamespace(passes=lambda _: True)),
            self.recorded.append,
            window,
        )


def sent(answer: Answer, width: int = 4, count: int = 12, expect: Expect = Expect.SUCCESS) -> tuple[Target, Window]:
    target, window = Target(answer), Window(width)
    client = target.client(window)
    values = client.values(Pair("a" * 32, "b" * 32))
    for _ in range(count):
        window.run(partial(client.send, values, Sending(), expect=expect))
    window.drain()
    return target, window


def timeout() -> Exchange:
    return troubled(TroubleKind.TIMEOUT)


@pytest.mark.parametrize("slow", [timeout, partial(failed, 503)], ids=["no answer in time", "unavailable"])
def test_what_fares_better_alone_is_judged_by_that_and_fewer_are_sent_together(slow: Callable[[], Exchange]) -> None:
    target, window = sent(lambda now: slow() if now > 1 else granted())
    assert {one.inventory is not None for one in target.recorded} == {True}
    assert len(target.recorded) == 12
    assert window.width == 1
    assert any(one.resent for one in target.recorded)  # an earlier try may have taken effect


def test_what_fares_no_better_alone_is_judged_as_it_is_and_not_tried_for_ever() -> None:
    target, window = sent(lambda _: timeout())
    assert all(one.trouble is not None for one in target.recorded)
    assert sum(one.resent for one in target.recorded) == 2
    assert window.width == window.widest == 4


def test_a_refusal_that_is_a_failure_is_what_was_asked_for() -> None:
    target, window = sent(lambda now: failed(503), expect=Expect.REFUSAL)
    assert [one.resent for one in target.recorded] == [0] * 12
    assert window.width == 4


@pytest.mark.parametrize("width", [1, 4])
def test_exchanges_are_numbered_in_the_order_of_sending(width: int) -> None:
    target, _ = sent(lambda _: granted(), width)
    assert [one.number for one in target.recorded] == list(range(1, 13))
