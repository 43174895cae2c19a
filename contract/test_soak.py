"""The soak, `--depth soak`: what holds of an answer holds of it under load, for as long as the load lasts.

A test for each clause, by its id; the load is held once, before the first of them.
"""

from __future__ import annotations

from typing import Any


def test_it_holds_under_load(soak: Any, clause: str) -> None:
    soak.judge(clause)
