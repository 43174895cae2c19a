"""Which examples a property is run on."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import strategies as st

from contract.kit.config import DEPTHS
from contract.kit.drive.properties import Properties

NUMBERS = st.integers(0, 10**9)


def drawn(depth: str = "gate", seed: int = 0, test: str = "a test") -> list[Any]:
    made: list[Any] = []
    properties = Properties(DEPTHS[depth], seed)
    properties.begin(test)

    def each(number: int, word: str) -> None:
        made.append((number, word))

    properties.for_examples(40, each, NUMBERS, st.text())
    return made


def test_the_same_seed_draws_the_same() -> None:
    assert drawn() == drawn()
    assert drawn(seed=1) == drawn(seed=1)
    assert drawn(seed=1) != drawn(seed=2)


def test_each_test_draws_its_own() -> None:
    assert drawn(test="one") != drawn(test="another")


def test_one_body_draws_anew_for_each_of_its_strategies() -> None:
    properties = Properties(DEPTHS["gate"])
    properties.begin("a test")
    made: list[list[int]] = []

    def each(number: int) -> None:
        made[-1].append(number)

    for _ in range(2):
        made.append([])
        properties.for_examples(20, each, NUMBERS)
    assert made[0] != made[1]


@pytest.mark.parametrize(("depth", "count"), [("smoke", 6), ("gate", 40), ("nightly", 200)])
def test_the_depth_says_how_many(depth: str, count: int) -> None:
    assert len(drawn(depth)) == count


def test_each_case_is_run_in_its_place() -> None:
    seen: list[int] = []
    Properties(DEPTHS["smoke"]).for_each(range(30), seen.append)
    assert seen == list(range(30))


def test_what_a_body_raises_is_raised_as_it_is() -> None:
    def each(_: int) -> None:
        raise ConnectionError("gone")

    with pytest.raises(ConnectionError, match="gone"):
        Properties(DEPTHS["gate"]).for_examples(10, each, NUMBERS)
