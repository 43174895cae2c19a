"""Tests that are a sentence: the name that one is given says what holds, and what is sent follows from its clause."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from contract.kit.drive.drive import Drive
from contract.kit.drive.varied import Varied
from contract.kit.exchange import Expect

Test = Callable[[Drive], None]


def holds_throughout(clause: str) -> Test:
    """The clause holds for all exchanges of the run."""

    def test(drive: Drive) -> None:
        drive.judge_throughout()

    marked: Test = pytest.mark.after_all(pytest.mark.clause(clause)(test))
    return marked


def every_bad_value_is_refused(clause: str, *, effects: str = "") -> Test:
    """Each value of the space that the clause calls bad is refused, beside good ones, and changes nothing.

    `effects`: the clause that says the latter, where it is another.
    """

    def test(drive: Drive) -> None:
        varied = Varied(drive)
        varied.refuse_all(varied.other(clause, Expect.REFUSAL), effects=effects)

    marked: Test = pytest.mark.clause(*filter(None, (clause, effects)))(test)
    return marked


def every_other_value_is_answered(clause: str) -> Test:
    """Each value of the space that the clause leaves free is granted or refused, beside good ones."""

    def test(drive: Drive) -> None:
        varied = Varied(drive)
        varied.add_all(varied.other(clause, Expect.EITHER))

    marked: Test = pytest.mark.needs("write")(pytest.mark.clause(clause)(test))
    return marked
