"""How much a depth sends."""

from __future__ import annotations

import pytest

from contract.kit.config import DEPTHS


@pytest.mark.parametrize(("name", "count"), [("smoke", 15), ("gate", 100), ("nightly", 500)])
def test_the_gate_is_the_measure(name: str, count: int) -> None:
    assert DEPTHS[name].examples(100) == count


@pytest.mark.parametrize("length", range(40))
def test_all_at_the_gate_and_the_first_and_last_in_a_smoke(length: int) -> None:
    for name in ("gate", "nightly"):
        assert DEPTHS[name].spread(length) == list(range(length))
    few = DEPTHS["smoke"].spread(length)
    assert {few[0], few[-1]} == {0, length - 1} if length else not few
    assert len(few) <= max(2, length * 0.2)
