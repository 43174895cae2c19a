"""Each test of the contract catches something by itself: one whose assertion is taken out is found by its name."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

import pytest

from tests.farm import ROOT, Farm
from tests.mutants.test_mutants import CATALOGUE
from tests.mutants.tried import tried

CONTRACT = ROOT / "contract"
TABLE: dict[str, dict[str, list[str]]] = tomllib.loads((Path(__file__).parent / "alone.toml").read_text("utf-8"))
ASKING = {"judge_all", "look_back"}
"""What a test calls that judges what others have sent."""


def marked_tests() -> list[tuple[str, ast.FunctionDef]]:
    """Every test of the contract that belongs to a clause, with its file's name."""
    return [
        (file.name, node)
        for file in sorted(CONTRACT.glob("test_*.py"))
        for node in ast.parse(file.read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef) and _marks(node, "clause")
    ]


def _marks(test: ast.FunctionDef, mark: str) -> list[ast.expr]:
    return [mark_ for mark_ in test.decorator_list if f"mark.{mark}" in ast.unparse(mark_)]


TESTS = marked_tests()
ALONE = [(file, test) for file, test in TESTS if not _marks(test, "after_all")]
AFTER_ALL = [test for _, test in TESTS if _marks(test, "after_all")]


def test_every_test_that_drives_is_in_the_table() -> None:
    assert {(file, test.name) for file, test in ALONE} == {(file, name) for file in TABLE for name in TABLE[file]}


@pytest.mark.parametrize("test", AFTER_ALL, ids=lambda test: test.name)
def test_judges_what_the_others_have_sent(test: ast.FunctionDef) -> None:
    calls = [node.func for node in ast.walk(test) if isinstance(node, ast.Call)]
    assert ASKING & {called_name(called) for called in calls}


def called_name(function: ast.expr) -> str:
    """The last word of what is called: of `drive.judge` it is `judge`."""
    return ast.unparse(function).rpartition(".")[2]


@pytest.mark.parametrize(
    ("test", "mutant"),
    [
        pytest.param(f"contract/{file}::{name}", mutant, id=f"{name}-{mutant}")
        for file, rows in TABLE.items()
        for name, named in rows.items()
        for mutant in named
    ],
)
def test_catches_a_mutant_alone(farm: Farm, tmp_path: Path, test: str, mutant: str) -> None:
    ended, _ = tried(farm, tmp_path, mutant, test)
    assert ended.violated & set(CATALOGUE[mutant].clauses), ended.output[-4_000:]
