"""How much a depth sends."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import settings

from contract.kit.drive import depth


@pytest.fixture(autouse=True)
def chosen() -> Iterator[None]:
    before, profile = depth.current().name, settings.get_current_profile_name()
    yield
    depth.select(before)
    settings.load_profile(profile)


@pytest.mark.parametrize(("name", "count"), [("smoke", 15), ("gate", 100), ("nightly", 500)])
def test_the_gate_is_the_measure(name: str, count: int) -> None:
    depth.select(name)
    assert len(depth.rounds(100)) == count


@pytest.mark.parametrize("length", range(40))
def test_all_at_the_gate_and_the_first_and_last_in_a_smoke(length: int) -> None:
    for name in ("gate", "nightly"):
        depth.select(name)
        assert depth.spread(length) == list(range(length))
    depth.select("smoke")
    few = depth.spread(length)
    assert {few[0], few[-1]} == {0, length - 1} if length else not few
    assert len(few) <= max(2, length * 0.2)
