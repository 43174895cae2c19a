"""How a rule is tied to its clause, to the evidence that it takes and to the exchanges that it is applied to."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

from contract.kit.exchange import Exchange, Scope
from contract.kit.judge.violation import Violation

Finding = list[Violation] | None
"""What a rule says: the violations (none: it holds), or None where there was nothing to judge."""

RuleFunction = Callable[..., Finding]


class Over(StrEnum):
    """What a rule is applied to."""

    DRIVEN = "driven"
    """The evidence that a test hands it, by the names of its parameters."""
    EVERY = "every"
    """Each exchange of the run."""
    TRAFFIC = "traffic"
    """All exchanges of the run together, once."""


@dataclass(frozen=True, slots=True)
class Rule:
    """`takes`: the names of its evidence. `scopes`: of a rule over a run's exchanges, those it is applied to."""

    clause: str
    over: Over
    function: RuleFunction
    takes: frozenset[str]
    scopes: frozenset[Scope]

    @property
    def name(self) -> str:
        return self.function.__name__

    def judge(self, *evidence: Any, **named: Any) -> Finding:
        """What the rule finds; its violations bear the clause's id."""
        finding = self.function(*evidence, **named)
        return [replace(one, clause=self.clause) for one in finding] if finding else finding

    def covers(self, exchange: Exchange) -> bool:
        """Return True if a rule over a run's exchanges has a say on this one."""
        return exchange.scope in self.scopes


_RULES: Final[dict[str, list[Rule]]] = {}


def rule(clause: str, over: Over = Over.DRIVEN, *, neighbours: bool = False) -> Callable[[RuleFunction], RuleFunction]:
    """Enter the decorated function as a rule of `clause`.

    `neighbours`: of a rule over a run's exchanges, that it holds for the answers of neighbours of the endpoint too.
    """
    scopes = frozenset({Scope.ENDPOINT, Scope.NEIGHBOUR} if neighbours else {Scope.ENDPOINT})

    def enter(function: RuleFunction) -> RuleFunction:
        if any(one.name == function.__name__ for one in all_rules()):
            raise ValueError(f"two rules are named {function.__name__}: reports tell rules apart by their names")
        takes = frozenset(inspect.signature(function).parameters)
        _RULES.setdefault(clause, []).append(Rule(clause, over, function, takes, scopes))
        return function

    return enter


def rules_of(clause: str) -> tuple[Rule, ...]:
    """The rules of one clause; empty for a clause without any."""
    return tuple(_RULES.get(clause, ()))


def rules_taking(clause: str, names: Iterable[str]) -> list[Rule]:
    """The clause's own rules that take evidence of exactly these names. LookupError where there is none."""
    wanted = frozenset(names)
    found = [rule for rule in _RULES.get(clause, ()) if rule.over is Over.DRIVEN and rule.takes == wanted]
    if not found:
        raise LookupError(f"no rule of {clause} takes {', '.join(sorted(wanted)) or 'nothing'}")
    return found


def all_rules() -> tuple[Rule, ...]:
    return tuple(rule for rules in _RULES.values() for rule in rules)
