"""The ways in which a rule is weakened: one change of the source at a time."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any

SWAPS = {
    "ReplaceComparisonOperator": {
        *("Is_IsNot", "IsNot_Is", "Eq_NotEq", "NotEq_Eq", "In_NotIn", "NotIn_In"),
        *("Lt_LtE", "Lt_GtE", "LtE_Lt", "LtE_Gt", "Gt_GtE", "Gt_LtE", "GtE_Gt", "GtE_Lt"),
    },
    "ReplaceBinaryOperator": {"Add_Sub", "Sub_Add", "Mul_Div", "Div_Mul", "Mod_Mul", "BitOr_BitAnd", "BitAnd_BitOr"},
    "ReplaceUnaryOperator": {"Delete_Not", "Delete_USub"},
}
"""For operators that come in every combination, the nearest one and the opposite."""


@dataclass(frozen=True, slots=True)
class Weakening:
    """`source`: the whole module, changed in one place."""

    operator: str
    source: str


def weakenings(source: str) -> Iterator[Weakening]:
    """Every one that changes what the module does, each once: annotations and docstrings do nothing."""
    seen = {_meaning(source)}
    for made in (*_of_cosmic_ray(source), *_own(source)):
        try:
            meaning = _meaning(made.source)
        except SyntaxError:
            continue
        if meaning not in seen:
            seen.add(meaning)
            yield made


def _of_cosmic_ray(source: str) -> Iterator[Weakening]:
    """Comparisons, `and`, `or`, `not`, numbers, arithmetic, decorators, `break`, exceptions."""
    mutating, plugins = import_module("cosmic_ray.mutating"), import_module("cosmic_ray.plugins")
    for name in sorted(plugins.operator_names()):
        kind, _, change = name.removeprefix("core/").partition("_")
        if "Variable" in kind or (kind in SWAPS and change not in SWAPS[kind]):
            continue
        operator = plugins.get_operator(name)()
        occurrence = 0
        while (changed := mutating.mutate_code(source.encode(), operator, occurrence)) is not None:
            yield Weakening(name.removeprefix("core/"), changed if isinstance(changed, str) else changed.decode())
            occurrence += 1


def _own(source: str) -> Iterator[Weakening]:
    """What rules live by and cosmic-ray has no operator for: `[]` against None, the members of a set."""
    tree = ast.parse(source)
    for at, node in enumerate(ast.walk(tree)):
        if isinstance(node, ast.Return):
            yield from _returning(tree, at, node)
        elif isinstance(node, ast.Set | ast.Tuple | ast.List) and len(node.elts) > 1:
            yield from _dropping(tree, at, node)


def _dropping(tree: ast.Module, at: int, node: ast.Set | ast.Tuple | ast.List) -> Iterator[Weakening]:
    if not isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
        return
    for number in range(len(node.elts)):
        changed, place = _copy(tree, at)
        del place.elts[number]
        yield Weakening("DropElement", ast.unparse(changed))


def _returning(tree: ast.Module, at: int, node: ast.Return) -> Iterator[Weakening]:
    for value in (ast.List([], ast.Load()), ast.Constant(None)):
        if node.value is not None and ast.dump(node.value) != ast.dump(value):
            changed, place = _copy(tree, at)
            place.value = value
            yield Weakening(f"Return {ast.unparse(value)}", ast.unparse(changed))


def _copy(tree: ast.Module, at: int) -> tuple[ast.Module, Any]:
    changed = copy.deepcopy(tree)
    return changed, list(ast.walk(changed))[at]


def _meaning(source: str) -> str:
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            node.returns = None
            for argument in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs):
                argument.annotation = None
        elif isinstance(node, ast.AnnAssign):
            node.annotation = ast.Constant(None)
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef):
            node.body = [line for line in node.body if not _is_text(line)] or [ast.Pass()]
    return ast.dump(tree)


def _is_text(line: ast.stmt) -> bool:
    return isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant)
