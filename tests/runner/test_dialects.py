"""ZStack's dialects: exactly green with their waivers, exactly red without, and new faults show through."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from contract.kit.reference import Handle
from tests.farm import ROOT, Farm
from tests.runner.conftest import Launch
from tests.runner.started import access_key, left, lent

Given = Callable[[Handle], dict[str, str]]

DIALECTS = ["zstack-5.2", "zsvirt"]
ENTRIES = {
    name: tomllib.loads((ROOT / f"contract/waivers/{name}.toml").read_text("utf-8"))["waiver"] for name in DIALECTS
}
ALWAYS = {
    name: {entry["clause"] for entry in entries if "only_where" not in entry} for name, entries in ENTRIES.items()
}
WAIVED = {name: {entry["clause"] for entry in entries} for name, entries in ENTRIES.items()}


@pytest.mark.parametrize("depth", ["smoke", "gate"])
@pytest.mark.parametrize("dialect", DIALECTS)
def test_green_with_its_waivers(fast_farm: Farm, tmp_path: Path, dialect: str, depth: str) -> None:
    options = ("--target", f"reference:{dialect}", "--waivers", dialect, "--depth", depth)
    run = fast_farm.run(tmp_path, *options)
    assert run.status == 0, run.output
    assert run.results["footer"]["verdict"] == "conformant with waivers"
    used = {row["clause"] for row in run.results["waivers"] if row["state"] == "used"}
    assert run.states("waived") == used
    if depth == "gate":
        assert ALWAYS[dialect] <= used <= WAIVED[dialect]
        always = [row["state"] for row, entry in rows(run.results, dialect) if "only_where" not in entry]
        assert set(always) == {"used"}


def rows(results: dict[str, Any], dialect: str) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """What became of each entry."""
    return list(zip(results["waivers"], ENTRIES[dialect], strict=True))


@pytest.mark.parametrize("given", [lent, access_key])
@pytest.mark.parametrize("dialect", ["zstack-5.2", "zsvirt,access_keys=installed"])
def test_green_however_the_run_proves_who_asks(
    fast_farm: Farm, tmp_path: Path, launched: Launch, dialect: str, given: Given
) -> None:
    server = launched(dialect)
    options = ("--target", server.url, "--waivers", dialect.partition(",")[0], "--depth", "smoke")
    run = fast_farm.run(tmp_path, *options, environ=given(server))
    assert run.status == 0, run.output
    assert left(server) == {}


def test_a_read_only_run_blames_no_refused_request_for_what_a_granted_one_did(
    farm: Farm, tmp_path: Path, launched: Launch
) -> None:
    server = launched("zstack-5.2")
    options = ("--target", server.url, "--waivers", "zstack-5.2", "--depth", "smoke", "--read-only")
    run = farm.run(tmp_path, *options, environ=lent(server))
    assert run.status == 0, run.output
    assert "BODY-003" in run.states("waived")  # without `params` it is granted, and makes the association
    assert {"AUTH-005", "BODY-009"}.isdisjoint(run.violated | run.states("waived"))
    assert any("it was put back" in notice for notice in run.results["notices"])
    assert left(server) == {}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_red_without_them(fast_farm: Farm, tmp_path: Path, dialect: str) -> None:
    run = fast_farm.run(tmp_path, "--target", f"reference:{dialect}")
    assert run.status == 1, run.output
    assert ALWAYS[dialect] <= run.violated <= WAIVED[dialect]


@pytest.mark.parametrize(
    ("mutant", "clause"),
    [
        ("auth-no-header-accepted", "AUTH-001"),
        ("env-success-with-error", "ENV-001"),
        ("body-megabyte-crashes", "BODY-008"),
    ],
)
@pytest.mark.parametrize("dialect", DIALECTS)
def test_new_fault_shows_through_the_waivers(
    fast_farm: Farm, tmp_path: Path, dialect: str, mutant: str, clause: str
) -> None:
    # The job that never ends is waited for, and is another test's.
    target = f"reference:{dialect},fired=failure+{mutant}"
    run = fast_farm.run(tmp_path, "--target", target, "--waivers", dialect, "--depth", "smoke", "--clause", clause)
    assert run.status == 1, run.output
    assert run.violated == {clause}, run.output
