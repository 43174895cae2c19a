"""What a soak has found so far, in a space that does not grow with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any, Final

from contract.kit.exchange import Exchange
from contract.kit.judge import Entry, Register, Violation
from contract.kit.judge.rules import Over, Rule, all_rules, rules_of, rules_taking
from contract.kit.verdict import Groups, Part, WaiverRow, exchange_row
from contract.kit.waive import Waiver, match, reckon

WINDOW: Final = 1_000
"""Exchanges that the rules over the whole traffic see together."""


class Counted:
    """Findings of one process; of the exchanges only the last window is kept. For the greenlets of one thread."""

    def __init__(self, register: Register, known: Iterable[Waiver]) -> None:
        self.exchanges = 0
        self._waivers = tuple(known)
        self._groups = {clause.id: Groups() for clause in register.clauses}
        self._judged = dict.fromkeys(self._groups, 0)
        self._last = dict.fromkeys(self._groups, 0)
        self._every = [rule for rule in all_rules() if rule.over is Over.EVERY]
        self._traffic = [rule for rule in all_rules() if rule.over is Over.TRAFFIC]
        self._window: list[Exchange] = []
        self._samples: dict[str, Exchange] = {}
        """By clause: the first exchange that was judged and did not break it."""

    def see(self, exchange: Exchange) -> None:
        """Judge an exchange by the rules that hold for every answer."""
        self.exchanges += 1
        for rule in self._every:
            if rule.covers(exchange):
                self._enter(rule, rule.judge(exchange), exchange)
        self._window.append(exchange)
        if len(self._window) >= WINDOW:
            self.judge_window()

    def judge(self, clause: str, exchange: Exchange, **beside: Any) -> None:
        """Judge an exchange by the clause's own rules that take it and what is named beside it."""
        for rule in rules_taking(clause, ("exchange", *beside)):
            self._enter(rule, rule.judge(exchange=exchange, **beside), exchange)

    def judge_window(self) -> None:
        """Judge the exchanges since the last time together, and let them go."""
        window, self._window = self._window, []
        for rule in self._traffic:
            seen = [exchange for exchange in window if rule.covers(exchange)]
            finding = rule.judge(seen)
            self._enter(rule, finding, None)
            alone = all(other.over is Over.TRAFFIC for other in rules_of(rule.clause))
            if finding is not None and alone:
                self._judged[rule.clause] += len(seen)

    def _enter(self, rule: Rule, finding: list[Violation] | None, exchange: Exchange | None) -> None:
        if finding is None:
            return
        clause = rule.clause
        # All rules judge an exchange in one go, so that it counts once.
        if exchange is not None and self._last[clause] != exchange.number:
            self._last[clause] = exchange.number
            self._judged[clause] += 1
            if not finding:
                self._samples.setdefault(clause, exchange)
        for violation in finding:
            self._groups[clause].add(Entry(rule.name, violation, match(self._waivers, violation)))

    def fill(self, part: Part, base_url: str) -> None:
        """Enter what was found into a part."""
        self.judge_window()
        part.exchanges = self.exchanges
        matched: dict[Waiver, int] = {}
        for clause, groups in self._groups.items():
            mine = part.of(clause)
            mine.judged = self._judged[clause]
            mine.violations = groups.rows(base_url)
            if clause in self._samples and not mine.violations:
                mine.sample = exchange_row(self._samples[clause])
            mine.asked = any(rule.over is not Over.DRIVEN for rule in rules_of(clause))
            matched.update(groups.matched)
        part.waivers = self._reckoned(matched)

    def _reckoned(self, matched: dict[Waiver, int]) -> list[WaiverRow]:
        """Used or not exercised: a soak sends too few kinds of requests to call a waiver stale."""
        return reckon(self._waivers, matched, {}, dt.datetime.now(dt.UTC).date())
