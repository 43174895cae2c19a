"""The summary in the terminal, whole and as it is meant to look.

`python -m tests.report.test_terminal` writes the text anew after a change that is meant.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from contract.kit.report import terminal
from contract.kit.report.compare import compare
from contract.kit.verdict.results import State, VerdictWord, ViolationRow
from tests.report import example

TEXT = Path(__file__).with_name("terminal.txt")
BROKEN_WHOLLY = {
    name: (State.VIOLATED, "", [example.CRASH]) for name in (row.id for row in example.conformant().clauses)
}


def shown() -> str:
    return "\n".join(terminal.lines(example.results(), 100, folder="reports")) + "\n"


def test_the_whole_summary() -> None:
    assert shown() == TEXT.read_text(encoding="utf-8")


def test_only_what_is_copied_whole_is_wider_than_asked() -> None:
    wide = [line.strip() for line in terminal.lines(example.results(), 100) if len(line) > 100]
    copied = ("NOT CONFORMANT", "again", "curl ", "pytest ", "request", "beside", "answer", "POST /", "{", "<")
    assert [line for line in wide if not line.startswith(copied)] == []


def test_the_end_names_what_broke_and_what_changed_since_the_run_before() -> None:
    before = example.results({"ENV-005": (State.VIOLATED, "", [example.CRASH])}, VerdictWord.NOT_CONFORMANT, 1)
    now = example.results({"ERR-004": (State.VIOLATED, "", [example.STRING_CAUSE])}, VerdictWord.NOT_CONFORMANT, 1)
    now = replace(now, waivers=[])
    lines = terminal.lines(now, 100, folder="reports", since=compare(before, now))
    assert lines[-4:] == [
        "  Since the run of 2026-03-02 01:00:00 UTC: newly broken ERR-004; repaired ENV-005",
        "",
        "NOT CONFORMANT: 50 passed, 1 violated (ERR-004)",
        "  Page: reports/index.html",
    ]
    same = terminal.lines(now, 100, since=compare(now, now))
    assert any(line.endswith("still broken ERR-004") for line in same)


def test_many_clauses_with_one_reason_are_told_by_family() -> None:
    names = [row.id for row in example.conformant().clauses]
    why: tuple[State, str, list[ViolationRow]] = (State.NOT_JUDGED, "no test of it was selected", [])
    states = {name: why for name in names if name != "ENV-001"}
    lines = terminal.lines(example.results(states, VerdictWord.PARTIAL, 4, waivers=False), 200)
    assert any("all of PATH, all of AUTH, 6 of 7 ENV, all of ERR" in line for line in lines)


def test_a_violation_ends_with_the_lines_that_send_and_judge_it_again() -> None:
    lines = terminal.lines(example.results({"ERR-004": (State.VIOLATED, "", [example.STRING_CAUSE])}), 100)
    at = next(number for number, line in enumerate(lines) if line.startswith("  again"))
    assert lines[at].split(maxsplit=1)[1] == example.STRING_CAUSE.curl
    assert lines[at + 1].strip() == "pytest contract --target staging --waivers zstack-5.2 --clause ERR-004"


def test_colour_is_only_where_it_is_asked_for() -> None:
    plain = terminal.lines(example.results(), 100)
    coloured = terminal.lines(example.results(), 100, color=True)
    assert not any("\x1b" in line for line in plain)
    assert any(line.startswith("\x1b[1;31mNOT CONFORMANT\x1b[0m") for line in coloured)


def test_a_conformant_run_is_told_in_a_dozen_lines() -> None:
    run = replace(example.conformant(), notices=[], trouble={}, cleanup={})
    assert len(terminal.lines(run, 100)) <= 14


def test_a_target_that_breaks_everything_does_not_drown_its_reader() -> None:
    run = example.results(BROKEN_WHOLLY, VerdictWord.NOT_CONFORMANT, 1)
    lines = terminal.lines(run, 100)
    assert sum("violated" in line for line in lines) >= len(run.clauses)
    assert len(lines) < 400


def test_a_long_body_is_cut() -> None:
    long = replace(
        example.CRASH,
        exchange=replace(example.CRASH.exchange, response=replace(example.answer(500, "x" * 8192), size=10_000_000)),
    )
    lines = terminal.lines(example.results({"ENV-005": (State.VIOLATED, "", [long])}), 100)
    assert any("(10,000,000 bytes)" in line for line in lines)
    assert len(lines) < 60


if __name__ == "__main__":
    TEXT.write_text(shown(), encoding="utf-8")
