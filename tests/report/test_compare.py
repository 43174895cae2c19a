"""Two runs side by side: each change lands in its one group."""

from __future__ import annotations

from dataclasses import replace

import pytest

from contract.kit.report import compare
from contract.kit.results import ExchangeRow, Results, State, ViolationRow
from tests.report import example


def run(state: State | None, *violations: ViolationRow, target: str = "staging") -> Results:
    """A run in which PATH-001 has `state`; None: it does not know the clause."""
    made = example.results({} if state is None else {"PATH-001": (state, "", list(violations))})
    rows = made.clauses[1:] if state is None else made.clauses
    return replace(made, clauses=rows, header=example.header(target={"name": target}))


ALL = [*State, None]
GROUP: dict[tuple[str | None, str | None], str] = {
    (None, "pass"): "Newly judged",
    (None, "waived"): "Newly judged",
    ("pass", "waived"): "Newly waived",
    ("violated", "waived"): "Newly waived",
    ("violated", "violated"): "Still broken",
    ("violated", "pass"): "Repaired",
    ("waived", "pass"): "Repaired",
    **{(old, "violated"): "Newly broken" for old in (*State, None) if old is not State.VIOLATED},
    **{(old, new): "Newly judged" for old in ("not-applicable", "not-judged", "error") for new in ("pass", "waived")},
    **{
        (old, new): "No longer judged"
        for old in ("pass", "violated", "waived")
        for new in ("not-applicable", "not-judged", "error", None)
    },
}


@pytest.mark.parametrize("old", ALL)
@pytest.mark.parametrize("new", ALL)
def test_each_change_has_its_group(old: State | None, new: State | None) -> None:
    if old is None and new is None:
        return
    found = compare.compare(run(old), run(new))
    expected = GROUP.get((old, new))
    assert [name for name, _ in found.groups] == ([expected] if expected else [])
    assert [pair.row.id for pair in found.differing] == ([] if old is new else ["PATH-001"])


@pytest.mark.parametrize(
    ("exchange", "kind"),
    [
        (example.NO_HEADER.exchange, "2xx {inventory}"),
        (example.STRING_CAUSE.exchange, "5xx SYS.1006 {error}"),
        (example.CRASH.exchange, "5xx text"),
        (example.JOB.exchange, "202 then 2xx {inventory}"),
        (ExchangeRow(1, example.request(), example.answer(404, "")), "4xx empty"),
        (ExchangeRow(1, example.request(), example.answer(200, [])), "2xx JSON"),
        (ExchangeRow(1, example.request(), example.answer(200, {"inventory": None})), "2xx {}"),
        (ExchangeRow(1, example.request(), None, trouble="timeout: 5 s"), "no answer (timeout: 5 s)"),
    ],
)
def test_an_answer_in_kind(exchange: ExchangeRow, kind: str) -> None:
    assert compare.kind(exchange) == kind


def test_two_targets_are_told_in_a_table_of_states_and_answers() -> None:
    found = compare.compare(
        run(State.VIOLATED, example.CRASH, target="production"),
        run(State.VIOLATED, example.STRING_CAUSE, target="candidate"),
    )
    assert found.two_targets
    table = [line for line in compare.markdown(found) if line.startswith("|")]
    assert table[0] == "| clause | production | candidate |"
    assert table[2].endswith("| violated (5xx text) | violated (5xx SYS.1006 {error}) |")
    assert "violated (5xx text)  |  violated (5xx SYS.1006 {error})" in compare.text(found)[-1]


def test_equal_runs_differ_in_nothing() -> None:
    found = compare.compare(example.conformant(), example.conformant())
    assert compare.text(found)[-1] == compare.markdown(found)[-1] == "No clause differs."
