"""What README shows of a run that fails, and its table of verdicts, are what the suite prints and decides."""

from __future__ import annotations

import re
from pathlib import Path

from contract.kit.verdict.results import VerdictWord
from contract.kit.verdict.verdict import STATUS, ExitStatus

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SAMPLE = (ROOT / "reports/sample/broken/terminal.txt").read_text(encoding="utf-8")
ROW = re.compile(r"^\| ([a-z ]+) \| ([\d, ]+) \| ", re.MULTILINE)
ELSEWHERE = {
    VerdictWord.RUN_BROKEN: ExitStatus.INTERRUPTED,
    VerdictWord.NOTHING_VERIFIED: ExitStatus.NOTHING_SELECTED,
}
"""Verdicts that have another status where a run was interrupted, or selected nothing."""


def test_each_verdict_has_its_row_with_its_statuses() -> None:
    table = README.partition("## Verdicts")[2].partition("\n## ")[0]
    told = {word: {int(status) for status in statuses.split(",")} for word, statuses in ROW.findall(table)}
    decided = {
        word.value: {int(status), *([int(ELSEWHERE[word])] if word in ELSEWHERE else [])}
        for word, status in STATUS.items()
    }
    assert told == decided


def test_every_exit_status_is_told() -> None:
    table = README.partition("## Verdicts")[2].partition("\n## ")[0]
    assert {int(status) for _, statuses in ROW.findall(table) for status in statuses.split(",")} == set(ExitStatus)


def test_the_run_that_fails_is_the_sample_in_part() -> None:
    shown = README.partition("how to send that again:\n\n")[2].partition("\nOn ZStack")[0]
    pieces = [piece.strip() for line in shown.splitlines() for piece in line.split("…") if piece.strip()]
    assert len(pieces) > 15
    at = 0
    for piece in pieces:
        at = SAMPLE.find(piece, at)
        assert at >= 0, piece
