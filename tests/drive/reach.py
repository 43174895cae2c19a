"""Ask of a strategy what it reaches (`reaches`) and what it never makes (`always`), the same in every run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st

SAME_EACH_TIME: Final = settings(
    max_examples=100,
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)


def reaches(strategy: st.SearchStrategy[Any], wanted: Callable[[Any], bool]) -> None:
    """Some example is as wanted; raises hypothesis.errors.NoSuchExample where none of 2,000 is."""
    find(strategy, wanted, settings=settings(SAME_EACH_TIME, max_examples=2_000))


def always(strategy: st.SearchStrategy[Any], holds: Callable[[Any], bool], examples: int = 100) -> None:
    """Every example is as it has to be."""

    @settings(SAME_EACH_TIME, max_examples=examples)
    @given(strategy)
    def each(example: Any) -> None:
        assert holds(example), repr(example)[:300]

    each()
