"""From the states of the clauses to the verdict and the exit status: the one place that decides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from enum import IntEnum

from contract.kit.config import GATE
from contract.kit.verdict.results import ClauseRow, Footer, RunKind, State, VerdictWord
from contract.kit.waive import WaiverRow


class ExitStatus(IntEnum):
    CONFORMANT = 0
    BROKEN = 1
    """The contract is broken, or a waiver is stale."""
    INTERRUPTED = 2
    SUITE_FAILED = 3
    UNUSABLE = 4
    """Usage, a target that is not there, or clauses that could not be judged."""
    NOTHING_SELECTED = 5


FEW = 6
"""Clauses of a choice that are named."""
STATUS = {
    VerdictWord.CONFORMANT: ExitStatus.CONFORMANT,
    VerdictWord.WITH_WAIVERS: ExitStatus.CONFORMANT,
    VerdictWord.PARTIAL: ExitStatus.UNUSABLE,
    VerdictWord.NOT_CONFORMANT: ExitStatus.BROKEN,
    VerdictWord.NOTHING_VERIFIED: ExitStatus.UNUSABLE,
    VerdictWord.RUN_BROKEN: ExitStatus.SUITE_FAILED,
    VerdictWord.HOLDS: ExitStatus.CONFORMANT,
    VerdictWord.VIOLATED: ExitStatus.BROKEN,
    VerdictWord.DID_NOT_START: ExitStatus.UNUSABLE,
}


_OF_CHOSEN = {
    VerdictWord.CONFORMANT: VerdictWord.HOLDS,
    VerdictWord.WITH_WAIVERS: VerdictWord.HOLDS,
    VerdictWord.NOT_CONFORMANT: VerdictWord.VIOLATED,
}
"""A run of chosen clauses speaks of these alone."""


def conclude(
    clauses: Sequence[ClauseRow],
    waivers: Sequence[WaiverRow] = (),
    *,
    kind: RunKind = RunKind.WHOLE,
    exchanges: int = 0,
    depth: str = GATE,
    broken: str = "",
    blocked: str = "",
    interrupted: bool = False,
    selected: bool = True,
    not_started: str = "",
) -> Footer:
    """The footer of a run.

    `broken`: why the run itself failed, empty where it did not. `blocked`: what kept it from the server.
    `interrupted`: it was stopped from outside. `selected`: any test was. `not_started`: why it
    could not begin. A violation counts whatever else went wrong; a run that judged nothing never passes.
    """
    counts = Counter(row.state.value for row in clauses)
    tally = {state.value: counts.get(state.value, 0) for state in State}
    word, why = _word(tally, waivers, depth, broken, blocked)
    if kind is RunKind.CHOSEN:
        word, why = _OF_CHOSEN.get(word, word), f"{_asked(clauses, why)}; the rest of the contract was not asked"
    status = STATUS[word]
    if not_started:
        word, why, status = VerdictWord.DID_NOT_START, not_started, ExitStatus.UNUSABLE
    if kind is RunKind.PART and word in (VerdictWord.CONFORMANT, VerdictWord.WITH_WAIVERS):
        word, why = VerdictWord.PARTIAL, "a part of the tests; merge its results with those of the others"
        status = STATUS[word]
    if interrupted:
        word, why = VerdictWord.RUN_BROKEN, "interrupted"
        status = ExitStatus.INTERRUPTED
    elif not selected:
        word, why, status = VerdictWord.NOTHING_VERIFIED, "nothing was selected", ExitStatus.NOTHING_SELECTED
    return Footer(tally, exchanges, word, int(status), why)


def _word(
    tally: dict[str, int], waivers: Sequence[WaiverRow], depth: str, broken: str, blocked: str
) -> tuple[VerdictWord, str]:
    failing = next((row for row in waivers if row.fails(depth)), None)
    violated, waived, unjudged = (tally[state] for state in (State.VIOLATED, State.WAIVED, State.NOT_JUDGED))
    if violated:
        return VerdictWord.NOT_CONFORMANT, f"{_clauses(violated)} violated"
    if broken or tally[State.ERROR]:
        return VerdictWord.RUN_BROKEN, broken or f"the suite failed at {_clauses(tally[State.ERROR])}"
    if failing is not None:
        why = f"the waiver of {failing.clause} ({failing.ticket}) is {failing.fails(depth)}"
        return VerdictWord.NOT_CONFORMANT, why
    if not tally[State.PASS] and not waived:
        return VerdictWord.NOTHING_VERIFIED, blocked or "no clause could be shown to hold"
    if unjudged:
        return VerdictWord.PARTIAL, f"{_clauses(unjudged)} not judged{f': {blocked}' if blocked else ''}"
    if waived:
        return VerdictWord.WITH_WAIVERS, f"{_clauses(waived)} with waived deviations"
    inapplicable = tally[State.NOT_APPLICABLE]
    rest = f", {inapplicable} not applicable" if inapplicable else ""
    passed = tally[State.PASS]
    return VerdictWord.CONFORMANT, f"{_clauses(passed)} hold{'s' if passed == 1 else ''}{rest}"


def _asked(clauses: Sequence[ClauseRow], why: str) -> str:
    """The clauses that were asked about by their ids, where they are few."""
    ids = ", ".join(row.id for row in clauses)
    return f"{ids}: {why}" if 0 < len(clauses) <= FEW else why


def _clauses(number: int) -> str:
    return "1 clause" if number == 1 else f"{number} clauses"
