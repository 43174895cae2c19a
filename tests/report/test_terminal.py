"""The summary in the terminal, whole and as it is meant to look.

`python -m tests.report.test_terminal` writes the text anew after a change that is meant.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from contract.kit.report import terminal
from contract.kit.verdict.results import State, VerdictWord
from tests.report import example

TEXT = Path(__file__).with_name("terminal.txt")
BROKEN_WHOLLY = {
    name: (State.VIOLATED, "", [example.CRASH]) for name in (row.id for row in example.conformant().clauses)
}


def shown() -> str:
    return "\n".join(terminal.lines(example.results(), 100, folder="reports")) + "\n"


def test_the_whole_summary() -> None:
    assert shown() == TEXT.read_text(encoding="utf-8")


def test_only_a_replayed_request_and_its_line_are_wider_than_asked() -> None:
    wide = [line for line in terminal.lines(example.results(), 100) if len(line) > 100]
    assert all(" curl " in line or "POST /" in line for line in wide)


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
