"""Take one assertion out of one test of the contract at a time: `python -m tests.mutation.assertions [TEST ...]`.

Each is taken out in a copy of the project, where tests/mutants then has to fail.
Takes some minutes; no part of the gate. Exit status 0 where each is missed.
"""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.farm import ROOT
from tests.mutants.test_alone import ALONE, CONTRACT
from tests.mutants.test_mutants import CATALOGUE, PROVED

JUDGING = ("judge", "refuse_all", "add_all", "again_all")
"""How the names of what judges begin."""


def assertions(test: ast.FunctionDef) -> Iterator[ast.Call]:
    """The calls of a test that judge."""
    for node in ast.walk(test):
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2].startswith(JUDGING):
            yield node


def without(file: str, call: ast.Call) -> str:
    """The text of a file of the contract with a call's own judging taken out; what its arguments send is sent."""
    lines = (CONTRACT / file).read_text("utf-8").splitlines(keepends=True)
    line = lines[call.func.lineno - 1]
    end = call.func.end_col_offset
    assert end is not None
    lines[call.func.lineno - 1] = line[: call.func.col_offset] + "(lambda *_: None)" + line[end:]
    return "".join(lines)


def is_missed(copy: Path, test: ast.FunctionDef) -> bool:
    """Return True if the proof of the test fails in the copy, or that of its clause where it needs a whole run."""
    if fails(copy, "test_alone.py", f"{test.name}-"):
        return True
    names = [name for name in PROVED if clause_of(test) in CATALOGUE[name].clauses]
    return fails(copy, "test_mutants.py", " or ".join(f"[{name}]" for name in names))


def clause_of(test: ast.FunctionDef) -> str:
    marks = (mark for mark in test.decorator_list if isinstance(mark, ast.Call) and "mark.clause" in ast.unparse(mark))
    return str(ast.literal_eval(next(marks).args[0]))


def fails(copy: Path, file: str, names: str) -> bool:
    command = [sys.executable, "-m", "pytest", f"tests/mutants/{file}", "-q", "-k", names]
    return subprocess.run(command, cwd=copy, capture_output=True, check=False).returncode == 1


def main(chosen: list[str]) -> int:
    unseen = tried = 0
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "project"
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".git", "__pycache__", "node_modules", ".*_cache"))
        for file, name, test in ALONE:
            # What a sentence judges stands elsewhere, for many tests.
            if (chosen and name not in chosen) or not isinstance(test, ast.FunctionDef):
                continue
            for call in assertions(test):
                tried += 1
                (copy / "contract" / file).write_text(without(file, call), "utf-8")
                if not is_missed(copy, test):
                    unseen += 1
                    print(f"not missed: {file}:{call.lineno} {test.name}: {ast.unparse(call)[:100]}", flush=True)
            shutil.copy(CONTRACT / file, copy / "contract" / file)
    print(f"{tried} assertions, {tried - unseen} of them missed when taken out")
    return 1 if unseen or not tried else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
