"""The sample reports: three real runs against the reference server, kept to be read without a run."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Final

from contract.kit.config import UsageError
from contract.kit.report import junit, page, picture, store, summary, terminal
from contract.kit.verdict import Results

ROOT: Final = Path(__file__).parents[3]
FOLDER: Final = ROOT / "reports" / "sample"
RUNS: Final = {
    "conformant": ["--target", "reference"],
    "with-waivers": ["--target", "reference:zstack-5.2", "--waivers", "zstack-5.2"],
    "broken": ["--target", "reference:err-cause-string"],
}
"""Each sample by its folder, with the options of its run."""

PICTURED: Final = FOLDER / "broken" / page.NAME
PICTURE: Final = ROOT / "docs" / "page.png"
TERMINAL: Final = "terminal.txt"
_WIDTH: Final = 110
_PATIENCE: Final = 600.0
"""Seconds for one run."""


def make(folder: Path = FOLDER, *, rendered: bool = False) -> list[Path]:
    """Run the contract for each of `RUNS` and write what people read of it; return the folders.

    `rendered`: from the results that are there, without a run. Raises `UsageError` where a run leaves no results.
    """
    runs = {name: store.read(folder / name) if rendered else _run(options) for name, options in RUNS.items()}
    return [render(results, folder / name) for name, results in runs.items()]


def take_picture() -> Path | None:
    """The picture of a page that the README shows; None where there is no Chromium to take it."""
    taken = picture.take(PICTURED, PICTURE)
    return PICTURE if taken else None


def write_schema() -> Path:
    """Write the JSON Schema of results.json anew from its types."""
    store.put(store.SCHEMA, store.schema_text())
    return store.SCHEMA


def render(results: Results, folder: Path) -> Path:
    """Write results.json and the reports that people read into `folder`, as of the first run of its series."""
    store.write(results, folder)
    summary.write(results, folder)
    junit.write(results, folder)
    page.write(results, folder, None)
    store.put(folder / TERMINAL, "\n".join(terminal.lines(results, _WIDTH)) + "\n")
    return folder


def _run(options: list[str]) -> Results:
    # A sample is never of the target that the environment may speak of.
    environ = {name: value for name, value in os.environ.items() if not name.startswith("CONTRACT_")}
    with tempfile.TemporaryDirectory(prefix="contract-sample-") as reports:
        command = [sys.executable, "-m", "pytest", "contract", "-q", *options, "--reports", reports]
        ended = subprocess.run(
            command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=_PATIENCE, check=False
        )
        try:
            return _settled(store.read(Path(reports)))
        except UsageError:
            said = " ".join((ended.stderr or ended.stdout).split())[-300:]
            raise UsageError(f"sample: the run {' '.join(options)} left no results ({said})") from None


def _settled(results: Results) -> Results:
    """Without the temporary folder of the run, which is nobody's."""
    return replace(results, header=replace(results.header, settings=results.header.settings | {"reports": "reports"}))
