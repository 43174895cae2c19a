"""What reports do with text from the wire: short, harmless, readable."""

from __future__ import annotations

import pytest

from contract.kit.report.text import moment, period, tree, where


def test_a_chain_hangs_level_under_level() -> None:
    assert tree(["A.1 a", "B.1 b", "C.1 c"], "  ") == ["  A.1 a", "  └─ B.1 b", "     └─ C.1 c"]
    assert tree([]) == []


@pytest.mark.parametrize(("levels", "told"), [(12, 12), (13, 12), (40, 12)])
def test_of_a_long_chain_the_middle_is_counted(levels: int, told: int) -> None:
    shown = tree([f"A.{at} level {at}" for at in range(levels)])
    assert len(shown) == told
    assert shown[0] == "A.0 level 0"
    assert shown[-1].endswith(f"└─ A.{levels - 1} level {levels - 1}")
    counted = [line for line in shown if "more levels" in line]
    assert [line.strip(" └─") for line in counted] == ([f"… {levels - 11} more levels …"] if levels > 12 else [])


@pytest.mark.parametrize(
    ("pointer", "told"),
    [
        ("", ""),
        ("/error/cause/cause/code", "/error/cause/cause/code"),
        ("/error" + "/cause" * 33 + "/code", "/error/cause ×33/code"),
        ("/error/causes/cause/cause", "/error/causes/cause/cause"),
        ("/a\nb", "/a\\nb"),
    ],
)
def test_a_pointer_into_a_long_chain_is_short(pointer: str, told: str) -> None:
    assert where(pointer) == told


def test_moments_and_periods() -> None:
    assert moment("2026-03-02T01:00:09.417Z") == "2026-03-02 01:00:09 UTC"
    assert moment("yesterday\n") == "yesterday\\n"
    assert period("2026-03-02T01:00:00Z", "2026-03-02T01:00:09Z") == "2026-03-02 01:00:00 to 01:00:09 UTC"
    assert period("2026-03-02T23:59:59Z", "2026-03-03T00:00:09Z") == "2026-03-02 23:59:59 to 2026-03-03 00:00:09 UTC"
