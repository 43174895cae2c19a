"""Everything there is about one clause: sentence, source, rule, tests and waivers by file and line, mutants."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from contract.kit.judge import Clause, Register, clauses
from contract.kit.judge.rules import Over, rules_of
from contract.kit.report import phrases
from contract.kit.report import text as texts
from contract.kit.runner.proof import TESTS, WIDTH, Proof
from contract.kit.waive import SHIPPED

ROOT: Final = Path(__file__).parents[3]
MOST_MUTANTS: Final = 20
_OVER: Final = {
    Over.DRIVEN: "judges what the clause's own tests send",
    Over.EVERY: "judges every answer of a run",
    Over.TRAFFIC: "compares the answers of a run",
}


def explained(register: Register, found: Iterable[Proof], ids: Iterable[str], *, whole: bool = False) -> list[str]:
    """The clauses of `ids`, a few lines each, as a terminal shows them. `whole`: no list is cut."""
    proofs = {proof.clause.id: proof for proof in found}
    told: list[str] = []
    for name in ids:
        told += ["", *_head(register[name])]
        told += (
            _tested(register, proofs[name], whole) if name in proofs else _block("untested", [register[name].excluded])
        )
    return told[1:]


def _head(clause: Clause) -> list[str]:
    told = texts.wrapped(clause.sentence, WIDTH, " " * 11, f"{clause.id:<11}")
    told.append(_line("level", str(clause.level)))
    told.append(_line("source", "; ".join([clause.source, *(url for _, url in phrases.addresses(clause.source))])))
    told.append(_line("register", f"{_short(clauses.DEFAULT)}:{_line_of(clauses.DEFAULT, clause.id)}"))
    return told


def _tested(register: Register, proof: Proof, whole: bool) -> list[str]:
    clause = proof.clause
    told = [_line("run", f"pytest contract --clause {clause.id}"), _line("report", f"reports/index.html#{clause.id}")]
    told.append(_line("floor", ", ".join(f"{depth} {number}" for depth, number in clause.floor.items())))
    if clause.needs:
        told.append(_line("needs", "; ".join(register.needs[need] for need in clause.needs)))
    told += _block(
        "rules", [f"{_place(rule.function)} {rule.name}, {_OVER[rule.over]}" for rule in rules_of(clause.id)]
    )
    lines = _lines_of(name.partition("::")[0] for name in proof.tests)
    told += _block(
        "tests", [f"contract/{name.partition('::')[0]}:{lines[name]} {name.partition('::')[2]}" for name in proof.tests]
    )
    told += _block("waivers", _waivers(clause.id))
    told += _block("mutants", _mutants(proof, whole))
    if clause.together:
        told.append(_line("together", clause.together))
    return told


def _mutants(proof: Proof, whole: bool) -> list[str]:
    """Those that make this clause fail alone first."""
    ordered = sorted(proof.mutants.items(), key=lambda item: item[0] not in proof.alone)
    lines = [f"{name}{' (this clause alone)' if name in proof.alone else ''}: {lie}" for name, lie in ordered]
    if whole or len(lines) <= MOST_MUTANTS:
        return lines
    return [*lines[:MOST_MUTANTS], f"and {len(lines) - MOST_MUTANTS} more: --all lists them"]


def _waivers(clause: str) -> list[str]:
    """The shipped files that waive something of the clause, each at its first entry."""
    return [
        f"{_short(path)}:{line}"
        for path in sorted(SHIPPED.glob("*.toml"))
        if (line := _line_of(path, clause)) is not None
    ]


def _block(label: str, lines: list[str]) -> list[str]:
    return [_line(label if at == 0 else "", line) for at, line in enumerate(lines or ["none"])]


def _line(label: str, text: str) -> str:
    return f"  {label:<9}{text}"


def _place(function: object) -> str:
    code = inspect.unwrap(function).__code__  # type: ignore[arg-type]
    # Its first line is the decorator's.
    lines = inspect.getsourcelines(code)[0]
    above = next(at for at, line in enumerate(lines) if line.startswith("def "))
    return f"{_short(Path(code.co_filename))}:{code.co_firstlineno + above}"


def _short(path: Path) -> str:
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)


def _line_of(file: Path, clause: str) -> int | None:
    """The first line of a file that names the clause as a value."""
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if line.endswith(f'= "{clause}"'):
            return number
    return None


def _lines_of(files: Iterable[str]) -> dict[str, int]:
    """The line of each test, by `file::name`."""
    found: dict[str, int] = {}
    for file in set(files):
        for node in ast.parse((TESTS / file).read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                found[f"{file}::{node.name}"] = node.lineno
            elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                found[f"{file}::{node.targets[0].id}"] = node.lineno
    return found
