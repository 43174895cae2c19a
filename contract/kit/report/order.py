"""The rows of a run in the order in which their readers want them."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Final

from contract.kit.verdict import ClauseRow, Results, RunKind, State, VerdictWord, ViolationRow, WaiverRow

STATES: Final = (
    State.VIOLATED,
    State.ERROR,
    State.NOT_JUDGED,
    State.WAIVED,
    State.NOT_APPLICABLE,
    State.PASS,
)
"""The worst first."""

NAMED: Final = 8
"""Clauses of a verdict, or of a change, that are named."""
NEAR_REVIEW: Final = dt.timedelta(days=30)

WORDS: Final = {
    State.PASS: "passed",
    State.VIOLATED: "violated",
    State.WAIVED: "waived",
    State.NOT_APPLICABLE: "not applicable",
    State.NOT_JUDGED: "not judged",
    State.ERROR: "suite failed",
}
"""What each state is called before people."""


_TONES: Final = {
    VerdictWord.CONFORMANT: "good",
    VerdictWord.HOLDS: "known",
    VerdictWord.WITH_WAIVERS: "known",
    VerdictWord.PARTIAL: "unsure",
    VerdictWord.NOTHING_VERIFIED: "unsure",
}


def tone(results: Results) -> str:
    """How the verdict looks: "good", "known" (not of the whole contract, or with waivers), "unsure" or "bad"."""
    found = _TONES.get(results.footer.verdict, "bad")
    return "known" if found == "good" and results.header.kind is not RunKind.WHOLE else found


def families(results: Results) -> dict[str, list[ClauseRow]]:
    """The rows by family, both in the order of the register."""
    grouped: dict[str, list[ClauseRow]] = {}
    for row in results.clauses:
        grouped.setdefault(row.family, []).append(row)
    return grouped


def having(results: Results, *states: State) -> list[ClauseRow]:
    """The rows in one of `states`: those with the first state first."""
    return [row for state in states for row in results.clauses if row.state is state]


def by_reason(rows: list[ClauseRow]) -> dict[str, list[ClauseRow]]:
    """The rows by why they are what they are: many clauses share one reason."""
    found: dict[str, list[ClauseRow]] = {}
    for row in rows:
        found.setdefault(row.reason, []).append(row)
    return found


def tally(rows: list[ClauseRow]) -> dict[State, int]:
    """How many rows are in each state that occurs, in the order of a summary: passed first, then the worst."""
    counted = Counter(row.state for row in rows)
    return {state: counted[state] for state in (State.PASS, *STATES[:-1]) if counted[state]}


def told(counts: dict[State, int]) -> str:
    """`48 passed, 2 violated`."""
    return ", ".join(f"{number} {WORDS[state]}" for state, number in counts.items())


def counted(results: Results) -> str:
    """`49 passed, 1 violated (ERR-004)`: what is broken is named, where it is not many."""
    broken = [row.id for row in having(results, State.VIOLATED)]
    names = f" ({', '.join(broken)})" if 0 < len(broken) <= NAMED else ""
    return ", ".join(
        f"{number} {WORDS[state]}{names if state is State.VIOLATED else ''}"
        for state, number in tally(results.clauses).items()
    )


def is_told_by_counts(results: Results) -> bool:
    """Return True where the counts say all that the verdict's reason does."""
    footer = results.footer
    if results.header.kind in (RunKind.CHOSEN, RunKind.PART):
        return False
    if footer.verdict is VerdictWord.NOT_CONFORMANT:
        return bool(having(results, State.VIOLATED))
    return footer.verdict in (VerdictWord.CONFORMANT, VerdictWord.WITH_WAIVERS, VerdictWord.PARTIAL)


def folded(results: Results, rows: list[ClauseRow]) -> str:
    """The ids of some rows: `all of PATH, AUTH-001`, and of many in a family their number."""
    every = families(results)
    grouped: dict[str, list[str]] = {}
    for row in rows:
        grouped.setdefault(row.family, []).append(row.id)
    return ", ".join(_folded(family, ids, len(every[family])) for family, ids in grouped.items())


def _folded(family: str, ids: list[str], every: int) -> str:
    if len(ids) == every > 1:
        return f"all of {family}"
    return ", ".join(ids) if len(ids) <= 3 else f"{len(ids)} of {every} {family}"


def broken(results: Results) -> list[ClauseRow]:
    """The violated rows but those that are folded under a cause which the first of them shows."""
    under = {clause for root in results.roots for clause in root.clauses[1:]}
    return [row for row in having(results, State.VIOLATED) if row.id not in under]


def unwaived_first(row: ClauseRow) -> list[ViolationRow]:
    """What broke the clause, with what no waiver covers first."""
    return sorted(row.violations, key=lambda violation: violation.waiver is not None)


def failing_waivers(results: Results) -> dict[str, WaiverRow]:
    """The waivers that alone end a run with status 1, by what is wrong with each."""
    found = {}
    for waiver in results.waivers:
        if wrong := waiver.fails(results.header.depth):
            more = ": nothing matched it any more" if waiver.state == "stale" else f", {waiver.review_by}"
            found[f"{waiver.clause} ({waiver.ticket}) is {wrong}{more}"] = waiver
    return found


def target(results: Results) -> list[str]:
    """Name, version and URL of the target, each once."""
    known = results.header.target
    return list(dict.fromkeys(str(known[key]).rstrip("/") for key in ("name", "version", "url") if known.get(key)))


def depth(results: Results) -> str:
    """`depth gate`, and the seed where the requests are others each time."""
    header = results.header
    return f"depth {header.depth}, seed {header.seed}" if header.seed else f"depth {header.depth}"


def days_to_review(today: str, waiver: WaiverRow) -> int | None:
    """Days until a waiver's review, where it is near; None where it is not, or past. Days are ISO 8601."""
    try:
        left = dt.date.fromisoformat(waiver.review_by) - dt.date.fromisoformat(today)
    except ValueError:
        return None
    return left.days if dt.timedelta() <= left <= NEAR_REVIEW else None


def excuses(results: Results, row: ClauseRow) -> list[str]:
    """Why what breaks a clause is known, a ticket with its reason each."""
    tickets = dict.fromkeys(violation.waiver for violation in row.violations if violation.waiver)
    reasons = {waiver.ticket: waiver.reason.rstrip(".") for waiver in waivers_of(results, row)}
    return [f"{ticket}: {reasons[ticket]}" if reasons.get(ticket) else ticket for ticket in tickets]


def waivers_of(results: Results, row: ClauseRow) -> list[WaiverRow]:
    """The waivers that cover something of what breaks the clause."""
    tickets = {violation.waiver for violation in row.violations}
    return [waiver for waiver in results.waivers if waiver.clause == row.id and waiver.ticket in tickets]
