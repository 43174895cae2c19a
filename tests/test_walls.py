"""Who may import whom: read from the source, so that an import within a function counts too."""

from __future__ import annotations

import ast
import graphlib
import importlib
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[1]
KIT: Final = ROOT / "contract" / "kit"
SOURCES: Final = sorted((ROOT / "contract").rglob("*.py"))
MAY: Final = {
    "config": (),
    "description": ("config",),
    "exchange": (),
    "wire": ("config", "exchange"),
    "target": ("config", "description", "exchange", "wire"),
    "judge": ("config", "exchange"),
    "drive": ("config", "description", "exchange", "wire", "target"),
    "waive": ("config", "exchange", "judge"),
    "verdict": ("config", "exchange", "judge", "waive"),
    "report": ("config", "verdict"),
    "reference": (),
    "runner": (
        *("config", "description", "exchange", "wire", "target", "judge", "drive", "waive", "verdict", "report"),
        "reference",
    ),
    "soak": (
        *("config", "description", "exchange", "wire", "target", "judge", "drive", "waive", "verdict"),
        "runner",
    ),
}
"""The rooms of `contract/kit`, in the order of the flow, and what each may use."""
OPEN: Final = {"strategies", "dimensions", "rules", "by_schema"}
"""Doors of their own: each module of a collection, and the one whose library takes a second to import."""
BESIDE_THE_ROOMS: Final = {"__init__.py", "plugin.py", "shortened.py"}
OF_ALL: Final = ("__version__", "shortened")
"""Of what stands beside the rooms: what each of them may use."""
RULES_MAY: Final = ("contract.kit.judge", "contract.kit.exchange")
CONTRACT_MAY: Final = (
    "contract.kit.drive",
    "contract.kit.exchange",
    "contract.kit.target.UnusualPair",
    "contract.kit.target.Pair",
    "contract.kit.judge.broken_by_every_rule",
    "contract.kit.judge.FOLLOWED",  # how often a refusal is followed: the rule's own measure
)
STRATEGIES_MAY: Final = ("contract.kit.drive.strategies", "contract.kit.description", "contract.kit.shortened")
ONLY: Final = {
    "httpx": ("contract/kit/wire/",),
    "httpcore": ("contract/kit/wire/",),
    "allure_commons": ("contract/kit/report/",),
    "allure_pytest": ("contract/kit/report/",),
    "allure": ("contract/kit/report/",),
    "schemathesis": ("contract/kit/drive/by_schema.py",),
    "requests": ("contract/kit/drive/by_schema.py",),
    "starlette": ("contract/kit/reference/",),
    "uvicorn": ("contract/kit/reference/",),
    "jsonschema_rs": ("contract/kit/judge/described.py",),
    "jinja2": ("contract/kit/report/page/",),
    "markupsafe": ("contract/kit/report/",),
    "msgspec": ("contract/kit/config/loader.py",),
    "locust": ("contract/kit/soak/",),
    "gevent": ("contract/kit/soak/",),
    "hypothesis": (
        "contract/kit/drive/strategies/",
        "contract/kit/drive/by_schema.py",
        "contract/kit/drive/drive.py",
        "contract/kit/drive/machine.py",
        "contract/kit/drive/memory.py",
        "contract/kit/drive/properties.py",
        "contract/kit/drive/walks.py",
        "contract/test_",
    ),
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


@cache
def of(file: Path) -> set[str]:
    return imports(file.read_text(encoding="utf-8"), package_of(file))


@cache
def modules(file: Path) -> set[str]:
    """The modules that a file imports from, without the names."""
    return {
        node.module
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module is not None
    }


def is_behind_the_door(name: str) -> bool:
    """Return True if a name that is imported is a module which its package does not name in `__all__`."""
    package, _, last = name.rpartition(".")
    place = ROOT.joinpath(*name.split("."))
    if not (place.with_suffix(".py").exists() or (place / "__init__.py").exists()):
        return False
    return last not in getattr(importlib.import_module(package), "__all__", ())


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


@every("contract/kit/judge/rules/**/*.py")
def test_rules_know_evidence_and_the_standard_library_only(file: Path) -> None:
    names = of(file)
    assert {name for name in own(names) if not within(name, RULES_MAY)} == set()
    assert foreign(names) == set()


@every("contract/kit/exchange/*.py")
def test_evidence_knows_the_standard_library_only(file: Path) -> None:
    assert foreign(of(file)) == set()


@pytest.mark.parametrize("room", MAY)
def test_a_room_uses_only_what_it_may(room: str) -> None:
    used = {
        (str(file.relative_to(ROOT)), name)
        for file in files(f"contract/kit/{room}/**/*.py")
        for name in own(of(file))
        if not within(name, (f"contract.kit.{one}" for one in (room, *MAY[room], *OF_ALL)))
    }
    assert used == set()


@pytest.mark.parametrize("room", sorted(set(MAY) - {"runner", "soak"}))  # these are started, not used
def test_a_room_is_used_through_its_front_door(room: str) -> None:
    inside = KIT / room
    users = [file for file in SOURCES if inside not in file.parents]
    open_to_all = {f"contract.kit.{room}.{one.stem}" for one in inside.iterdir() if one.stem in OPEN}
    past_it = {
        (str(file.relative_to(ROOT)), module)
        for file in users
        for module in [*modules(file), *filter(is_behind_the_door, of(file))]
        if within(module, (f"contract.kit.{room}",))
        and module != f"contract.kit.{room}"
        and not within(module, open_to_all)
    }
    assert past_it == set()


def test_every_module_stands_in_a_room() -> None:
    assert {file.name for file in KIT.glob("*.py")} == BESIDE_THE_ROOMS
    assert {folder.name for folder in KIT.iterdir() if any(folder.glob("*.py"))} == set(MAY)


def test_no_arrow_runs_back_up() -> None:
    graphlib.TopologicalSorter(MAY).prepare()


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


@every("contract/kit/drive/strategies/**/*.py")
def test_strategies_know_the_description_and_hypothesis(file: Path) -> None:
    names = of(file)
    assert {name for name in own(names) if not within(name, STRATEGIES_MAY)} == set()
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
