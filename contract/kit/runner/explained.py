"""Everything there is about one clause: sentence, source, rule and tests by file and line, mutants."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from contract.kit.judge import Register, clauses
from contract.kit.judge.rules import Over, rules_of
from contract.kit.report import phrases
from contract.kit.report import text as texts
from contract.kit.runner.proof import TESTS, WIDTH, Proof

ROOT: Final = Path(__file__).parents[3]
_OVER: Final = {
    Over.DRIVEN: "judges what the clause's own tests send",
    Over.EVERY: "judges every answer of a run",
    Over.TRAFFIC: "compares the answers of a run",
}


def explained(register: Register, found: Iterable[Proof], ids: Iterable[str]) -> list[str]:
    """The clauses of `ids`, a few lines each, as a terminal shows them."""
    wanted = set(ids)
    told: list[str] = []
    for proof in found:
        if proof.clause.id in wanted:
            told += ["", *_one(register, proof)]
    return told[1:]


def _one(register: Register, proof: Proof) -> list[str]:
    clause = proof.clause
    told = texts.wrapped(clause.sentence, WIDTH, " " * 11, f"{clause.id:<11}")
    told.append(_line("level", str(clause.level)))
    told.append(_line("source", "; ".join([clause.source, *(url for _, url in phrases.addresses(clause.source))])))
    told.append(_line("register", f"{_short(clauses.DEFAULT)}:{_row_of(clause.id)}"))
    if clause.needs:
        told.append(_line("needs", "; ".join(register.needs[need] for need in clause.needs)))
    told += _block(
        "rules", [f"{_place(rule.function)} {rule.name}, {_OVER[rule.over]}" for rule in rules_of(clause.id)]
    )
    lines = _lines_of(name.partition("::")[0] for name in proof.tests)
    told += _block(
        "tests", [f"contract/{name.partition('::')[0]}:{lines[name]} {name.partition('::')[2]}" for name in proof.tests]
    )
    told += _block("mutants", _mutants(proof))
    if clause.together:
        told.append(_line("together", clause.together))
    return told


def _mutants(proof: Proof) -> list[str]:
    """Those that make this clause fail alone first."""
    ordered = sorted(proof.mutants.items(), key=lambda item: item[0] not in proof.alone)
    return [f"{name}{' (this clause alone)' if name in proof.alone else ''}: {lie}" for name, lie in ordered]


def _block(label: str, lines: list[str]) -> list[str]:
    return [_line(label if at == 0 else "", line) for at, line in enumerate(lines or ["none"])]


def _line(label: str, text: str) -> str:
    return f"  {label:<9}{text}"


def _place(function: object) -> str:
    code = inspect.unwrap(function).__code__  # type: ignore[arg-type]
    return f"{_short(Path(code.co_filename))}:{code.co_firstlineno}"


def _short(path: Path) -> str:
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)


def _row_of(clause: str) -> int:
    for number, line in enumerate(clauses.DEFAULT.read_text(encoding="utf-8").splitlines(), 1):
        if line == f'id = "{clause}"':
            return number
    return 1


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
