"""Examples drawn ahead of time, for a load that has no time to make them."""

from __future__ import annotations

from typing import TypeVar

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

T = TypeVar("T")


def sample(strategy: st.SearchStrategy[T], count: int, number: int) -> list[T]:
    """At most `count` different examples of a strategy, at least one; the same ones for the same seed `number`."""
    made: list[T] = []

    @seed(number)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        derandomize=False,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def draw(example: T) -> None:
        made.append(example)

    draw()
    return made
