"""Texts cut to a length."""

from __future__ import annotations

import pytest

from contract.kit.shortened import shortened


@pytest.mark.parametrize(
    ("text", "most", "shown"),
    [
        ("", 3, ""),
        ("abc", 3, "abc"),
        ("abcd", 3, "ab…"),
        ("a b c d", 4, "a b…"),
        ("标签标签", 3, "标签…"),
        ("abc", 1, "…"),
        ("abc", 0, "…"),
    ],
)
def test_a_text_is_cut_where_it_is_longer_and_says_so(text: str, most: int, shown: str) -> None:
    assert shortened(text, most) == shown
