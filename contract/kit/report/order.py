"""The rows of a run in the order in which their readers want them."""

from __future__ import annotations

from collections import Counter
from typing import Final

from contract.kit.results import ClauseRow, Results, State, ViolationRow

STATES: Final = (
    State.VIOLATED,
    State.ERROR,
    State.NOT_JUDGED,
    State.WAIVED,
    State.NOT_APPLICABLE,
    State.PASS,
)
"""The worst first."""

WORDS: Final = {
    State.PASS: "passed",
    State.VIOLATED: "violated",
    State.WAIVED: "waived",
    State.NOT_APPLICABLE: "not applicable",
    State.NOT_JUDGED: "not judged",
    State.ERROR: "suite failed",
}
"""What each state is called before people."""


def families(results: Results) -> dict[str, list[ClauseRow]]:
    """The rows by family, both in the order of the register."""
    grouped: dict[str, list[ClauseRow]] = {}
    for row in results.clauses:
        grouped.setdefault(row.family, []).append(row)
    return grouped


def having(results: Results, *states: State) -> list[ClauseRow]:
    """The rows in one of `states`: those with the first state first."""
    return [row for state in states for row in results.clauses if row.state is state]


def tally(rows: list[ClauseRow]) -> dict[State, int]:
    """How many rows are in each state that occurs, in the order of a summary: passed first, then the worst."""
    counted = Counter(row.state for row in rows)
    return {state: counted[state] for state in (State.PASS, *STATES[:-1]) if counted[state]}


def told(counts: dict[State, int]) -> str:
    """`48 passed, 2 violated`."""
    return ", ".join(f"{number} {WORDS[state]}" for state, number in counts.items())


def unwaived_first(row: ClauseRow) -> list[ViolationRow]:
    """What broke the clause, with what no waiver covers first."""
    return sorted(row.violations, key=lambda violation: violation.waiver is not None)
