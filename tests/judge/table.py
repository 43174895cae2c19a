"""The rows of the tables: evidence, the rule that judges it, and what the rule has to say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import pytest

from contract.kit.exchange.exchange import Exchange
from contract.kit.judge.rules import all_rules
from contract.kit.judge.rules.registry import Finding
from contract.kit.judge.violation import Violation

RuleFunction = Callable[..., Finding]


class Says(StrEnum):
    HOLDS = "good"
    NOTHING = "silent"
    """There was nothing to judge."""
    BREAKS = "bad"


@dataclass(frozen=True)
class Row:
    """`at`: the pointers, one a violation. `words`: each stands in what is expected or in what was seen.

    `shows`: the exchange that is shown, the last of the evidence by default; `beside`: those shown with it.
    """

    judge: RuleFunction
    name: str
    evidence: tuple[Any, ...]
    says: Says
    at: tuple[str, ...] = ("",)
    words: tuple[str, ...] = ()
    shows: Exchange | None = None
    beside: tuple[Exchange, ...] = ()

    @property
    def clause(self) -> str:
        return next(rule.clause for rule in all_rules() if rule.function is self.judge)

    def check(self, judge: RuleFunction | None = None) -> None:
        """Judge the evidence, by another function where one is given, and compare."""
        found = (judge or self.judge)(*self.evidence)
        if self.says is Says.NOTHING:
            assert found is None
        elif self.says is Says.HOLDS:
            assert found == []
        else:
            self._check_violations(found or [])

    def _check_violations(self, found: list[Violation]) -> None:
        assert [one.pointer for one in found] == list(self.at)
        exchanges = [piece for piece in self.evidence if isinstance(piece, Exchange)]
        shown = self.shows or exchanges[-1]
        for one in found:
            assert one.exchange == shown
            assert one.beside == self.beside
            assert one.expected
            assert one.actual
        said = " | ".join(f"{one.expected} | {one.actual}" for one in found)
        for word in self.words:
            assert word in said


def good(judge: RuleFunction, name: str, *evidence: Any) -> Row:
    return Row(judge, name, evidence, Says.HOLDS)


def silent(judge: RuleFunction, name: str, *evidence: Any) -> Row:
    return Row(judge, name, evidence, Says.NOTHING)


def bad(
    judge: RuleFunction,
    name: str,
    *evidence: Any,
    at: str | tuple[str, ...] = "",
    words: str | tuple[str, ...] = (),
    shows: Exchange | None = None,
    beside: tuple[Exchange, ...] = (),
) -> Row:
    pointers = (at,) if isinstance(at, str) else at
    told = (words,) if isinstance(words, str) else words
    return Row(judge, name, evidence, Says.BREAKS, pointers, told, shows, beside)


def each(rows: list[Row]) -> pytest.MarkDecorator:
    """Run a test for every row, under the name of its rule and its own; no two rows share one."""
    names = [f"{row.judge.__name__}-{row.says}-{row.name}" for row in rows]
    assert len(set(names)) == len(names), sorted(name for name in names if names.count(name) > 1)
    return pytest.mark.parametrize("row", rows, ids=names)
