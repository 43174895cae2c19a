"""What many clauses that are broken have in common: one cause, named first, the clauses folded under it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from contract.kit.judge import PLAIN_TOO
from contract.kit.verdict.results import ClauseRow, RootCause, State, ViolationRow

FEWEST: Final = 4
"""Clauses that are folded under one cause."""

RootKey = tuple[int | None, str, str]


def root_causes(rows: Iterable[ClauseRow]) -> list[RootCause]:
    """Where good requests met one kind of answer, and nothing else broke these clauses: the widest first."""
    alike: dict[RootKey, list[tuple[ClauseRow, ViolationRow]]] = {}
    for row in rows:
        broken = [violation for violation in row.violations if violation.waiver is None]
        kinds = {_kind(violation) for violation in broken}
        if row.state is State.VIOLATED and len(kinds) == 1 and all(map(_is_of_good_ones, broken)):
            alike.setdefault(kinds.pop(), []).append((row, broken[0]))
    causes = [_cause(found) for found in alike.values() if len(found) >= FEWEST]
    return sorted(causes, key=lambda cause: -len(cause.clauses))


def _is_of_good_ones(violation: ViolationRow) -> bool:
    return violation.good or violation.isolated == PLAIN_TOO


def _kind(violation: ViolationRow) -> RootKey:
    return violation.status, violation.exchange.trouble_kind or "", violation.code


def _cause(found: list[tuple[ClauseRow, ViolationRow]]) -> RootCause:
    shown = next((violation for _, violation in found if violation.isolated), found[0][1])
    isolated = f"; {shown.isolated}" if shown.isolated else ""
    return RootCause(f"good requests fail: {shown.actual}{isolated}", [row.id for row, _ in found])
