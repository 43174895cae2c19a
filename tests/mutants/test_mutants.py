"""A run of its own clause finds each mutant of the reference, and its fault fires.

Requests vary in all that may vary, so that a fault in one thing is met by the requests of many clauses: the first
clause that a mutant declares is the one that it must make fail, the others are those that have been seen beside it.

Those named in proved.txt, at least one for every clause; all of them with EVERY_MUTANT=1 in the environment.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from contract.kit.judge.clauses import load
from contract.kit.reference import mutants
from tests.farm import Farm
from tests.mutants.tried import options_for, tried

CATALOGUE = mutants()
CLAUSES = [clause.id for clause in load().clauses]
PROVED = (Path(__file__).parent / "proved.txt").read_text().split()


def chosen() -> list[str]:
    """Names of the mutants that are tried."""
    return list(CATALOGUE) if os.environ.get("EVERY_MUTANT") else PROVED


@pytest.mark.parametrize("clause", CLAUSES)
def test_every_clause_has_a_mutant_that_is_tried(clause: str) -> None:
    assert any(clause in CATALOGUE[name].clauses for name in PROVED)


@pytest.mark.parametrize("name", chosen())
def test_mutant_makes_its_own_clause_fail(farm: Farm, tmp_path: Path, name: str) -> None:
    clause = CATALOGUE[name].clauses[0]
    ended, fired = tried(farm, tmp_path, name, *options_for(name, clause))
    assert fired, f"the fault of {name} never fired"
    assert clause in ended.violated, ended.output[-4_000:]
    assert ended.status == 1
