"""From the states of the clauses to the verdict and the exit status."""

from __future__ import annotations

from typing import Any

import pytest

from contract.kit.verdict.results import ClauseRow, RunKind, State, VerdictWord
from contract.kit.verdict.verdict import STATUS, ExitStatus, conclude
from contract.kit.waive import WaiverRow


def clauses(*states: State) -> list[ClauseRow]:
    return [ClauseRow(f"ENV-{at:03}", "ENV", "MUST", "s", "p", state, 1) for at, state in enumerate(states, 1)]


def waiver(state: str, *, past_review: bool = False) -> WaiverRow:
    return WaiverRow("ENV-002", "r", "ZS-1", "o", "2026-01-01", "2026-02-01", 1, state, past_review)


PASS, BAD, KNOWN = State.PASS, State.VIOLATED, State.WAIVED
NA, OPEN, ERROR = State.NOT_APPLICABLE, State.NOT_JUDGED, State.ERROR
C, W, P, N = VerdictWord.CONFORMANT, VerdictWord.WITH_WAIVERS, VerdictWord.PARTIAL, VerdictWord.NOT_CONFORMANT
NOTHING, BROKEN = VerdictWord.NOTHING_VERIFIED, VerdictWord.RUN_BROKEN
HOLDS, VIOLATED = VerdictWord.HOLDS, VerdictWord.VIOLATED
STALE, USED = [waiver("stale")], [waiver("used"), waiver("not exercised")]
OLD = [waiver("used", past_review=True)]

TABLE: tuple[tuple[tuple[State, ...], dict[str, Any], VerdictWord, int, str], ...] = (
    ((PASS,), {}, C, 0, "1 clause holds"),
    ((PASS, PASS), {"waivers": USED}, C, 0, "2 clauses hold"),
    ((PASS, NA, NA), {}, C, 0, "1 clause holds, 2 not applicable"),
    ((PASS, KNOWN), {"waivers": USED}, W, 0, "1 clause with waived deviations"),
    ((KNOWN,), {"waivers": USED}, W, 0, "1 clause with waived deviations"),
    ((PASS, OPEN), {}, P, 4, "1 clause not judged"),
    ((PASS, KNOWN, OPEN, OPEN), {"waivers": USED}, P, 4, "2 clauses not judged"),
    ((PASS, BAD), {}, N, 1, "1 clause violated"),
    ((BAD, BAD, OPEN, ERROR, KNOWN), {"broken": "gone", "waivers": STALE}, N, 1, "2 clauses violated"),
    ((PASS,), {"waivers": STALE}, N, 1, "the waiver of ENV-002 (ZS-1) is stale"),
    ((OPEN,), {"waivers": STALE}, N, 1, "is stale"),
    ((PASS,), {"waivers": OLD, "depth": "nightly"}, N, 1, "(ZS-1) is past its review date"),
    ((PASS,), {"waivers": OLD}, C, 0, "hold"),
    ((PASS,), {"waivers": OLD, "depth": "smoke"}, C, 0, "hold"),
    ((PASS,), {"waivers": [waiver("stale", past_review=True)], "depth": "nightly"}, N, 1, "is stale"),
    ((PASS, ERROR), {}, BROKEN, 3, "the suite failed at 1 clause"),
    ((PASS, ERROR, ERROR), {"waivers": STALE}, BROKEN, 3, "the suite failed at 2 clauses"),
    ((PASS,), {"broken": "the target is gone"}, BROKEN, 3, "the target is gone"),
    ((PASS, ERROR), {"broken": "the target is gone"}, BROKEN, 3, "the target is gone"),
    ((OPEN, OPEN), {}, NOTHING, 4, "no clause could be shown to hold"),
    ((NA,), {}, NOTHING, 4, "no clause could be"),
    ((), {}, NOTHING, 4, "no clause could be"),
    ((PASS,), {"interrupted": True}, BROKEN, 2, "interrupted"),
    ((BAD,), {"interrupted": True}, BROKEN, 2, "interrupted"),
    ((PASS,), {"kind": RunKind.CHOSEN}, HOLDS, 0, "1 clause holds"),
    ((PASS, KNOWN), {"kind": RunKind.CHOSEN, "waivers": USED}, HOLDS, 0, "1 clause with waived deviations"),
    ((PASS, BAD), {"kind": RunKind.CHOSEN}, VIOLATED, 1, "1 clause violated"),
    ((PASS, OPEN), {"kind": RunKind.CHOSEN}, P, 4, "1 clause not judged"),
    ((PASS, ERROR), {"kind": RunKind.CHOSEN}, BROKEN, 3, "the suite failed"),
    ((PASS,), {"kind": RunKind.READ_ONLY}, C, 0, "1 clause holds"),
    ((PASS,), {"kind": RunKind.PART}, P, 4, "merge its results"),
    ((PASS, KNOWN), {"kind": RunKind.PART, "waivers": USED}, P, 4, "merge its results"),
    ((PASS, BAD), {"kind": RunKind.PART}, N, 1, "1 clause violated"),
    ((OPEN,), {"not_started": "login refused"}, VerdictWord.DID_NOT_START, 4, "login refused"),
    ((OPEN,), {"selected": False}, NOTHING, 5, "nothing was selected"),
    ((OPEN,), {"selected": False, "interrupted": True}, BROKEN, 2, "interrupted"),
)


@pytest.mark.parametrize(("states", "facts", "word", "status", "why"), TABLE)
def test_verdict(states: tuple[State, ...], facts: dict[str, Any], word: VerdictWord, status: int, why: str) -> None:
    footer = conclude(clauses(*states), **facts)
    assert (footer.verdict, footer.exit_status) == (word, status)
    assert why in footer.why


def test_every_verdict_and_status_has_a_row() -> None:
    assert {row[2] for row in TABLE} == set(VerdictWord) == set(STATUS)
    assert {row[3] for row in TABLE} == {int(status) for status in ExitStatus}


def test_only_what_is_conformant_ends_in_zero() -> None:
    assert {word for word, status in STATUS.items() if status == 0} == {C, W, HOLDS}
    for row in TABLE:
        assert (row[3] == 0) == (row[2] in (C, W, HOLDS))


def test_only_a_broken_contract_ends_in_one() -> None:
    assert {word for word, status in STATUS.items() if status == 1} == {N, VIOLATED}


def test_the_footer_counts_every_state() -> None:
    footer = conclude(clauses(PASS, PASS, OPEN), exchanges=7)
    assert footer.exchanges == 7
    assert footer.counts == {
        "pass": 2,
        "violated": 0,
        "waived": 0,
        "not-applicable": 0,
        "not-judged": 1,
        "error": 0,
    }


def test_the_statuses_are_those_that_scripts_rely_on() -> None:
    assert [(status.name, int(status)) for status in ExitStatus] == [
        ("CONFORMANT", 0),
        ("BROKEN", 1),
        ("INTERRUPTED", 2),
        ("SUITE_FAILED", 3),
        ("UNUSABLE", 4),
        ("NOTHING_SELECTED", 5),
    ]
