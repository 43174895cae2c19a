"""What proves each clause of the register: the tests that judge it and the mutants that make it fail."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from contract.kit.judge import Clause, Register
from contract.kit.report import text as texts

WIDTH: Final = 120
TESTS: Final = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Proof:
    """One clause with its tests (`test_auth.py::test_x`) and mutants (name and lie)."""

    clause: Clause
    tests: tuple[str, ...]
    mutants: Mapping[str, str]
    alone: frozenset[str] = frozenset()
    """The mutants that make no other clause fail."""


def proofs(register: Register, folder: Path = TESTS) -> list[Proof]:
    """A proof for each clause that is tested, in the order of the register."""
    from contract.kit.reference import mutants

    tests = marked(folder)
    known = mutants()
    return [
        Proof(
            clause,
            tuple(tests.get(clause.id, ())),
            {name: mutant.lie for name, mutant in known.items() if clause.id in mutant.clauses},
            frozenset(name for name, mutant in known.items() if set(mutant.clauses) == {clause.id}),
        )
        for clause in register.clauses
    ]


def marked(folder: Path = TESTS) -> dict[str, list[str]]:
    """The tests by each clause that they judge, read without importing them.

    `@pytest.mark.clause("ID", *BAD_ENDS, ...)` names it, or a sentence made of it: `test_x = holds_throughout("ID")`.
    """
    found: dict[str, list[str]] = {}
    for path in sorted(folder.glob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            for name, clause in _judged(node):
                found.setdefault(clause, []).append(f"{path.name}::{name}")
    return found


def _judged(node: ast.AST) -> Iterator[tuple[str, str]]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield from ((node.name, clause) for clause in _clauses(node.decorator_list))
        return
    match node:
        case ast.Assign([ast.Name(name)], ast.Call(_, arguments, keywords)) if name.startswith("test_"):
            for value in (*arguments, *(keyword.value for keyword in keywords)):
                if isinstance(value, ast.Constant) and isinstance(value.value, str):
                    yield name, value.value


def _clauses(decorators: list[ast.expr]) -> Iterator[str]:
    from contract.kit import drive

    for decorator in decorators:
        if isinstance(decorator, ast.Call) and ast.unparse(decorator.func).endswith("mark.clause"):
            for node in (node for argument in decorator.args for node in ast.walk(argument)):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield node.value
                elif isinstance(node, ast.Name):
                    yield from getattr(drive, node.id)


def text(register: Register, found: list[Proof]) -> list[str]:
    """The register as lines for a terminal."""
    told: list[str] = []
    for family in register.families:
        told += ["", f"{family.id}  {family.title}"]
        for proof in found:
            if proof.clause.family == family.id:
                told += texts.wrapped(
                    proof.clause.sentence, WIDTH, " " * 20, f"  {proof.clause.id:<9} {proof.clause.level:<6}  "
                )
                told += texts.wrapped(", ".join(proof.tests) or "none", WIDTH, " " * 20, f"{'tests':>17}   ")
                told += texts.wrapped(", ".join(proof.mutants) or "none", WIDTH, " " * 20, f"{'mutants':>17}   ")
    told += ["", "Not tested"]
    for clause in register.excluded:
        told += texts.wrapped(
            f"{clause.sentence} Not tested: {clause.excluded}.", WIDTH, " " * 20, f"  {clause.id:<18}"
        )
    return [*told[1:], "", _count(register, found)]


def markdown(register: Register, found: list[Proof]) -> list[str]:
    """The register as a page of markdown."""
    told = [
        "# The clauses",
        "",
        "Written by `python -m contract clauses --markdown`; the register itself is `contract/clauses.toml`.",
        "",
        _count(register, found),
    ]
    for family in register.families:
        told += [
            "",
            f"## {family.id}: {family.title}",
            "",
            "| clause | level | what holds | source | tests | mutants |",
            "|---|---|---|---|---|---|",
        ]
        told += [_row(proof) for proof in found if proof.clause.family == family.id]
    told += ["", "## Not tested", "", "| clause | what it would say | why not |", "|---|---|---|"]
    told += [f"| {c.id} | {_cell(c.sentence)} | {_cell(c.excluded)} |" for c in register.excluded]
    return told


def _row(proof: Proof) -> str:
    clause = proof.clause
    tests = "<br>".join(f"`{name}`" for name in proof.tests)
    mutants = "<br>".join(f"`{name}`" for name in proof.mutants)
    cells = [clause.id, str(clause.level), _cell(clause.sentence), _cell(clause.source), tests, mutants]
    return f"| {' | '.join(cells)} |"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _count(register: Register, found: list[Proof]) -> str:
    mutants = {name for proof in found for name in proof.mutants}
    tests = {name for proof in found for name in proof.tests}
    return (
        f"{len(found)} clauses, {len(tests)} tests, {len(mutants)} mutants; "
        f"{len(register.excluded)} more clauses are not tested."
    )
