"""Every report of a run, from its results."""

from __future__ import annotations

import contextlib
import shutil
from pathlib import Path
from typing import Final

from contract.kit.config import UsageError
from contract.kit.report import history, junit, store, summary, terminal
from contract.kit.verdict import Results, VerdictWord

BEFORE: Final = "results.before.json"
"""The results of the run before in the same folder, whatever it was of."""


def write(results: Results, folder: Path) -> list[Path]:
    """Write every report of a run into `folder`, and the run into its history there; return their paths.

    results.json comes first: whatever fails after it, the run is told.
    """
    # Slow to import, and the first screenful of a run does not need them.
    from contract.kit.report import allure, page

    _keep(folder)
    paths = [store.write(results, folder)]
    if results.footer.verdict is not VerdictWord.DID_NOT_START:
        history.enter(results, folder)
    since = history.since(results, folder)
    return [
        *paths,
        summary.write(results, folder, since),
        junit.write(results, folder),
        allure.write(results, folder),
        page.write(results, folder, since),
    ]


def begin(folder: Path) -> None:
    """Nothing of a run before is taken for one of this: its results are put aside, its reports go."""
    _keep(folder)
    for name in (store.NAME, summary.NAME, junit.NAME, "index.html"):
        with contextlib.suppress(OSError):
            (folder / name).unlink(missing_ok=True)
    shutil.rmtree(folder / "allure-results", ignore_errors=True)


def _keep(folder: Path) -> None:
    """Put the results of the run before aside, where they are whole."""
    path = folder / store.NAME
    with contextlib.suppress(UsageError, OSError):
        if store.read(path).footer.verdict is not VerdictWord.DID_NOT_START:
            path.replace(folder / BEFORE)


def summary_lines(results: Results, width: int, color: bool, folder: Path) -> list[str]:
    """The summary for the terminal."""
    return terminal.lines(results, width, color, str(folder), history.since(results, folder))
