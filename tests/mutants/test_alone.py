"""Each test of the contract catches something by itself: one whose assertion is taken out is found by its name."""

from __future__ import annotations

import ast
import importlib
import shutil
import tomllib
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.farm import LONGEST_RUN, ROOT, Farm, ended
from tests.mutants.test_mutants import CATALOGUE
from tests.mutants.tried import LONGEST, tried
from tests.runner.started import start

CONTRACT = ROOT / "contract"
TABLE: dict[str, dict[str, list[str]]] = tomllib.loads((Path(__file__).parent / "alone.toml").read_text("utf-8"))


class Driving(NamedTuple):
    """A test of the contract that belongs to a clause and drives something."""

    file: str
    name: str
    source: ast.stmt


def driving_tests() -> list[Driving]:
    return [
        Driving(file.name, name, node)
        for file in sorted(CONTRACT.glob("test_*.py"))
        for node in ast.parse(file.read_text("utf-8")).body
        if (name := _name_of(node))
    ]


def _name_of(node: ast.stmt) -> str:
    """The name of a test that sends requests and needs no access key (a run on a mutant has an account), or ""."""
    match node:
        case ast.FunctionDef(name, decorator_list=marks):
            said = " ".join(map(ast.unparse, marks))
            drives = "mark.clause" in said and "mark.after_all" not in said and "'key'" not in said
            return name if drives else ""
        case ast.Assign([ast.Name(name)], ast.Call(ast.Name(sentence))) if name.startswith("test_"):
            return name if sentence != "holds_throughout" else ""
    return ""


ALONE = driving_tests()


def test_every_test_that_drives_is_in_the_table() -> None:
    assert {(file, name) for file, name, _ in ALONE} == {(file, name) for file in TABLE for name in TABLE[file]}


@pytest.mark.parametrize(
    ("test", "mutant"),
    [
        pytest.param(test, mutant, id=f"{test.name}-{mutant}")
        for test in ALONE
        for mutant in TABLE[test.file][test.name]
    ],
)
def test_catches_a_mutant_alone(farm: Farm, tmp_path: Path, test: Driving, mutant: str) -> None:
    depth = "gate" if mutant in LONGEST else "smoke"
    run, _ = tried(farm, tmp_path, mutant, "--depth", depth, tests=f"contract/{test.file}::{test.name}")
    assert run.violated & set(CATALOGUE[mutant].clauses) & clauses_of(test.file, test.name), run.output[-4_000:]


def clauses_of(file: str, test: str) -> set[str]:
    """The clauses that a test itself judges by; the rules for every answer judge its exchanges by others too."""
    marked = getattr(importlib.import_module(f"contract.{file.removesuffix('.py')}"), test)
    return {clause for mark in marked.pytestmark if mark.name == "clause" for clause in mark.args}


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
