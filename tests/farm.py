"""Runs of the contract in processes of their own, forked from one that has everything imported.

A run inside the proof's own process would share its plugins, warnings and reports; a process from scratch
would spend most of its time on imports. `python -m tests.farm` reads a request a line and answers each.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any

ROOT = Path(__file__).resolve().parents[1]
LONGEST_RUN = 300.0
"""Seconds."""


@dataclass(frozen=True)
class Ended:
    """How a run ended: its exit status, what it printed, and its results.json (empty where there is none)."""

    status: int
    output: str
    results: dict[str, Any]

    @property
    def violated(self) -> set[str]:
        return {row["id"] for row in self.results.get("clauses", ()) if row["state"] == "violated"}

    def states(self, state: str) -> set[str]:
        return {row["id"] for row in self.results.get("clauses", ()) if row["state"] == state}


class Farm:
    """A process that forks a run for each request. Leaving the context ends it.

    `measured`: its runs count for the coverage, where that is measured, which makes them slower.
    """

    def __init__(self, *, measured: bool = False) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.farm"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=inherited(measured=measured),
        )

    def run(
        self, folder: Path, *arguments: str, tests: str = "contract", environ: dict[str, str] | None = None
    ) -> Ended:
        """Run `pytest contract`, or some of its tests, with `arguments`, its reports in `folder`."""
        folder.mkdir(parents=True, exist_ok=True)
        request = {"folder": str(folder), "tests": tests, "arguments": arguments, "environ": environ or {}}
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        return ended(answer["status"], folder)

    def __enter__(self) -> Farm:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()


_measuring: dict[str, str] = {}
"""The variables by which a child measures its coverage."""


def keep_from_children() -> None:
    """Take these variables out of the environment."""
    for name in [name for name in os.environ if name.startswith("COVERAGE_")]:
        _measuring[name] = os.environ.pop(name)


def inherited(*, measured: bool = False) -> dict[str, str]:
    """The environment for a run of its own, without settings of ours."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("CONTRACT_", "PYTEST_"))}
    return kept | (_measuring if measured else {})


def ended(status: int, folder: Path) -> Ended:
    file = folder / "results.json"
    results = json.loads(file.read_text()) if file.exists() else {}
    return Ended(status, (folder / "output.txt").read_text(errors="replace"), results)


def _child(folder: str, tests: str, arguments: Sequence[str], environ: dict[str, str]) -> int:
    import pytest

    os.environ.update(environ)
    out = os.open(Path(folder) / "output.txt", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(out, 1)
    os.dup2(out, 2)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    return int(pytest.main([tests, "-q", "--reports", folder, *arguments]))


def _wait(child: int) -> int:
    deadline = time.monotonic() + LONGEST_RUN
    while time.monotonic() < deadline:
        found, status = os.waitpid(child, os.WNOHANG)
        if found:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.01)
    os.kill(child, 9)
    os.waitpid(child, 0)
    return -9


def serve(requests: IO[str], answers: IO[str]) -> None:
    """Fork a run for each request until there are no more."""
    import schemathesis  # noqa: F401

    import contract.kit.report.allure
    import contract.kit.runner.session  # noqa: F401
    from contract.kit.report import page

    page.template()

    for line in requests:
        request = json.loads(line)
        child = os.fork()
        if child == 0:
            status = 3
            try:
                status = _child(**request)
            finally:
                sys.stdout.flush()
                sys.stderr.flush()
                os._exit(status)
        answers.write(json.dumps({"status": _wait(child)}) + "\n")
        answers.flush()


if __name__ == "__main__":
    serve(sys.stdin, sys.stdout)
