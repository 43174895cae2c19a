"""Tests of the clauses that hold for every answer: they send nothing, and judge what all others have sent."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from contract.kit.drive.drive import Drive


def holds_throughout(clause: str) -> Callable[[Drive], None]:
    """The test of a clause over all exchanges of the run; the name that it is given says what holds."""

    def test(drive: Drive) -> None:
        drive.judge_throughout()

    marked: Callable[[Drive], None] = pytest.mark.after_all(pytest.mark.clause(clause)(test))
    return marked
