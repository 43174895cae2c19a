"""Two runs side by side: each change lands in its one group."""

from __future__ import annotations

from dataclasses import replace

import pytest

from contract.kit.report import compare
from contract.kit.verdict.answers import OTHERS
from contract.kit.verdict.results import AnswerKind, Answers, ExchangeRow, Results, RunKind, State, ViolationRow
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


def test_what_a_run_was_not_asked_is_no_change() -> None:
    whole = example.results()
    header = replace(whole.header, kind=RunKind.CHOSEN, asked=["ERR-004"])
    chosen = replace(whole, header=header, clauses=[row for row in whole.clauses if row.id == "ERR-004"])
    found = compare.compare(whole, chosen)
    assert [(name, [pair.row.id for pair in pairs]) for name, pairs in found.groups] == [("Still broken", ["ERR-004"])]
    assert compare.text(found)[0] == "NEW was asked about ERR-004 alone: no other clause is compared."
    assert compare.text(compare.compare(whole, whole))[0].count("asked") == 0


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


def kind(answer: str, code: str = "", *members: str, media: str = "application/json") -> AnswerKind:
    return AnswerKind(answer, code, media, list(members))


FAILURE = kind("503", "SYS.1006", "error", "error.code")
SUCCESS = kind("200", "", "inventory", "inventory.uuid")


def answered(asked: dict[str, tuple[AnswerKind, ...]], target: str = "staging") -> Results:
    """A run in which each request of `asked` ("PATH-002 an unknown trigger") was answered in these kinds."""
    kinds = {f"kind {at}": each for at, each in enumerate(dict.fromkeys(map(repr, sum(asked.values(), ()))))}
    names = {each: name for name, each in kinds.items()}
    by_repr = {repr(each): each for each in sum(asked.values(), ())}
    told: dict[str, dict[str, dict[str, int]]] = {}
    for request, answers in asked.items():
        clause, _, case = request.partition(" ")
        told.setdefault(clause, {})[case] = {names[repr(each)]: 1 for each in answers}
    found = Answers({name: by_repr[each] for name, each in kinds.items()}, told)
    return replace(run(State.PASS, target=target), answers=found)


def differing(old: tuple[AnswerKind, ...], new: tuple[AnswerKind, ...]) -> tuple[str, str]:
    """Both sides in words of one request answered in these kinds."""
    found = compare.compare(answered({"PATH-002 x": old}), answered({"PATH-002 x": new}))
    (each,) = found.answers
    return each.side(each.old), each.side(each.new)


SIDES = (
    ("another code", (FAILURE,), (kind("200", "ORG_X.1000", "error", "error.code"),),
     "503 SYS.1006 {error}", "200 ORG_X.1000 {error}"),
    ("another status", (SUCCESS,), (kind("201", "", *SUCCESS.members),), "200 {inventory}", "201 {inventory}"),
    ("a member more", (SUCCESS,), (kind("200", "", *SUCCESS.members, "inventory.name"),),
     "200 {inventory}", "200 {inventory} with inventory.name"),
    ("other members", (kind("200", "", "inventory", "inventory.a"),), (kind("200", "", "inventory", "inventory.b"),),
     "200 {inventory} with inventory.a", "200 {inventory} with inventory.b"),
    ("another label", (SUCCESS,), (kind("200", "", *SUCCESS.members, media="text/html"),),
     "200 {inventory} as application/json", "200 {inventory} as text/html"),
    ("one kind more", (SUCCESS,), (SUCCESS, FAILURE), "200 {inventory}", "200 {inventory}, 503 SYS.1006 {error}"),
)  # fmt: skip


@pytest.mark.parametrize(("old", "new", "before", "now"), [row[1:] for row in SIDES], ids=[row[0] for row in SIDES])
def test_each_side_is_told_with_what_tells_it_apart(
    old: tuple[AnswerKind, ...], new: tuple[AnswerKind, ...], before: str, now: str
) -> None:
    assert differing(old, new) == (before, now)
    assert differing(new, old) == (now, before)


def test_requests_that_were_answered_alike_on_each_side_are_told_together() -> None:
    requests = [f"PATH-00{at} an unknown trigger" for at in range(1, 6)]
    old = answered(dict.fromkeys([*requests, "BODY-001 x", "BODY-002 only there"], (FAILURE,)), "production")
    new = answered(
        {**dict.fromkeys(requests, (SUCCESS,)), "BODY-001 x": (FAILURE,), "BODY-003 only here": (SUCCESS,)}, "candidate"
    )
    found = compare.compare(old, new)
    shown = compare.text(found)
    assert "No clause differs." in shown
    assert shown[-3:] == [
        "Answers that differ in kind (5 of 6 kinds of requests that both runs sent)",
        "  PATH-001 an unknown trigger; PATH-002 an unknown trigger; PATH-003 an unknown trigger; and 2 more",
        "      503 SYS.1006 {error}  →  200 {inventory}",
    ]
    assert compare.markdown(found)[-5:] == [
        "Answers that differ in kind: 5 of 6 kinds of requests that both runs sent.",
        "",
        "| request | production | candidate |",
        "|---|---|---|",
        "| PATH-001 an unknown trigger; PATH-002 an unknown trigger; PATH-003 an unknown trigger; and 2 more "
        "| 503 SYS.1006 {error} | 200 {inventory} |",
    ]


def test_other_statuses_come_before_other_codes_and_other_members() -> None:
    old = answered({"A-1 a": (SUCCESS,), "A-1 b": (FAILURE,), "A-1 c": (SUCCESS,)})
    new = answered(
        {
            "A-1 a": (kind("200", "", "inventory"),),
            "A-1 b": (kind("503", "SYS.1", *FAILURE.members),),
            "A-1 c": (FAILURE,),
        }
    )
    assert [each.asked for each in compare.compare(old, new).answers] == [(("A-1", name),) for name in "cba"]


def test_what_a_clause_was_asked_besides_is_not_compared() -> None:
    name = f"PATH-002 {OTHERS}"
    assert compare.compare(answered({name: (SUCCESS,)}), answered({name: (FAILURE,)})).answers == []


def test_of_many_differences_the_first_are_told_and_the_rest_counted() -> None:
    names = [f"A-1 {at}" for at in range(5)]
    old = answered({name: (kind("200", f"A.{name}"),) for name in names})
    found = compare.compare(old, answered({name: (kind("200", f"B.{name}"),) for name in names}))
    assert compare.markdown(found, 2)[-1] == "And 3 more, told by `python -m contract compare`."
    assert len([line for line in compare.markdown(found, 2) if line.startswith("| A-1")]) == 2


def test_equal_runs_differ_in_nothing() -> None:
    found = compare.compare(example.conformant(), example.conformant())
    assert compare.text(found)[-1] == compare.markdown(found)[-1] == "No clause differs."
