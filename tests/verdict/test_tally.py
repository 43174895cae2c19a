"""The tally: what a run can say of a clause, and parts of a run put together."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from msgspec import structs

from contract.kit.config import build, plain
from contract.kit.judge import clauses
from contract.kit.verdict import tally
from contract.kit.verdict.results import ExchangeRow, Latency, Message, State, ViolationRow
from contract.kit.verdict.tally import NO_WITNESS, UNSELECTED, ClausePart, Part
from contract.kit.waive import WaiverRow

REGISTER = clauses.load()
CLAUSE = "ENV-001"


def message(line: str = "HTTP 200", size: int = 2) -> Message:
    return Message(line, [("Content-Type", "application/json")], "{}", "text", size, 0.01)


def shown(number: int = 1, line: str = "HTTP 200", size: int = 2) -> ExchangeRow:
    return ExchangeRow(number, message("POST /x", size), message(line), None, None, "tried")


def violated(**changes: Any) -> ViolationRow:
    plain = ViolationRow("exactly one", "neither", "", shown(), "curl /x", 3, ["SYS.1000 no"], [shown(2)], status=200)
    return replace(plain, **changes)


def waived(**changes: Any) -> ViolationRow:
    return violated(waiver="ZS-1", **changes)


def state_of(
    found: ClausePart, *, witness: bool = True, depth: str = "gate", read_only: bool = False
) -> tuple[State, str]:
    part = Part({CLAUSE: found}, witness=witness)
    row = next(row for row in tally.rows(REGISTER, part, depth, read_only=read_only) if row.id == CLAUSE)
    assert row.judged == found.judged
    assert row.violations == found.violations
    assert row.sample == (None if found.violations else found.sample)
    return row.state, row.reason


def clause(judged: int = 9_999, **facts: Any) -> ClausePart:
    return ClausePart(judged, **{"tests": ["test_x"], "sample": shown(), **facts})


NOT_APPLICABLE: dict[str, Any] = {"inapplicable": ["it may not log in"]}
UNJUDGED: dict[str, Any] = {"unjudged": ["the gateway answered"]}
FAILED: dict[str, Any] = {"errors": ["ValueError"]}
STATES = (
    ("it holds", clause(), True, State.PASS, ""),
    ("broken", clause(violations=[violated()]), True, State.VIOLATED, ""),
    ("broken, and nothing else succeeded", clause(violations=[violated()]), False, State.VIOLATED, ""),
    ("broken in a known way", clause(violations=[waived()]), True, State.WAIVED, ""),
    ("broken in a known way, and nothing succeeded", clause(violations=[waived()]), False, State.WAIVED, ""),
    ("broken in a known way and in another", clause(violations=[waived(), violated()]), True, State.VIOLATED, ""),
    ("broken, and the suite failed", clause(violations=[violated()], **FAILED), True, State.VIOLATED, ""),
    ("the suite failed", clause(**FAILED), True, State.ERROR, "ValueError"),
    (
        "the suite failed beside a known deviation",
        clause(violations=[waived()], **FAILED),
        True,
        State.ERROR,
        "ValueError",
    ),
    ("no test ran", ClausePart(), True, State.NOT_JUDGED, UNSELECTED),
    ("no test ran, yet others judged it", ClausePart(9), True, State.NOT_JUDGED, UNSELECTED),
    ("no good request succeeded", clause(), False, State.NOT_JUDGED, NO_WITNESS),
    ("a part of it was not judged", clause(**UNJUDGED), True, State.NOT_JUDGED, "the gateway answered"),
    ("a part of it does not apply", clause(**NOT_APPLICABLE), True, State.PASS, ""),
    ("nothing judged: it does not apply", clause(0, **NOT_APPLICABLE), True, State.NOT_APPLICABLE, "it may not log in"),
    (
        "nothing judged, it does not apply, no witness",
        clause(0, **NOT_APPLICABLE),
        False,
        State.NOT_APPLICABLE,
        "it may not log in",
    ),
    ("nothing judged", clause(0, **UNJUDGED, **NOT_APPLICABLE), True, State.NOT_JUDGED, "the gateway answered"),
    ("nothing judged, no witness", clause(0), False, State.NOT_JUDGED, NO_WITNESS),
    (
        "nothing judged, though the traffic was asked",
        clause(0, asked=True),
        True,
        State.NOT_APPLICABLE,
        "no answer of this run showed what it speaks of",
    ),
    (
        "nothing judged, though the traffic was asked, no witness",
        clause(0, asked=True),
        False,
        State.NOT_JUDGED,
        NO_WITNESS,
    ),
    ("nothing judged, nobody knows why", clause(0), True, State.NOT_JUDGED, "no exchange could be judged by it"),
)


@pytest.mark.parametrize(
    ("found", "witness", "state", "reason"), [row[1:] for row in STATES], ids=[row[0] for row in STATES]
)
def test_what_can_be_said_of_a_clause(found: ClausePart, witness: bool, state: State, reason: str) -> None:
    assert state_of(found, witness=witness) == (state, reason)


def test_every_state_has_a_row() -> None:
    assert {row[3] for row in STATES} == set(State)


def test_fewer_exchanges_than_the_register_asks_for_are_not_enough() -> None:
    floor = {"smoke": 2, "gate": 5, "nightly": 9}
    raised = replace(REGISTER, rows=tuple(structs.replace(row, floor=floor) for row in REGISTER.clauses))

    def said(judged: int, depth: str, *, read_only: bool = False) -> State:
        (row, *_) = tally.rows(
            raised, Part({raised.rows[0].id: clause(judged)}, witness=True), depth, read_only=read_only
        )
        if row.state is State.NOT_JUDGED:
            assert row.reason.startswith(f"too few exchanges were judged: {judged} of the ")
        return row.state

    assert (said(4, "gate"), said(5, "gate")) == (State.NOT_JUDGED, State.PASS)
    assert (said(1, "smoke"), said(2, "smoke")) == (State.NOT_JUDGED, State.PASS)
    assert (said(8, "nightly"), said(9, "nightly")) == (State.NOT_JUDGED, State.PASS)
    assert (said(1, "soak"), said(1, "gate", read_only=True)) == (State.PASS, State.PASS)


def test_a_known_deviation_does_not_hide_that_little_was_judged() -> None:
    floor = REGISTER[CLAUSE].floor["gate"]
    few = f"too few exchanges were judged: 1 of the {floor} that a pass has to rest on"
    assert state_of(clause(1, violations=[waived()])) == (State.WAIVED, few)


def test_every_tested_clause_has_its_row() -> None:
    made = tally.rows(REGISTER, Part(), "gate")
    assert [row.id for row in made] == [row.id for row in REGISTER.clauses]
    assert {row.state for row in made} == {State.NOT_JUDGED}


def test_a_row_carries_what_the_register_says() -> None:
    (row, *_) = tally.rows(REGISTER, Part(), "gate")
    known = REGISTER.clauses[0]
    assert (row.id, row.family, row.level) == (known.id, known.family, known.level.value)
    assert (row.sentence, row.source, row.tests) == (known.sentence, known.source, [])


# --- parts ---


def waiver(state: str = "used", matched: int = 1, **facts: Any) -> WaiverRow:
    return WaiverRow("ENV-002", "a job", "ZS-1", "me", "2026-01-01", "2026-12-31", matched, state, **facts)


def part() -> Part:
    made = Part(exchanges=4, witness=True, made=2, removed=1, left=["a"], notices=["n"])
    made.elapsed = {"good requests": [0.1, 0.2]}
    made.latencies = {"adds": Latency(1, 0.1, 0.1, 0.1, 0.1, [1])}
    made.clauses = {
        CLAUSE: clause(3, violations=[violated(), waived()], errors=["e"], asked=True),
        "ENV-002": clause(1, sample=shown()),
    }
    made.waivers = [waiver()]
    made.trouble.update({"timeout": 2, "dropped": 1})
    return made


def sent(made: Part) -> Part:
    """A part as it comes out of another process."""
    return build(json.loads(json.dumps(plain(made))), Part, "a part")


def test_a_part_comes_back_from_json_as_it_was() -> None:
    assert sent(part()) == part()


def test_an_exchange_without_an_answer_and_one_with_a_job_come_back() -> None:
    made = Part()
    silent = replace(shown(), response=None, trouble="timeout: 5 s")
    made.of(CLAUSE).violations = [violated(exchange=silent), violated(exchange=replace(shown(), job=message()))]
    assert sent(made) == made


def test_an_empty_part_comes_back() -> None:
    assert sent(Part()) == Part()


def test_adding_to_nothing_is_the_part_itself() -> None:
    whole = Part()
    whole.add(part())
    assert whole == part()


def test_parts_together_are_one_part() -> None:
    whole = part()
    other = Part(exchanges=6, made=1, removed=2, left=["b"], notices=["n", "m"], broken="gone")
    other.elapsed = {"good requests": [0.3], "to be refused": [0.4]}
    other.clauses = {
        CLAUSE: clause(2, tests=["test_a", "test_x"], unjudged=["u"], inapplicable=["i"]),
        "ENV-002": clause(1, sample=shown(7)),
        "INV-001": clause(1, sample=shown(8)),
    }
    other.trouble.update({"timeout": 1})
    whole.add(other)
    found = whole.of(CLAUSE)
    assert (found.judged, found.tests, found.asked) == (5, ["test_a", "test_x"], True)
    assert (found.errors, found.unjudged, found.inapplicable) == (["e"], ["u"], ["i"])
    assert list(whole.clauses) == [CLAUSE, "ENV-002", "INV-001"]
    assert (whole.exchanges, whole.witness, whole.broken) == (10, True, "gone")
    assert (whole.made, whole.removed, whole.left) == (3, 3, ["a", "b"])
    assert whole.notices == ["n", "m"]
    assert whole.elapsed == {"good requests": [0.1, 0.2, 0.3], "to be refused": [0.4]}
    samples = {name: found.sample.number for name, found in whole.clauses.items() if found.sample is not None}
    assert samples == {CLAUSE: 1, "ENV-002": 1, "INV-001": 8}
    assert whole.trouble == {"timeout": 3, "dropped": 1}


def test_any_part_is_a_witness_and_the_first_trouble_is_told() -> None:
    whole = Part(broken="first")
    whole.add(Part(witness=True, broken="second"))
    assert (whole.witness, whole.broken) == (True, "first")


def together(*rows: ViolationRow) -> list[ViolationRow]:
    """Those rows, one a part."""
    whole = ClausePart()
    for row in rows:
        whole.add(ClausePart(violations=[row]))
    return whole.violations


def test_violations_of_one_kind_are_counted_together_and_the_smallest_is_shown() -> None:
    large, small = shown(7, size=900), shown(8, size=90)
    merged = together(violated(count=3, exchange=large), violated(count=4, exchange=small, curl="small"))
    assert merged == [violated(count=7, exchange=small, curl="small")]
    merged = together(violated(count=4, exchange=small, curl="small"), violated(count=3, exchange=large))
    assert merged == [violated(count=7, exchange=small, curl="small")]


def test_violations_of_one_kind_may_name_other_values() -> None:
    merged = together(
        violated(expected="`a` is 'x1', as in the path"), violated(expected="`a` is 'y2', as in the path")
    )
    assert [row.count for row in merged] == [6]


@pytest.mark.parametrize(
    "other",
    [
        violated(expected="something else"),
        violated(pointer="/error"),
        violated(status=500),
        violated(status=None),
        waived(),
    ],
    ids=["expected", "pointer", "status", "no answer", "waiver"],
)
def test_violations_of_other_kinds_stand_apart(other: ViolationRow) -> None:
    assert together(violated(), other) == [violated(), other]


STATES_OF_TWO = (
    ("used", "used", "used"),
    ("used", "stale", "used"),
    ("stale", "used", "used"),
    ("stale", "not exercised", "stale"),
    ("not exercised", "stale", "stale"),
    ("not exercised", "used", "used"),
    ("not exercised", "not exercised", "not exercised"),
)


@pytest.mark.parametrize(("mine", "other", "together"), STATES_OF_TWO)
def test_a_waiver_is_used_where_any_part_used_it(mine: str, other: str, together: str) -> None:
    (merged,) = tally.merged_waivers([waiver(mine, 2)], [waiver(other, 3, past_review=True)])
    assert (merged.state, merged.matched, merged.clause) == (together, 5, "ENV-002")


def test_waivers_that_one_part_lacks_are_kept() -> None:
    assert tally.merged_waivers([], [waiver()]) == [waiver()]
    assert tally.merged_waivers([waiver()], []) == [waiver()]
