"""Who may import whom: read from the source, so that an import within a function counts too."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[1]
SOURCES: Final = sorted((ROOT / "contract").rglob("*.py"))
RULES_MAY: Final = ("contract.kit.rules", "contract.kit.exchange", "contract.kit.violation")
CONTRACT_MAY: Final = (
    *("contract.kit.depth", "contract.kit.drive", "contract.kit.effects", "contract.kit.exchange"),
    *("contract.kit.pairs", "contract.kit.findings", "contract.kit.strategies"),
    "contract.kit.rules.envelope.FOLLOWED",  # how often a refusal is followed: the rule's own measure
)
EVIDENCE_MAY: Final = tuple(f"contract.kit.{name}" for name in ("document", "exchange", "nested", "readable"))
ONLY: Final = {
    "httpx": ("contract/kit/wire/",),
    "httpcore": ("contract/kit/wire/",),
    "allure_commons": ("contract/kit/report/",),
    "allure_pytest": ("contract/kit/report/",),
    "allure": ("contract/kit/report/",),
    "schemathesis": ("contract/kit/spec.py", "contract/test_openapi.py"),
    "starlette": ("contract/kit/reference/",),
    "uvicorn": ("contract/kit/reference/",),
    "locust": ("contract/kit/soak/",),
    "gevent": ("contract/kit/soak/",),
    "hypothesis": ("contract/kit/strategies/", "contract/kit/depth.py", "contract/kit/memory.py", "contract/test_"),
}
"""Libraries, and the beginnings of the files that may know them."""


def package_of(file: Path) -> list[str]:
    return list(file.relative_to(ROOT).with_suffix("").parts[:-1])


def imports(source: str, package: list[str]) -> set[str]:
    """Every name that a module imports, absolute and in full: `from a import b` is `a.b`."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*above, node.module] if node.module else above)
            found.update(f"{module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in ("__import__", "importlib.import_module"):
            found.update(
                one.value for one in node.args[:1] if isinstance(one, ast.Constant) and isinstance(one.value, str)
            )
    return found


def of(file: Path) -> set[str]:
    return imports(file.read_text(encoding="utf-8"), package_of(file))


def own(names: Iterable[str]) -> set[str]:
    return {name for name in names if name.partition(".")[0] in ("contract", "tests")}


def foreign(names: Iterable[str]) -> set[str]:
    """Names that are neither the project's own nor the standard library's."""
    roots = {name.partition(".")[0] for name in names}
    return roots - {"contract", "tests"} - set(sys.stdlib_module_names)


def within(name: str, allowed: Iterable[str]) -> bool:
    return any(name == one or name.startswith(f"{one}.") for one in allowed)


def files(pattern: str) -> list[Path]:
    found = sorted(ROOT.glob(pattern))
    assert found, pattern
    return found


def every(pattern: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("file", files(pattern), ids=lambda file: str(file.relative_to(ROOT)))


@every("contract/kit/rules/**/*.py")
def test_rules_know_evidence_and_the_standard_library_only(file: Path) -> None:
    names = of(file)
    assert {name for name in own(names) if not within(name, RULES_MAY)} == set()
    assert foreign(names) == set()


@pytest.mark.parametrize("name", ["document", "exchange", "violation"])
def test_evidence_knows_the_standard_library_only(name: str) -> None:
    names = of(ROOT / "contract" / "kit" / f"{name}.py")
    assert {one for one in own(names) if not within(one, EVIDENCE_MAY)} == set()
    assert foreign(names) == set()


@every("contract/kit/reference/**/*.py")
def test_the_reference_knows_nothing_of_the_kit(file: Path) -> None:
    assert {name for name in own(of(file)) if not within(name, ("contract.kit.reference",))} == set()


@every("contract/kit/reference/**/*.py")
def test_the_reference_reads_no_description(file: Path) -> None:
    source = file.read_text(encoding="utf-8")
    assert "yaml" not in foreign(of(file))
    assert "clauses.toml" not in source


@every("contract/test_*.py")
def test_the_contract_knows_what_it_sends_and_the_drive(file: Path) -> None:
    assert {name for name in own(of(file)) if not within(name, CONTRACT_MAY)} == set()


@every("contract/kit/strategies/**/*.py")
def test_strategies_know_the_description_and_hypothesis(file: Path) -> None:
    names = of(file)
    assert {name for name in own(names) if not within(name, ("contract.kit.strategies", "contract.kit.spec"))} == set()
    assert foreign(names) <= {"hypothesis"}


@pytest.mark.parametrize("library", ONLY)
def test_a_library_is_known_in_one_place(library: str) -> None:
    users = [
        str(file.relative_to(ROOT)) for file in SOURCES if library in {name.partition(".")[0] for name in of(file)}
    ]
    assert [user for user in users if not user.startswith(ONLY[library])] == []


def test_no_test_of_the_suite_is_known_to_the_contract() -> None:
    assert [file.name for file in SOURCES if any(name.startswith("tests") for name in of(file))] == []


def test_imports_are_found_wherever_they_stand() -> None:
    source = """
import a.b as c, d
from e.f import g
from . import h
from .i import j
from .. import k
def later():
    import l
    if l:
        from m import n
importlib.import_module("o.p")
"""
    expected = {"a.b", "d", "e.f.g", "x.y.h", "x.y.i.j", "x.k", "l", "m.n", "o.p"}
    assert imports(source, ["x", "y"]) == expected
