"""Weaken contract/kit/judge/rules and run tests/judge on each weakening: `python -m tests.mutation [MODULE ...]`.

Needs cosmic-ray beside what the tests need; takes some minutes, and no part of it runs in the gate. Exit
status 0 where every survivor is explained in SURVIVORS.md. A weakening is run in a process of its own that
the rules are loaded into from memory: no file is changed, and the libraries are imported once for all.
"""

from __future__ import annotations

import argparse
import ast
import difflib
import importlib.machinery
import os
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import CodeType

from tests.mutation.weaken import Weakening, weakenings

ROOT = Path(__file__).parents[2]
RULES = ROOT / "contract" / "kit" / "judge" / "rules"
TIME_ALLOWED = 120
"""Seconds for the tables; a weakening that takes longer is found out by that."""


class Loader(importlib.machinery.SourceFileLoader):
    """Loads one module from a text in memory."""

    def __init__(self, name: str, path: str, source: str) -> None:
        super().__init__(name, path)
        self.source = source

    def get_code(self, fullname: str) -> CodeType:
        return compile(self.source, self.path, "exec", dont_inherit=True)


class Finder:
    """Finds one module there, and leaves every other to the usual finders."""

    def __init__(self, name: str, path: Path, source: str) -> None:
        self.name = name
        self.loader = Loader(name, str(path), source)

    def find_spec(self, name: str, path: object = None, target: object = None) -> importlib.machinery.ModuleSpec | None:
        return importlib.machinery.ModuleSpec(name, self.loader, origin=self.loader.path) if name == self.name else None


def tables(module: Path) -> list[str]:
    """Every file of tests/judge that looks for something in particular, the module's own first."""
    files = sorted((ROOT / "tests" / "judge").glob("test_*.py"), key=lambda file: file.stem != f"test_{module.stem}")
    return [str(file) for file in files if file.stem not in ("test_totality", "test_document")]


def a_row_fails() -> bool:
    """The rows by themselves: most weakenings end here, without the cost of starting pytest."""
    from tests.judge.test_complete import ROWS

    for row in ROWS:
        try:
            row.check()
        except Exception:
            return True
    return False


def survives(module: Path, weakening: Weakening) -> bool:
    """Return True if the tables pass all the same."""
    child = os.fork()
    if child == 0:
        os._exit(_run(module, weakening))
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status) == 0


def _run(module: Path, weakening: Weakening) -> int:
    import pytest

    signal.alarm(TIME_ALLOWED)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    sys.dont_write_bytecode = True
    sys.meta_path.insert(0, Finder(f"contract.kit.judge.rules.{module.stem}", module, weakening.source))
    try:
        if a_row_fails():
            return 1
    except Exception:
        return 1  # the tables cannot even be made
    options = ["-x", "-q", "-c", os.devnull, f"--rootdir={ROOT}", "-p", "no:cacheprovider", "--tb=no"]
    return int(pytest.main([*options, *tables(module)]))


def difference(module: Path, weakening: Weakening) -> str:
    """The function that is weakened, and its changed lines before and after."""
    before = ast.unparse(ast.parse(module.read_text(encoding="utf-8"))).splitlines()
    after = ast.unparse(ast.parse(weakening.source)).splitlines()
    lines = list(difflib.unified_diff(before, after, n=0, lineterm=""))[2:]
    first = int(lines[0].split()[1].partition(",")[0].removeprefix("-"))
    heads = [line for line in before[:first] if line.startswith(("def ", "class "))]
    inside = heads and before[first - 1].startswith(" ")
    where = heads[-1].partition("(")[0].split()[1].rstrip(":") if inside else "module"
    changed = "\n".join(line for line in lines if not line.startswith("@@"))
    return f"{module.stem}.{where}\n{changed}"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__.partition("\n")[0])
    parser.add_argument(
        "modules", nargs="*", metavar="MODULE", help="modules of contract/kit/judge/rules; all by default"
    )
    chosen = parser.parse_args(arguments).modules
    explained = (Path(__file__).parent / "SURVIVORS.md").read_text(encoding="utf-8")
    # Imported here, once: each process that is forked has them.
    import hypothesis  # noqa: F401
    import pytest  # noqa: F401

    tried = unexplained = survived = 0
    started = time.monotonic()
    for module in sorted(RULES.glob("*.py")):
        if module.stem == "__init__" or (chosen and module.stem not in chosen):
            continue
        for weakening in weakenings(module.read_text(encoding="utf-8")):
            tried += 1
            if survives(module, weakening):
                survived += 1
                shown = difference(module, weakening)
                known = shown in explained
                unexplained += not known
                print(f"{weakening.operator}{' (explained)' if known else ''}: {shown}\n", flush=True)
    taken = time.monotonic() - started
    print(
        f"{tried} weakenings, {tried - survived} seen, {survived} not, {unexplained} of them unexplained; {taken:.0f} s"
    )
    return 1 if unexplained or not tried else 0


if __name__ == "__main__":
    sys.exit(main())
