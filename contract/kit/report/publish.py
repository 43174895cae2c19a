"""Every report of a run but its page (which needs Node, and is made when asked for)."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Final

from contract.kit.config import UsageError
from contract.kit.report import junit, store, summary, terminal
from contract.kit.report.compare import Comparison, compare
from contract.kit.verdict import Results

BEFORE: Final = "results.before.json"
"""The results of the run before, kept beside those of the last one."""


def write(results: Results, folder: Path) -> list[Path]:
    """Write results.json, summary.md, junit.xml and allure-results into `folder`; return their paths.

    results.json comes first: whatever fails after it, the run is told.
    """
    # Slow to import, and the first screenful of a run does not need it.
    from contract.kit.report import allure

    _keep(folder)
    paths = [store.write(results, folder)]
    return [
        *paths,
        summary.write(results, folder, since(results, folder)),
        junit.write(results, folder),
        allure.write(results, folder),
    ]


def since(results: Results, folder: Path) -> Comparison | None:
    """The comparison with the run before in `folder`; None where there was none against this target."""
    with contextlib.suppress(UsageError):
        before = store.read(folder / BEFORE)
        if before.header.target.get("name") == results.header.target.get("name"):
            return compare(before, results)
    return None


def _keep(folder: Path) -> None:
    """Put the results of the run before aside, where they are whole."""
    path = folder / store.NAME
    with contextlib.suppress(UsageError):
        store.read(path)
        path.replace(folder / BEFORE)


def summary_lines(results: Results, width: int, color: bool, folder: Path) -> list[str]:
    """The summary for the terminal."""
    return terminal.lines(results, width, color, str(folder))
