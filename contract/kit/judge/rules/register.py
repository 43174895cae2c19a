"""How a rule is tied to its clause."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from contract.kit.judge.violation import Violation

Finding = list[Violation] | None
"""What a rule says: the violations (none: it holds), or None where there was nothing to judge."""

Judge = Callable[..., Finding]


class Over(StrEnum):
    """What a rule is applied to."""

    DRIVEN = "driven"
    """The evidence that the tests of its own clause drive."""
    EVERY = "every"
    """Each exchange of the run."""
    TRAFFIC = "traffic"
    """All exchanges of the run together, once."""


@dataclass(frozen=True, slots=True)
class Rule:
    clause: str
    over: Over
    judge: Judge

    @property
    def name(self) -> str:
        return self.judge.__name__


_RULES: Final[dict[str, list[Rule]]] = {}


def rule(clause: str, over: Over = Over.DRIVEN) -> Callable[[Judge], Judge]:
    """Enter the decorated function as a rule of `clause`."""

    def enter(judge: Judge) -> Judge:
        _RULES.setdefault(clause, []).append(Rule(clause, over, judge))
        return judge

    return enter


def rules_of(clause: str) -> tuple[Rule, ...]:
    """The rules of one clause; empty for a clause without any."""
    return tuple(_RULES.get(clause, ()))


def all_rules() -> tuple[Rule, ...]:
    return tuple(rule for rules in _RULES.values() for rule in rules)
