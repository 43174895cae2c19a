"""Each test of the contract catches something by itself: one whose assertion is taken out is found by its name."""

from __future__ import annotations

import ast
import shutil
import tomllib
from pathlib import Path

import pytest

from contract.kit.judge.clauses import load
from tests.farm import LONGEST_RUN, ROOT, Farm, ended
from tests.mutants.test_mutants import CATALOGUE
from tests.mutants.tried import LONGEST, tried
from tests.runner.started import start

CONTRACT = ROOT / "contract"
TABLE: dict[str, dict[str, list[str]]] = tomllib.loads((Path(__file__).parent / "alone.toml").read_text("utf-8"))


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
ALONE = [
    (file, test)
    for file, test in TESTS
    # A run on a mutant has an account, and no access key.
    if not _marks(test, "after_all") and not any("'key'" in ast.unparse(mark) for mark in _marks(test, "needs"))
]


def test_every_test_that_drives_is_in_the_table() -> None:
    assert {(file, test.name) for file, test in ALONE} == {(file, name) for file in TABLE for name in TABLE[file]}


def called_name(function: ast.expr) -> str:
    """The last word of what is called: of `drive.judge` it is `judge`."""
    return ast.unparse(function).rpartition(".")[2]


@pytest.mark.parametrize(
    ("file", "test", "mutant"),
    [
        pytest.param(file, test, mutant, id=f"{test.name}-{mutant}")
        for file, test in ALONE
        for mutant in TABLE[file][test.name]
    ],
)
def test_catches_a_mutant_alone(farm: Farm, tmp_path: Path, file: str, test: ast.FunctionDef, mutant: str) -> None:
    depth = "gate" if mutant in LONGEST else "smoke"
    run, _ = tried(farm, tmp_path, mutant, "--depth", depth, tests=f"contract/{file}::{test.name}")
    assert run.violated & set(CATALOGUE[mutant].clauses) & clauses_in(test), run.output[-4_000:]


def clauses_in(test: ast.FunctionDef) -> set[str]:
    """The clauses that a test itself judges by; the rules for every answer judge its exchanges by others too."""
    texts = {node.value for node in ast.walk(test) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return texts & {clause.id for clause in load().clauses}


@pytest.mark.parametrize("test", ["test_answer_is_as_described"], ids="{}-where-only-the-description-is-broken".format)
def test_counts_what_the_description_alone_finds(tmp_path: Path, test: str) -> None:
    copy = tmp_path / "project"
    for folder in ("contract", "openapi"):
        shutil.copytree(ROOT / folder, copy / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pytest.ini", copy)
    # Nothing but the description asks for less than four members, so that no rule is broken.
    described = copy / "openapi" / "common" / "envelope.yaml"
    text = described.read_text("utf-8")
    assert text.count("minProperties: 1\n") == 1
    described.write_text(text.replace("minProperties: 1\n", "maxProperties: 1\n"), "utf-8")
    run = start(tmp_path / "reports", {}, "--depth", "smoke", "-k", test, root=copy)
    told = ended(run.wait(timeout=LONGEST_RUN), tmp_path / "reports")
    assert told.violated == {"ENV-006"}, told.output[-4_000:]
