"""The dialect of ZStack 5.2: exactly green with its waivers, exactly red without, and new faults show through."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from contract.kit.reference import Handle
from tests.farm import ROOT, Farm
from tests.runner.conftest import Launch
from tests.runner.started import access_key, left, lent

Given = Callable[[Handle], dict[str, str]]

TARGET = "reference:zstack-5.2"
WAIVED = {
    entry["clause"] for entry in tomllib.loads((ROOT / "contract/waivers/zstack-5.2.toml").read_text("utf-8"))["waiver"]
}


@pytest.mark.parametrize("depth", ["smoke", "gate"])
def test_green_with_its_waivers(fast_farm: Farm, tmp_path: Path, depth: str) -> None:
    run = fast_farm.run(tmp_path, "--target", TARGET, "--waivers", "zstack-5.2", "--depth", depth)
    assert run.status == 0, run.output
    assert run.results["footer"]["verdict"] == "conformant with waivers"
    assert run.states("waived") == WAIVED
    assert {row["clause"] for row in run.results["waivers"] if row["state"] == "used"} == WAIVED
    if depth == "gate":
        assert {row["state"] for row in run.results["waivers"]} == {"used"}


@pytest.mark.parametrize("given", [lent, access_key])
def test_green_however_the_run_proves_who_asks(fast_farm: Farm, tmp_path: Path, launched: Launch, given: Given) -> None:
    server = launched("zstack-5.2,zone=0")  # the zone that the suite signs its dates in
    options = ("--target", server.url, "--waivers", "zstack-5.2", "--depth", "smoke")
    run = fast_farm.run(tmp_path, *options, environ=given(server))
    assert run.status == 0, run.output
    assert left(server) == {}


def test_red_without_them(fast_farm: Farm, tmp_path: Path) -> None:
    run = fast_farm.run(tmp_path, "--target", TARGET)
    assert run.status == 1, run.output
    assert run.violated == WAIVED


@pytest.mark.parametrize(
    ("mutant", "clause"),
    [
        ("auth-no-header-accepted", "AUTH-001"),
        ("env-success-with-error", "ENV-001"),
        ("err-cause-string", "ERR-004"),
        ("path-echo-swapped", "PATH-001"),
        ("auth-session-echoed", "AUTH-011"),
    ],
)
def test_new_fault_shows_through_the_waivers(fast_farm: Farm, tmp_path: Path, mutant: str, clause: str) -> None:
    run = fast_farm.run(tmp_path, "--target", f"{TARGET}+{mutant}", "--waivers", "zstack-5.2", "--depth", "smoke")
    assert run.status == 1, run.output
    assert clause in run.violated, run.output
