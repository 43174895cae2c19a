"""Write every report of a run, from its results."""

from __future__ import annotations

from pathlib import Path

from contract.kit.report import allure, junit, store, summary, terminal
from contract.kit.report.compare import Comparison, compare
from contract.kit.results import Results
from contract.kit.usage import UsageError


def write(results: Results, folder: Path) -> None:
    """results.json, junit.xml, summary.md and allure-results/ into `folder`, which is made where it is missing.

    The results that lie there already are taken for those of the run before.
    """
    folder.mkdir(parents=True, exist_ok=True)
    since = _since(results, folder)
    summary.write(results, folder, since)
    junit.write(results, folder)
    allure.write(results, folder)
    store.write(results, folder)


def _since(results: Results, folder: Path) -> Comparison | None:
    try:
        before = store.read(folder / "results.json")
    except UsageError:
        return None
    return compare(before, results) if before.header.target.get("name") == results.header.target.get("name") else None


def summary_lines(results: Results, width: int, color: bool, folder: Path) -> list[str]:
    return terminal.lines(results, width, color, str(folder))
