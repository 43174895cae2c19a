"""The seed that a random run tells is the one that its properties draw from, so that the run can be had again."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PROBE = """
import pytest, sys

class Probe:
    def pytest_collection_finish(self, session):
        for plugin in session.config.pluginmanager.get_plugins():
            if hasattr(plugin, "run"):
                print("drawn from", plugin.run.properties.seed)

pytest.main(["contract", "--collect-only", *sys.argv[1:]], plugins=[Probe()])
"""


def drawn_from(*arguments: str) -> tuple[str, str]:
    """What a run tells of its seed, and the seed that its properties have."""
    command = [sys.executable, "-c", PROBE, *arguments]
    lines = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    told = next((line for line in lines if line.startswith("contract: seed ")), "")
    seed = next(line for line in lines if line.startswith("drawn from ")).removeprefix("drawn from ")
    return told, seed


def test_seed_of_a_night_is_told_and_drawn_from() -> None:
    told, seed = drawn_from("--depth", "nightly")
    assert int(seed) > 0
    assert f"--hypothesis-seed={seed}" in told


@pytest.mark.parametrize("seed", ["0", "12345"])
def test_given_seed_is_drawn_from(seed: str) -> None:
    assert drawn_from("--depth", "nightly", f"--hypothesis-seed={seed}")[1] == seed


def test_gate_is_the_same_without_a_seed() -> None:
    assert drawn_from("--depth", "gate")[1] == "0"
