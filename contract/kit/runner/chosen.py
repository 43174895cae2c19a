"""Which clauses a run is asked about, and which tests that takes.

A selection is one of clauses, however it is made (--clause, -k, a file, --lf): every test of a chosen clause runs, so
that the verdict on it means what it means in a whole run. A clause over every answer needs the requests of all tests.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest

from contract.kit.config import UsageError, near
from contract.kit.judge import Register
from contract.kit.judge.rules import Over, rules_of
from contract.kit.report import store
from contract.kit.runner.proof import marked
from contract.kit.verdict import State

Item = pytest.Item


def clauses_of(item: Item) -> tuple[str, ...]:
    """All that a test judges, its own clause first."""
    mark = item.get_closest_marker("clause")
    return tuple(map(str, mark.args)) if mark is not None else ()


def place(item: Item) -> int:
    """Where it stands among the tests: before most of them, between, or after them."""
    return is_after_all(item) - (item.get_closest_marker("before_all") is not None)


def is_after_all(item: Item) -> bool:
    """Return True for a test that judges what the others have sent."""
    return item.get_closest_marker("after_all") is not None


def named(
    words: Iterable[str], register: Register, where: str = "--clause", *, untested: bool = False
) -> tuple[str, ...]:
    """The clauses that ids and families stand for, in the order of the register. UsageError for an unknown word.

    `untested`: those that the register excludes too.
    """
    families = [family.id for family in register.families]
    rows = register.rows if untested else register.clauses
    found = set()
    for word in dict.fromkeys(word.strip().upper() for word in words):
        chosen = [clause.id for clause in rows if word in (clause.id, clause.family)]
        if not chosen and word in register:
            raise UsageError(f"{where} {word}: it is not tested: {register[word].excluded}")
        if not chosen:
            known = [clause.id for clause in register.clauses] + families
            hint = near(word, known) or f"; give an id such as ERR-004, or a family: {', '.join(families)}"
            raise UsageError(f"{where} {word}: there is no such clause{hint}")
        found.update(chosen)
    return _ordered(found, register)


def in_tests(arguments: Sequence[str], here: Path, home: Path, register: Register) -> tuple[str, ...]:
    """The clauses of the files and tests that pytest's arguments name; () where they name the whole contract."""
    places = [argument.partition("::") for argument in arguments]
    paths = [((here / path).resolve(), name.partition("[")[0]) for path, _, name in places]
    if any(path == home for path, _ in paths):
        return ()
    found, every = set(), set()
    for clause, tests in marked(home).items():
        for test in tests:
            file, _, name = test.partition("::")
            every.add(clause)
            if any(path == home / file and wanted in ("", name) for path, wanted in paths):
                found.add(clause)
    if not found:
        raise UsageError(f"{' '.join(arguments)}: no test of the contract is named so; see python -m contract clauses")
    return () if found == every else _ordered(found, register)


def last_broken(folder: Path, register: Register) -> tuple[str, ...]:
    """The clauses that the run before broke or failed at; () where there are none."""
    before = store.read(folder)
    broken = {row.id for row in before.clauses if row.state in (State.VIOLATED, State.ERROR)}
    return _ordered(broken, register)


def tests_for(items: Sequence[Item], asked: Iterable[str]) -> list[Item]:
    """The tests that it takes to judge the clauses asked for."""
    asked = set(asked)
    everything = any(rule.over is not Over.DRIVEN for clause in asked for rule in rules_of(clause))
    return [item for item in items if asked.intersection(clauses_of(item)) or (everything and not is_after_all(item))]


def _ordered(found: Iterable[str], register: Register) -> tuple[str, ...]:
    chosen = set(found)
    return tuple(clause.id for clause in register.rows if clause.id in chosen)
