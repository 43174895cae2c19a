"""What many broken clauses have in common is named once, and nothing else is folded under it."""

from __future__ import annotations

from dataclasses import replace

from contract.kit.judge import PLAIN_TOO
from contract.kit.verdict.results import ClauseRow, ExchangeRow, Message, State, ViolationRow
from contract.kit.verdict.roots import FEWEST, root_causes

REQUEST = Message("POST /x", [], "")


def violation(
    *,
    status: int = 500,
    good: bool = True,
    waiver: str | None = None,
    isolated: str = "",
    code: str = "",
    trouble: str | None = None,
) -> ViolationRow:
    answer = Message(f"HTTP {status}", [], "", status=status)
    row = ExchangeRow(1, REQUEST, answer, trouble_kind=trouble)
    found = ViolationRow("a success", f"HTTP {status}", "", row, "curl", status=status, good=good, code=code)
    return replace(found, waiver=waiver, isolated=isolated)


def clause(number: int, *violations: ViolationRow, state: State = State.VIOLATED) -> ClauseRow:
    return ClauseRow(f"PATH-{number:03}", "PATH", "MUST", "s", "p", state, 1, violations=list(violations))


def test_clauses_that_good_requests_broke_alike_share_a_cause() -> None:
    rows = [clause(number, violation()) for number in range(FEWEST)]
    assert [cause.clauses for cause in root_causes(rows)] == [[row.id for row in rows]]
    assert root_causes(rows)[0].words == "good requests fail: HTTP 500"


def test_what_was_isolated_for_one_of_them_is_told() -> None:
    rows = [clause(number, violation(isolated="fails only with: x" if number == 2 else "")) for number in range(FEWEST)]
    assert root_causes(rows)[0].words == "good requests fail: HTTP 500; fails only with: x"


def test_a_clause_of_bad_requests_that_a_plain_one_breaks_too_is_folded() -> None:
    rows = [clause(number, violation()) for number in range(FEWEST)]
    other = clause(20, violation(good=False, isolated=PLAIN_TOO))
    assert root_causes([*rows, other])[0].clauses[-1] == other.id


def test_fewer_stand_for_themselves() -> None:
    assert root_causes([clause(number, violation()) for number in range(FEWEST - 1)]) == []


def test_a_clause_that_broke_otherwise_too_is_not_folded() -> None:
    rows = [clause(number, violation()) for number in range(FEWEST)]
    others = [
        clause(10, violation(), violation(status=503)),
        clause(11, violation(good=False)),
        clause(12, violation(status=400)),
        clause(15, violation(code="SYS.1000")),
        clause(16, violation(trouble="timeout")),
        clause(13, violation(waiver="T-1"), state=State.WAIVED),
        clause(14, state=State.PASS),
    ]
    assert [cause.clauses for cause in root_causes([*others, *rows])] == [[row.id for row in rows]]


def test_a_waived_deviation_beside_it_does_not_matter() -> None:
    rows = [clause(number, violation(), violation(status=503, waiver="T-1")) for number in range(FEWEST)]
    assert len(root_causes(rows)) == 1
