"""What a run has found so far: which exchanges were judged by which clause, and what broke it."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from contract.kit.exchange import Exchange
from contract.kit.judge.rules import Over, Rule, all_rules, rules_of, rules_taking
from contract.kit.judge.violation import Violation


class Numbers(Set[int]):
    """A set of exchanges' numbers, a byte each: in a long run most clauses judge every exchange."""

    def __init__(self) -> None:
        self._marks = bytearray()
        self._count = 0

    def add(self, number: int) -> None:
        if number >= len(self._marks):
            self._marks.extend(bytes(max(number + 1 - len(self._marks), len(self._marks))))
        self._count += not self._marks[number]
        self._marks[number] = 1

    def __len__(self) -> int:
        return self._count

    def __contains__(self, number: object) -> bool:
        return isinstance(number, int) and 0 <= number < len(self._marks) and bool(self._marks[number])

    def __iter__(self) -> Iterator[int]:
        return (number for number, mark in enumerate(self._marks) if mark)


class Entry(NamedTuple):
    """A violation with the name of the rule that told it, and the waiver that covers it, if one does."""

    rule: str
    violation: Violation
    waiver: Any = None


@dataclass
class ClauseFindings:
    """What a run has found about one clause. `judged`: numbers of exchanges."""

    judged: Numbers = field(default_factory=Numbers)
    violations: list[Entry] = field(default_factory=list)
    asked: bool = False
    """A test of the clause has asked for the whole traffic to be judged."""


class Findings:
    """Thread-safe: requests side by side are judged side by side.

    `waiver_of`: asked once of each violation, when it is entered.
    """

    def __init__(self, waiver_of: Callable[[Violation], Any] = lambda _: None) -> None:
        self._waiver_of = waiver_of
        self._found: dict[str, ClauseFindings] = defaultdict(ClauseFindings)
        self._lock = threading.Lock()
        self._seen = 0
        """How much of the traffic the rules over every exchange have judged."""
        self.entered = 0
        """Violations that were entered, those that were judged anew among them."""
        self._compared: dict[str, int] = {}
        """How much of the traffic the rules of a clause that compare have judged."""

    def of(self, clause: str) -> ClauseFindings:
        with self._lock:
            return self._found[clause]

    def judge(self, clause: str, **evidence: Any) -> list[Violation]:
        """Judge evidence by the clause's own rules that take it, by name; returns the violations."""
        exchanges = _exchanges(evidence.values())
        found = []
        for rule in rules_taking(clause, evidence):
            found += self._enter(rule, rule.judge(**evidence), exchanges)
        return found

    def judge_every(self, clauses: Iterable[str], traffic: Sequence[Exchange]) -> None:
        """Judge what has come since by the rules of `clauses` that hold for every answer."""
        rules = [rule for clause in clauses for rule in rules_of(clause) if rule.over is Over.EVERY]
        since, self._seen = traffic[self._seen :], len(traffic)
        for exchange in since:
            for rule in rules:
                if rule.covers(exchange):
                    self._enter(rule, rule.judge(exchange), (exchange,))

    def judge_throughout(self, clause: str, traffic: Sequence[Exchange]) -> None:
        """Judge a run's exchanges by a clause whose test asks for all of them."""
        self.of(clause).asked = True
        self.judge_traffic(clause, traffic)

    def judge_traffic(self, clause: str, traffic: Sequence[Exchange]) -> None:
        """Judge a run's exchanges together, by the rules of a clause that compare them; anew where more has come."""
        if self._compared.get(clause) == len(traffic):
            return
        self._compared[clause] = len(traffic)
        found = self.of(clause)
        for rule in rules_of(clause):
            if rule.over is Over.TRAFFIC:
                everything = [exchange for exchange in traffic if rule.covers(exchange)]
                found.violations = [entry for entry in found.violations if entry.rule != rule.name]
                self._enter(rule, rule.judge(everything), everything)

    def withdraw(self, numbers: Set[int]) -> set[str]:
        """Take back what was found in exchanges that were not the server's; returns the clauses it was of."""
        withdrawn = set()
        with self._lock:
            for clause, found in self._found.items():
                kept = [entry for entry in found.violations if entry.violation.exchange.number not in numbers]
                if len(kept) < len(found.violations):
                    withdrawn.add(clause)
                    found.violations = kept
        return withdrawn

    def _enter(self, rule: Rule, finding: list[Violation] | None, evidence: Iterable[Exchange]) -> list[Violation]:
        if finding is None:
            return []
        entries = [Entry(rule.name, violation, self._waiver_of(violation)) for violation in finding]
        with self._lock:
            found = self._found[rule.clause]
            for exchange in evidence:
                found.judged.add(exchange.number)
            found.violations += entries
            self.entered += len(finding)
        return finding


def broken_by_every_rule(exchange: Exchange) -> bool:
    """Return True if a rule that holds for every answer finds fault with this one."""
    return any(rule.judge(exchange) for rule in all_rules() if rule.over is Over.EVERY and rule.covers(exchange))


def _exchanges(evidence: Iterable[Any]) -> list[Exchange]:
    """The exchanges among pieces of evidence, and those in its lists."""
    found: list[Exchange] = []
    for piece in evidence:
        if isinstance(piece, Exchange):
            found.append(piece)
        elif isinstance(piece, list | tuple):
            found += [one for one in piece if isinstance(one, Exchange)]
    return found
